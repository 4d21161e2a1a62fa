package main

import (
	"bytes"
	"testing"
	"testing/synctest"
	"time"
)

func TestProgressIsShownWhenItTakesLong(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out bytes.Buffer
		progress := showProgress(&out, time.Now)
		for done := range 4 {
			progress(1000*done, 4000)
			time.Sleep(600 * time.Millisecond) // of the bubble's clock
		}
		if want := "copied 2000 of 4000 pages, 50 %\n"; out.String() != want {
			t.Errorf("got %q, want %q", out.String(), want)
		}
	})
}
