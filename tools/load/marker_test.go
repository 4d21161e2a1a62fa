package load

import (
	"strings"
	"testing"
	"time"
)

func TestAMarkerIsReadAsItWasWritten(t *testing.T) {
	t.Parallel()
	start := markerStart(0xdeadbeef)
	for _, m := range []marker{
		{},
		{1, 2, 3, time.Minute},
		{maxRooms - 1, maxSenders - 1, 1<<32 - 1, 1<<48 - 1},
	} {
		for _, size := range []int{MinTextBytes, MinTextBytes + 1, 500} {
			text := string(appendText(nil, start, m, size))
			rest, ok := strings.CutPrefix(text, start)
			if len(text) != size || !ok {
				t.Fatalf("got %q, want %d bytes", text, size)
			}
			if got, ok := readMarker([]byte(rest)); !ok || got != m {
				t.Errorf("got %+v, %v, want %+v", got, ok, m)
			}
		}
	}
}

func TestWhatIsNoMarkerIsNotRead(t *testing.T) {
	t.Parallel()
	good := string(appendText(nil, "", marker{1, 2, 3, 4}, tailDigits))
	upper := strings.Replace(good, "1", "A", 1)
	for _, bad := range []string{"", good[1:], upper, "-" + good[1:], " " + good[1:]} {
		if m, ok := readMarker([]byte(bad)); ok {
			t.Errorf("%q was read as %+v", bad, m)
		}
	}
}
