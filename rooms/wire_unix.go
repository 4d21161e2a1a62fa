// Writing without waiting, on systems that tell how many bytes they took.

//go:build unix

package rooms

import "syscall"

// attempt is one write that does not wait: the bytes to write, and the result. Each connection keeps one and
// uses it again, since a function value made for each write would be garbage after it.
type attempt struct {
	p    []byte
	n    int
	err  error
	made func(fd uintptr) // the method make as a function value
}

// try writes as many bytes of p as the system takes at once, and returns how many that were. Only one
// goroutine may call it at a time.
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

// make calls write on the connection's file descriptor, again when a signal interrupts it.
func (a *attempt) make(fd uintptr) {
	for {
		a.n, a.err = syscall.Write(int(fd), a.p)
		if a.err != syscall.EINTR {
			return
		}
	}
}
