// Connections that hold little, so that one who does not read is noticed.

package check

import "syscall"

// enough is more than the server's outbox and what the system takes on the way to a narrow connection.
const enough = 1 << 20

// narrow makes a connection of which the system buffers little on either side, so that the server notices
// soon when nobody reads: the server's side buffers by the size of segments, which the other side may
// choose.
func narrow(_, _ string, conn syscall.RawConn) error {
	const segment, window = 1400, 4096
	var err error
	controlErr := conn.Control(func(fd uintptr) {
		err = syscall.SetsockoptInt(int(fd), syscall.IPPROTO_TCP, syscall.TCP_MAXSEG, segment)
		if err == nil {
			err = syscall.SetsockoptInt(int(fd), syscall.SOL_SOCKET, syscall.SO_RCVBUF, window)
		}
	})
	if controlErr != nil {
		return controlErr
	}
	return err
}
