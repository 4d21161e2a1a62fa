// Package client talks to a Parley server. It keeps a socket open, reconnects after the socket broke, fetches
// what was missed meanwhile, and sends each message until its outcome is known. A bot is a handler of events
// plus its own work; the package's example is a complete bot.
//
// docs/protocol.md says what the server promises, and what a client has to do for it.
package client

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"time"

	"parley/chat"
)

// Options say which server a client talks to, and how. Only URL and Token are required.
type Options struct {
	// URL is the server's address, such as https://chat.example.com.
	URL string
	// Token is the token that SignIn returned, or one made for a program: docs/tokens.md.
	Token string
	// Renew, if set, signs in again after the session ended. The client then goes on with the new token and
	// still sends the messages that are queued. Without Renew the client ends when its session does.
	Renew func(ctx context.Context) (token string, err error)

	// WholeMessages has a reaction come as a chat.MessageChanged with the whole message. Without it, it comes
	// as a chat.ReactionChanged, or as a ReactionsChanged for reactions that were missed; a handler that keeps
	// messages calls their Apply.
	WholeMessages bool

	// OnEvent is called for each event, one after the other, from one goroutine. The event is a value of a
	// type in chat.ServerEvents, or a ReactionsChanged, a Reset or a Disconnected. OnEvent may call every method of
	// the client but Close. Events wait while it runs; when too many wait, the client reconnects and asks for what
	// it missed.
	OnEvent func(c *Client, event any)

	// Wait returns how long to wait before reconnecting; nil means Backoff. attempt counts from 0 and starts
	// again after a success.
	Wait func(why Comeback, attempt int) time.Duration
	// MaxWaiting is how many messages may wait for an acknowledgment; 0 means 1,000.
	MaxWaiting int
	// MaxUnderWay is how many of them may be under way at once; 0 means 16. The limit that the server sets
	// for a socket also applies.
	MaxUnderWay int

	// Dial opens connections; nil means a net.Dialer.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
	// Trace, if set, sees every line sent and received.
	Trace *Trace
}

// Trace sees every line that travels on a client's sockets, which are numbered from 1. Opened is called
// before everything else about a socket and Closed after everything else. Received is called in the order of
// the lines, from one goroutine for each socket; Sent in the order of the lines, before each is written.
type Trace struct {
	Opened   func(socket int)
	Sent     func(socket int, line []byte)
	Received func(socket int, line []byte)
	Closed   func(socket int, err error)
}

// Reset says that the server's history is not the one the client knew: whatever the program kept of the room,
// or of every room when Room is zero, has to be dropped and loaded again. The events that follow are changes
// after Rev.
type Reset struct {
	Room chat.RoomID
	Rev  int64
}

// ReactionsChanged says what the reactions to a message are, after the client missed how they came about. The
// text of the message is as the last event about the message said. A handler that does not keep the message
// has nothing to do; one that keeps it and finds that Apply returns false loads it: see Message.
type ReactionsChanged struct {
	Room chat.RoomID
	chat.MessageReactions
}

// Disconnected says that a socket ended, or could not be opened.
type Disconnected struct {
	Err error
	// Wait is the time until the next attempt. There is no next attempt when Why is Never.
	Wait time.Duration
	Why  Comeback
}

// The errors of requests and messages that failed, or whose outcome is unknown.
var (
	ErrOffline = errors.New("there is no socket: nothing was sent")
	ErrUnknown = errors.New("the answer did not come: the outcome is unknown")
	ErrFull    = errors.New("too many messages wait to be acknowledged")
	ErrClosed  = errors.New("the client is closed")
)

// Client is the live connection of one session. Its methods are safe from any goroutine.
type Client struct {
	options Options
	server  *url.URL
	http    *http.Client

	ctx     context.Context
	cancel  context.CancelFunc
	done    chan struct{}
	err     error // why the client ended; read only after done is closed
	outbox  outbox
	pumping sync.WaitGroup

	mu     sync.Mutex
	socket *socket // open and welcomed; nil while there is none
	token  string
	unread chat.Unread

	// The fields below belong to the goroutine of run.
	sockets int
	epoch   string
	lastRun string // of the server, as the last welcome says
	rooms   map[chat.RoomID]*position
}

// Open starts a client and does not wait for its socket. The client runs until ctx ends, Close is called, or
// the server says not to come back. Open fails only when the URL is not a server's address.
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

// Close ends the client and waits for its goroutines. A message that was not acknowledged ends with
// ErrUnknown and ErrClosed: it may have been stored.
func (c *Client) Close() {
	c.cancel()
	<-c.done
}

// Done is closed once the client has ended.
func (c *Client) Done() <-chan struct{} { return c.done }

// Err is why the client ended: the context's error, or how the server closed the last socket. It is nil until
// the client has ended.
func (c *Client) Err() error {
	select {
	case <-c.done:
		return c.err
	default:
		return nil
	}
}

// Unread returns how many messages of a room the person has not read, which is right while OnEvent runs: it counts
// the event that OnEvent gets. Without a socket it is what the last one knew. ok is false when the person is not a
// member of the room.
func (c *Client) Unread(room chat.RoomID) (unread int64, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.unread.Of(room)
}

func (c *Client) follow(event any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.unread.Follow(event)
}

// Online reports whether there is a socket now.
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

// after decides what to do after a socket ended.
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

// serve opens a socket and handles its events until it ends. It reports whether the server sent a welcome.
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
		c.follow(event)
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

// welcome handles the first event of a socket. It hands on what was missed before anything newer.
func (c *Client) welcome(s *socket, w chat.Welcome) {
	lost := c.lastRun != "" && !slices.Contains(w.Runs, c.lastRun)
	if c.epoch != "" && (c.epoch != w.Epoch || lost) {
		clear(c.rooms)
		c.options.OnEvent(c, Reset{})
	}
	c.epoch, c.lastRun = w.Epoch, ""
	if len(w.Runs) > 0 {
		c.lastRun = w.Runs[0]
	}
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
