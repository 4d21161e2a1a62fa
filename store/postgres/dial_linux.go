package postgres

import (
	"syscall"
	"time"
)

// userTimeout is TCP_USER_TIMEOUT of linux/tcp.h, which package syscall does not name.
const userTimeout = 18

// giveUp has the system give a connection up whose other side acknowledges nothing for some time. Without it that takes a
// quarter of an hour, when a machine is gone without a word.
func giveUp(_, _ string, conn syscall.RawConn) error {
	var err error
	control := conn.Control(func(fd uintptr) {
		err = syscall.SetsockoptInt(int(fd), syscall.IPPROTO_TCP, userTimeout, int(silent/time.Millisecond))
	})
	if control != nil {
		return control
	}
	return err
}
