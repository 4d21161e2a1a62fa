package hijack

import (
	"errors"
	"net"
	"sync/atomic"
	"testing"
	"time"
)

// What comes after too much is read slowly, so that sending it takes its sender as long.
func TestWhatIsDroppedIsReadSlowly(t *testing.T) {
	t.Parallel()
	near, far := net.Pipe()
	full, ended := make(chan struct{}), make(chan error, 1)
	few := &Few{Conn: near, Known: new(atomic.Bool), Full: func() { close(full) }}
	go func() {
		_, err := few.Read(make([]byte, 1))
		ended <- err
	}()
	<-full
	const pieces = 20
	began := time.Now()
	for range pieces {
		if _, err := far.Write(make([]byte, 16<<10)); err != nil {
			t.Fatal(err)
		}
	}
	if took := time.Since(began); took < (pieces-1)*dropPause {
		t.Errorf("%d pieces were dropped within %s, want at least %s", pieces, took, (pieces-1)*dropPause)
	}
	far.Close()
	if err := <-ended; err == nil || errors.Is(err, errTooMuch) {
		t.Errorf("reading ended with %v, want the end of the connection", err)
	}
}
