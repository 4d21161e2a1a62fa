// The proxy stands between one client and the server. It does to their connections what a bad network would
// do.

package check

import (
	"context"
	"errors"
	"io"
	"net"
	"sync"
	"time"
)

const (
	trickleBytes = 512
	trickleEvery = 20 * time.Millisecond
)

// proxy carries the connections of one client. Its methods are safe from any goroutine.
type proxy struct {
	listener net.Listener
	upstream func() string
	running  sync.WaitGroup

	mu      sync.Mutex
	pipes   map[*pipe]struct{}
	resumed chan struct{} // closed unless the proxy is paused
	trickle bool
}

// pipe is one connection through the proxy.
type pipe struct {
	client, server *net.TCPConn
	ended          chan struct{}
	end            func()
}

// newProxy listens for the connections of one client. upstream returns the server's present address.
func newProxy(ctx context.Context, upstream func() string) (*proxy, error) {
	var config net.ListenConfig
	ln, err := config.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	p := &proxy{
		listener: ln, upstream: upstream, pipes: map[*pipe]struct{}{}, resumed: make(chan struct{}),
	}
	close(p.resumed)
	p.running.Go(p.accept)
	return p, nil
}

// url is the server's address for the client.
func (p *proxy) url() string { return "http://" + p.listener.Addr().String() }

// close ends all connections and waits for its goroutines.
func (p *proxy) close() error {
	err := p.listener.Close()
	p.heal()
	p.cut()
	p.running.Wait()
	return err
}

func (p *proxy) accept() {
	for {
		conn, err := p.listener.Accept()
		if err != nil {
			return // the listener is closed
		}
		p.running.Go(func() { p.serve(conn.(*net.TCPConn)) }) // a TCP listener returns no other type
	}
}

func (p *proxy) serve(client *net.TCPConn) {
	defer client.Close()
	up, err := (&net.Dialer{Control: narrow}).Dial("tcp", p.upstream())
	if err != nil {
		return // the server is down
	}
	defer up.Close()
	way := &pipe{client: client, server: up.(*net.TCPConn), ended: make(chan struct{})}
	way.end = sync.OnceFunc(func() { close(way.ended) })
	p.mu.Lock()
	p.pipes[way] = struct{}{}
	p.mu.Unlock()
	var both sync.WaitGroup
	both.Go(func() { p.copy(way, way.server, way.client) })
	both.Go(func() { p.copy(way, way.client, way.server) })
	both.Wait()
	p.mu.Lock()
	delete(p.pipes, way)
	p.mu.Unlock()
}

// copy carries bytes in one direction until its source ends, and then closes the other end for writing. When
// the source breaks, copy ends both directions.
func (p *proxy) copy(way *pipe, to, from *net.TCPConn) {
	buffer := make([]byte, 8<<10)
	for {
		n, err := from.Read(buffer)
		if err == nil {
			err = p.carry(way, to, buffer[:n])
		}
		if errors.Is(err, io.EOF) {
			to.CloseWrite() // it may have ended too
			return
		}
		if err != nil {
			way.end()
			to.Close()
			from.Close()
			return
		}
	}
}

func (p *proxy) carry(way *pipe, to *net.TCPConn, bytes []byte) error {
	for len(bytes) > 0 {
		p.mu.Lock()
		resumed, trickle := p.resumed, p.trickle
		p.mu.Unlock()
		select {
		case <-resumed:
		case <-way.ended:
			return net.ErrClosed
		}
		n := len(bytes)
		if trickle {
			n = min(n, trickleBytes)
			time.Sleep(trickleEvery)
		}
		if _, err := to.Write(bytes[:n]); err != nil {
			return err
		}
		bytes = bytes[n:]
	}
	return nil
}

// pause stops all bytes until heal is called.
func (p *proxy) pause() {
	p.mu.Lock()
	defer p.mu.Unlock()
	select {
	case <-p.resumed:
		p.resumed = make(chan struct{})
	default: // it is paused already
	}
}

// slow lets only a few bytes through at a time until heal is called.
func (p *proxy) slow() {
	p.mu.Lock()
	p.trickle = true
	p.mu.Unlock()
}

// heal lets all bytes through again.
func (p *proxy) heal() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.trickle = false
	select {
	case <-p.resumed:
	default:
		close(p.resumed)
	}
}

// cut closes the connections, as a program does.
func (p *proxy) cut() {
	p.each(func(way *pipe) {
		way.end()
		way.client.Close()
		way.server.Close()
	})
}

// reset resets the connections, as a machine does that does not know them. Bytes under way are lost.
func (p *proxy) reset() {
	p.each(func(way *pipe) {
		way.end()
		for _, conn := range []*net.TCPConn{way.client, way.server} {
			conn.SetLinger(0) // fails only on a closed connection
			conn.Close()
		}
	})
}

// halfClose tells the server that the client will send no more. The other direction stays open.
func (p *proxy) halfClose() {
	p.each(func(way *pipe) { way.server.CloseWrite() })
}

func (p *proxy) each(act func(*pipe)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for way := range p.pipes {
		act(way)
	}
}
