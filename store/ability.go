// Whether the server can store, which anybody may ask as often as they like: it is known from what the writer does
// anyway.

package store

import (
	"errors"
	"sync"
	"time"

	"parley/chat"
)

const (
	tryIdle  = time.Minute     // so long after the newest attempt to store, the writer tries by itself
	tryAgain = 5 * time.Second // … and after one that failed
	hangs    = 5 * time.Second // a disk that has not answered for so long cannot store
)

// ability is what the writer has noted. Its methods may be called from any goroutine.
type ability struct {
	now func() time.Time // which a test sets

	mu    sync.Mutex
	began time.Time // of the attempt under way, or of its part since the disk last answered; zero when there is none
	ended time.Time // of the newest attempt
	err   error     // why that failed
	// failing is when the first attempt failed after the newest that succeeded; zero when there is none.
	failing time.Time
}

func newAbility() *ability { return &ability{now: time.Now, ended: time.Now()} }

func (a *ability) begin() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.began = a.now()
}

func (a *ability) end() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.began = time.Time{}
}

// note says how an attempt to store something ended.
func (a *ability) note(err error) {
	if errors.Is(err, errGone) {
		err = errGone
	} else if err != nil {
		err = errCannotStore
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.ended, a.err = a.now(), err
	if err == nil {
		a.failing = time.Time{}
	} else if a.failing.IsZero() {
		a.failing = a.ended
	}
	if !a.began.IsZero() { // a batch whose writes are tried one by one has an answer for each
		a.began = a.ended
	}
}

// failingSince returns since when every attempt has failed; zero while the newest succeeded. An attempt that hangs counts
// from its beginning.
func (a *ability) failingSince() time.Time {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.failing.IsZero() && !a.began.IsZero() && a.now().Sub(a.began) >= hangs {
		return a.began
	}
	return a.failing
}

// due tells whether the writer has to try by itself.
func (a *ability) due() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	wait := tryIdle
	if a.err != nil {
		wait = tryAgain
	}
	return a.now().Sub(a.ended) >= wait
}

func (a *ability) state() error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.err == nil && !a.began.IsZero() && a.now().Sub(a.began) >= hangs {
		return errCannotStore
	}
	return a.err
}

var errCannotStore = chat.Errorf(chat.Unavailable, "the server cannot store anything now")

// Away returns for how long a database server has not been there; 0 while it is, and for a file, which can still be read
// when nothing can be stored.
func (st *Store) Away() time.Duration {
	since := st.writer.ability.failingSince()
	if since.IsZero() || !st.engine.isServer() {
		return 0
	}
	return time.Since(since)
}

// Ready tells whether the newest attempt to store something succeeded. Nothing is stored because somebody asks, and
// nobody waits for the disk. It fails with Unavailable, also while the disk has not answered for 5 seconds, and once the
// store closes.
func (st *Store) Ready() error {
	if st.closing.Load() {
		return errClosing
	}
	return st.writer.ability.state()
}
