// Writing without waiting, on systems that tell how much they took.

//go:build unix

package main

import "syscall"

// try writes what the system takes at once.
func (w *wireConn) try(p []byte) (n int, err error) {
	if w.raw == nil {
		return 0, nil
	}
	failed := w.raw.Write(func(fd uintptr) bool {
		n, err = syscall.Write(int(fd), p)
		for err == syscall.EINTR {
			n, err = syscall.Write(int(fd), p)
		}
		return true // do not wait until it can be written
	})
	if err == syscall.EAGAIN {
		return 0, nil
	}
	if failed != nil {
		return 0, failed
	}
	return max(n, 0), err
}
