// Linux: connections with small buffers, so that a client that does not read is soon noticed.

package check

import "syscall"

// enough is more bytes than the server's outbox and the system's buffers hold for a narrow connection.
const enough = 1 << 20

// narrow makes the system buffer little on either side of a connection, so that the server soon notices when
// nobody reads. The server's side buffers in proportion to the size of segments, which the other side may
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
