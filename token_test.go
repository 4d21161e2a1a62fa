package main

import (
	"testing"
	"time"
)

func TestNoLifeIsRoundedToNone(t *testing.T) {
	t.Parallel()
	for life, want := range map[time.Duration]int64{
		0: 0, 1: 1, time.Millisecond: 1, time.Second: 1, 1500 * time.Millisecond: 2, 720 * time.Hour: 2_592_000, -1: -1, -time.Hour: -3600,
	} {
		if got := wholeSeconds(life); got != want {
			t.Errorf("%v is %d seconds, want %d", life, got, want)
		}
	}
}
