// Writing without waiting, on systems that tell how much they took.

//go:build unix

package rooms

import "syscall"

// attempt is a write that does not wait: what is to be written, and what came of it. It stays with its
// connection, since a function made for each write would be garbage after it.
type attempt struct {
	p    []byte
	n    int
	err  error
	made func(fd uintptr) // make, bound once
}

// try writes what the system takes at once. Only one goroutine may try at a time.
func (w *wireConn) try(p []byte) (n int, err error) {
	if w.raw == nil {
		return 0, nil
	}
	a := &w.now
	if a.made == nil {
		a.made = a.make
	}
	a.p = p
	failed := w.raw.Control(a.made)
	a.p = nil
	if failed != nil {
		return 0, failed
	}
	if a.err == syscall.EAGAIN {
		return 0, nil
	}
	return max(a.n, 0), a.err
}

func (a *attempt) make(fd uintptr) {
	for {
		a.n, a.err = syscall.Write(int(fd), a.p)
		if a.err != syscall.EINTR {
			return
		}
	}
}
