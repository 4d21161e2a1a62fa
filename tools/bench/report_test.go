package bench

import (
	"strings"
	"testing"
	"time"
)

func TestATableIsForPeople(t *testing.T) {
	t.Parallel()
	shown := &table{}
	shown.text("Fan-out:")
	shown.text("")
	shown.row("messages", grouped(1234567)+" a second")
	shown.row("… in a frame", sizeOf(1536))
	shown.row("half within", millis(1234*time.Microsecond).String())
	var out strings.Builder
	if err := shown.write(&out); err != nil {
		t.Fatal(err)
	}
	want := `Fan-out:

  messages       1,234,567 a second
  … in a frame              1.5 KiB
  half within               1.23 ms
`
	if out.String() != want {
		t.Errorf("got\n%swant\n%s", out.String(), want)
	}
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1,000", -1000: "-1,000", 12345: "12,345"} {
		if got := grouped(n); got != want {
			t.Errorf("%d is written %s", n, got)
		}
	}
}
