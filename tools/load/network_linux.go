// Linux: all connections are on one epoll set, without a goroutine or a buffer for each.

package load

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"syscall"
	"time"
)

const (
	readBuffer = 256 << 10
	eventBatch = 1024

	// bindAddressNoPort (IP_BIND_ADDRESS_NO_PORT) makes connect choose the port, which may then be one that
	// is in use towards another server.
	bindAddressNoPort = 24
)

type epoll struct {
	fd     int
	server *net.TCPAddr
	links  []*link // by id
	events []syscall.EpollEvent
	buffer []byte
}

func newNetwork(server *net.TCPAddr) (network, error) {
	fd, err := syscall.EpollCreate1(syscall.EPOLL_CLOEXEC)
	if err != nil {
		return nil, os.NewSyscallError("epoll_create1", err)
	}
	return &epoll{
		fd: fd, server: server, events: make([]syscall.EpollEvent, eventBatch), buffer: make([]byte, readBuffer),
	}, nil
}

func (e *epoll) dial(l *link, source net.IP) error {
	family, address := sockaddr(e.server.IP, e.server.Port)
	fd, err := syscall.Socket(family, syscall.SOCK_STREAM|syscall.SOCK_NONBLOCK|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		return os.NewSyscallError("socket", err)
	}
	l.fd, l.open = fd, true
	for len(e.links) <= l.id {
		e.links = append(e.links, nil)
	}
	e.links[l.id] = l
	syscall.SetsockoptInt(fd, syscall.IPPROTO_TCP, syscall.TCP_NODELAY, 1)
	if source != nil {
		syscall.SetsockoptInt(fd, syscall.IPPROTO_IP, bindAddressNoPort, 1)
		_, from := sockaddr(source, 0)
		if err := syscall.Bind(fd, from); err != nil {
			return os.NewSyscallError("bind", err)
		}
	}
	if err := syscall.Connect(fd, address); err != nil && !errors.Is(err, syscall.EINPROGRESS) {
		return os.NewSyscallError("connect", err)
	}
	l.wants = syscall.EPOLLOUT
	return e.control(syscall.EPOLL_CTL_ADD, l)
}

func sockaddr(ip net.IP, port int) (family int, address syscall.Sockaddr) {
	if four := ip.To4(); four != nil || ip == nil {
		in := &syscall.SockaddrInet4{Port: port}
		copy(in.Addr[:], four)
		return syscall.AF_INET, in
	}
	in := &syscall.SockaddrInet6{Port: port}
	copy(in.Addr[:], ip.To16())
	return syscall.AF_INET6, in
}

func (e *epoll) control(op int, l *link) error {
	event := syscall.EpollEvent{Events: l.wants, Fd: int32(l.id)}
	return os.NewSyscallError("epoll_ctl", syscall.EpollCtl(e.fd, op, l.fd, &event))
}

func (e *epoll) want(l *link, events uint32) error {
	if l.wants == events {
		return nil
	}
	l.wants = events
	return e.control(syscall.EPOLL_CTL_MOD, l)
}

func (e *epoll) write(l *link, b []byte) error {
	if len(l.unsent) == 0 {
		n, err := writeSome(l.fd, b)
		if err != nil || n == len(b) {
			return err
		}
		b = b[n:]
	}
	l.unsent = append(l.unsent, b...)
	return e.want(l, l.wants|syscall.EPOLLOUT)
}

func writeSome(fd int, b []byte) (int, error) {
	for {
		n, err := syscall.Write(fd, b)
		switch {
		case errors.Is(err, syscall.EINTR):
		case errors.Is(err, syscall.EAGAIN):
			return 0, nil
		case err != nil:
			return 0, os.NewSyscallError("write", err)
		default:
			return n, nil
		}
	}
}

func (e *epoll) read(l *link, on bool) error {
	if on {
		return e.want(l, l.wants|syscall.EPOLLIN)
	}
	return e.want(l, l.wants&^syscall.EPOLLIN)
}

// hangUp resets the connection, so that its port is free at once.
func (e *epoll) hangUp(l *link) {
	if !l.open {
		return
	}
	l.open = false
	e.links[l.id] = nil
	syscall.SetsockoptLinger(l.fd, syscall.SOL_SOCKET, syscall.SO_LINGER, &syscall.Linger{Onoff: 1})
	syscall.Close(l.fd)
}

// poll reads what there is, and then sleeps for the rest of the time, so that no write of the server has to
// wake it.
func (e *epoll) poll(wait time.Duration, tell func(*link, []byte, error)) error {
	began := time.Now()
	n, err := syscall.EpollWait(e.fd, e.events, 0)
	if err != nil && !errors.Is(err, syscall.EINTR) {
		return os.NewSyscallError("epoll_wait", err)
	}
	for _, event := range e.events[:max(n, 0)] {
		if l := e.links[event.Fd]; l != nil {
			e.handle(l, event.Events, tell)
		}
	}
	if rest := wait - time.Since(began); n < len(e.events) && rest > 0 {
		pause := syscall.NsecToTimespec(int64(rest))
		syscall.Nanosleep(&pause, nil) // time.Sleep would wait at least a millisecond
	}
	return nil
}

func (e *epoll) handle(l *link, events uint32, tell func(*link, []byte, error)) {
	if events&syscall.EPOLLOUT != 0 || l.wants == syscall.EPOLLOUT {
		if err := e.writable(l, tell); err != nil {
			tell(l, nil, err)
			return
		}
	}
	const ended = syscall.EPOLLHUP | syscall.EPOLLERR
	switch {
	case !l.open:
	case l.wants&syscall.EPOLLIN != 0 && events&(syscall.EPOLLIN|ended) != 0:
		data, err := e.readSome(l.fd)
		if len(data) > 0 || err != nil {
			tell(l, data, err)
		}
	case events&ended != 0:
		tell(l, nil, io.ErrUnexpectedEOF)
	}
}

// writable continues with what waits to be written. The first time, it finishes connecting.
func (e *epoll) writable(l *link, tell func(*link, []byte, error)) error {
	if l.wants == syscall.EPOLLOUT {
		code, err := syscall.GetsockoptInt(l.fd, syscall.SOL_SOCKET, syscall.SO_ERROR)
		if err == nil && code != 0 {
			err = syscall.Errno(code)
		}
		if err != nil {
			return fmt.Errorf("connect: %w", err)
		}
		if err := e.want(l, syscall.EPOLLIN); err != nil {
			return err
		}
		tell(l, nil, nil)
		return nil
	}
	n, err := writeSome(l.fd, l.unsent)
	if err != nil {
		return err
	}
	if l.unsent = l.unsent[n:]; len(l.unsent) > 0 {
		return nil
	}
	l.unsent = nil
	return e.want(l, l.wants&^syscall.EPOLLOUT)
}

// readSome returns the result of one read, in the buffer that all connections share; nothing when there is
// nothing to read.
func (e *epoll) readSome(fd int) ([]byte, error) {
	n, err := syscall.Read(fd, e.buffer)
	switch {
	case errors.Is(err, syscall.EAGAIN), errors.Is(err, syscall.EINTR):
		return nil, nil
	case err != nil:
		return nil, os.NewSyscallError("read", err)
	case n == 0:
		return nil, io.EOF
	}
	return e.buffer[:n], nil
}

func (e *epoll) close() {
	for _, l := range e.links {
		if l != nil {
			e.hangUp(l)
		}
	}
	syscall.Close(e.fd)
}
