// Package client speaks with a Parley server: it keeps a socket open, comes back after it broke, brings what
// was missed meanwhile, and sends messages until their outcome is known. A bot is a handler of events and
// whatever else it does; the example is a whole one.
//
// What the server promises, and what a client has to do for it, is in docs/protocol.md.
package client

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"sync"
	"time"

	"parley/chat"
)

// Options say whom a client speaks with, and how. Only URL and Token are needed.
type Options struct {
	// URL is the server's address, as https://chat.example.com.
	URL string
	// Token is what SignIn gave, or a program's own: docs/tokens.md.
	Token string
	// Renew, when given, signs in again after the session ended: the client goes on with another token, and
	// with what waited to be sent. Without it the client ends then.
	Renew func(ctx context.Context) (token string, err error)

	// OnEvent gets what happens, one after the other, from one goroutine: a value of a type in
	// chat.ServerEvents, or a Reset or Disconnected. It may call every method but Close. While it runs,
	// events wait; when too many do, the client comes back and asks for what it missed.
	OnEvent func(c *Client, event any)

	// Wait tells how long to wait before coming back; Backoff when nil. attempt counts from 0 since
	// something went well.
	Wait func(why Comeback, attempt int) time.Duration
	// MaxWaiting is how many messages may wait to be acknowledged; 1,000 when zero.
	MaxWaiting int
	// MaxUnderWay is how many of them are on their way at once; 16 when zero, and never more than the
	// server allows a socket.
	MaxUnderWay int

	// Dial opens connections in place of a net.Dialer.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
	// Trace, when given, sees what travels.
	Trace *Trace
}

// Trace sees every line that travels on a socket. Sockets of a client are numbered from 1. Opened comes
// before everything else of a socket and Closed after it; received lines come in order, from one goroutine
// a socket, and sent ones in order, before they are written.
type Trace struct {
	Opened   func(socket int)
	Sent     func(socket int, line []byte)
	Received func(socket int, line []byte)
	Closed   func(socket int, err error)
}

// Reset tells that the server's history is not the one that was known: what was kept of the room, or of
// every room when Room is zero, has to be dropped and loaded anew. Events that follow are changes after Rev.
type Reset struct {
	Room chat.RoomID
	Rev  int64
}

// Disconnected tells that a socket ended, or could not be opened.
type Disconnected struct {
	Err error
	// Wait is the time until the next attempt. There is none when Why is Never.
	Wait time.Duration
	Why  Comeback
}

// Reasons for which something was not done, or may not have been.
var (
	ErrOffline = errors.New("there is no socket: nothing was sent")
	ErrUnknown = errors.New("the answer did not come: the outcome is unknown")
	ErrFull    = errors.New("too many messages wait to be acknowledged")
	ErrClosed  = errors.New("the client is closed")
)

// Client is one session's live connection. Its methods are safe from any goroutine.
type Client struct {
	options Options
	server  *url.URL
	http    *http.Client

	ctx     context.Context
	cancel  context.CancelFunc
	done    chan struct{}
	err     error // why it ended; read after done
	outbox  outbox
	pumping sync.WaitGroup

	mu     sync.Mutex
	socket *socket // open and welcomed; nil while away
	token  string

	// Below belongs to the goroutine that runs.
	sockets int
	epoch   string
	rooms   map[chat.RoomID]*position
}

// Open starts a client that runs until ctx ends, Close is called, or the server says not to come back. It
// does not wait for a socket.
func Open(ctx context.Context, options Options) (*Client, error) {
	server, err := serverURL(options.URL)
	if err != nil {
		return nil, err
	}
	if options.Wait == nil {
		options.Wait = Backoff
	}
	if options.MaxWaiting == 0 {
		options.MaxWaiting = 1000
	}
	if options.MaxUnderWay == 0 {
		options.MaxUnderWay = 16
	}
	if options.OnEvent == nil {
		options.OnEvent = func(*Client, any) {}
	}
	if options.Trace == nil {
		options.Trace = &Trace{}
	}
	c := &Client{
		options: options, server: server, done: make(chan struct{}), rooms: map[chat.RoomID]*position{},
		http: &http.Client{
			Transport: &http.Transport{Proxy: http.ProxyFromEnvironment, DialContext: options.Dial},
		},
		outbox: outbox{limit: options.MaxWaiting, wake: make(chan struct{}, 1)}, token: options.Token,
	}
	c.ctx, c.cancel = context.WithCancel(ctx)
	c.pumping.Go(func() { c.outbox.pump(c.ctx) })
	go c.run()
	return c, nil
}

// Close ends the client and waits for its goroutines. Messages that were not acknowledged end with
// ErrClosed; they may have been stored.
func (c *Client) Close() {
	c.cancel()
	<-c.done
}

// Done is closed once the client has ended.
func (c *Client) Done() <-chan struct{} { return c.done }

// Err tells why the client ended: the context's error, or how the server closed the last socket. It is
// nil before that.
func (c *Client) Err() error {
	select {
	case <-c.done:
		return c.err
	default:
		return nil
	}
}

// Online tells whether there is a socket now.
func (c *Client) Online() bool { return c.current() != nil }

func (c *Client) run() {
	defer close(c.done)
	attempt, signedOut := 0, false
	for c.err == nil {
		welcomed, err := c.serve(signedOut)
		if c.ctx.Err() != nil {
			c.err = context.Cause(c.ctx)
			break
		}
		if welcomed && !c.outbox.failing() {
			attempt = 0
		}
		signedOut = sessionEnded(err)
		end := c.after(err, attempt)
		c.options.OnEvent(c, end)
		if end.Why == Never {
			c.err = err
			break
		}
		attempt++
		select {
		case <-time.After(end.Wait):
		case <-c.ctx.Done():
		}
	}
	c.cancel()
	c.pumping.Wait()
	c.outbox.end(fmt.Errorf("%w: %w", ErrClosed, c.err))
	c.http.CloseIdleConnections()
}

// after decides what follows the end of a socket.
func (c *Client) after(err error, attempt int) Disconnected {
	end := Disconnected{Err: err, Why: comebackAfter(err, c.options.Renew != nil)}
	var again *sendAgainError
	switch {
	case end.Why == Never:
	case errors.As(err, &again) && again.after > 0:
		end.Wait = jitter(again.after)
	default:
		end.Wait = c.options.Wait(end.Why, attempt)
	}
	return end
}

// serve opens a socket and takes its events until it ends. It tells whether there was a welcome.
func (c *Client) serve(renew bool) (welcomed bool, err error) {
	if renew {
		token, err := c.options.Renew(c.ctx)
		if err != nil {
			return false, &renewError{err}
		}
		c.mu.Lock()
		c.token = token
		c.mu.Unlock()
	}
	c.sockets++
	s, err := c.dial(c.sockets)
	if err != nil {
		return false, err
	}
	stop := context.AfterFunc(c.ctx, func() { s.fail(ErrClosed) })
	defer stop()
	for frame := range s.events {
		event := decode(frame)
		if welcome, ok := event.(chat.Welcome); ok {
			welcomed = true
			c.welcome(s, welcome)
		} else if event != nil {
			c.take(s, event)
		}
	}
	c.setSocket(nil)
	c.outbox.detach(s)
	return welcomed, s.err
}

// welcome begins a socket: what was missed comes before what is new.
func (c *Client) welcome(s *socket, w chat.Welcome) {
	if c.epoch != "" && c.epoch != w.Epoch {
		clear(c.rooms)
		c.options.OnEvent(c, Reset{})
	}
	c.epoch = w.Epoch
	c.setSocket(s)
	c.options.OnEvent(c, w)
	c.outbox.attach(s, min(c.options.MaxUnderWay, w.Limits.SocketWrites))
	c.catchUp(s, c.missedRooms(w))
}

func (c *Client) bearer() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.token
}

func (c *Client) current() *socket {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.socket
}

func (c *Client) setSocket(s *socket) {
	c.mu.Lock()
	c.socket = s
	c.mu.Unlock()
}
