// One connection: its lines, its requests and their answers. It does not know the rooms.

package client

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"parley/chat"
)

const (
	openWithin  = 10 * time.Second
	writeWithin = 10 * time.Second
	// quiet is how long the server may send nothing, not even the ping that it sends every 25 seconds.
	quiet = 35 * time.Second
	// maxFrame is the limit for one frame, in bytes. The largest is the welcome of somebody who is in very
	// many rooms.
	maxFrame = 32 << 20
	// maxEvents is how many events may wait for the handler. When more wait, the client reconnects and asks
	// for what it missed.
	maxEvents = 4096
)

var errFellBehind = errors.New("the handler of events fell behind")

// answerFunc is called with the reply to a request, or with the reason why there is none. It must not block.
type answerFunc func(chat.Frame, error)

type socket struct {
	number int
	ws     *websocket.Conn
	trace  *Trace
	events chan chat.Frame // closed after the last event
	err    error           // why the socket ended; read only after events is closed

	writing sync.Mutex // one writer at a time

	mu      sync.Mutex
	lastID  int
	waiting map[string]answerFunc // by request id; nil once the socket ended
	cause   error                 // the first reason to end the socket
}

func (c *Client) dial(number int) (*socket, error) {
	target := *c.server
	target.Scheme = strings.Replace(target.Scheme, "http", "ws", 1)
	dialer := websocket.Dialer{
		Subprotocols: []string{chat.Subprotocol}, HandshakeTimeout: openWithin,
		NetDialContext: c.options.Dial, Proxy: http.ProxyFromEnvironment,
	}
	header := http.Header{"Authorization": {"Bearer " + c.bearer()}}
	at := target.JoinPath("ws")
	if !c.options.WholeMessages {
		at.RawQuery = url.Values{chat.DeltasParam: {chat.AskForDeltas}}.Encode()
	}
	ws, resp, err := dialer.DialContext(c.ctx, at.String(), header)
	if err != nil {
		if resp != nil {
			err = fmt.Errorf("%w: %s", err, resp.Status)
		}
		return nil, fmt.Errorf("open a socket: %w", err)
	}
	ws.SetReadLimit(maxFrame)
	s := &socket{
		number: number, ws: ws, trace: c.options.Trace,
		events: make(chan chat.Frame, maxEvents), waiting: map[string]answerFunc{},
	}
	if s.trace.Opened != nil {
		s.trace.Opened(number)
	}
	go s.read()
	return s, nil
}

func (s *socket) read() {
	err := s.readAll()
	s.fail(err)
	s.err = s.cause // s.fail was the last to set it
	if s.trace.Closed != nil {
		s.trace.Closed(s.number, s.err)
	}
	close(s.events)
}

func (s *socket) readAll() error {
	ponging := s.ws.PingHandler()
	s.ws.SetPingHandler(func(data string) error {
		s.ws.SetReadDeadline(time.Now().Add(quiet)) // fails only on a closed socket
		return ponging(data)
	})
	s.ws.SetReadDeadline(time.Now().Add(openWithin)) // the welcome has to come in that time
	for {
		_, frame, err := s.ws.ReadMessage()
		if err != nil {
			return err
		}
		s.ws.SetReadDeadline(time.Now().Add(quiet)) // fails only on a closed socket
		for line := range bytes.SplitSeq(frame, []byte{'\n'}) {
			if err := s.readLine(line); err != nil {
				return err
			}
		}
	}
}

func (s *socket) readLine(line []byte) error {
	if len(line) == 0 {
		return nil
	}
	if s.trace.Received != nil {
		s.trace.Received(s.number, line)
	}
	var frame chat.Frame
	if err := json.Unmarshal(line, &frame); err != nil {
		return fmt.Errorf("the server sent what is no event: %w", err)
	}
	if frame.Event == chat.ReplyEvent || frame.Event == chat.ErrorEvent {
		if answer := s.forget(frame.ID); answer != nil {
			answer(answered(frame))
		}
		return nil
	}
	select {
	case s.events <- frame:
		return nil
	default:
		return errFellBehind
	}
}

// answered turns an error frame into a Go error.
func answered(frame chat.Frame) (chat.Frame, error) {
	if frame.Event == chat.ReplyEvent {
		return frame, nil
	}
	refusal := &chat.Error{}
	if err := json.Unmarshal(frame.Data, refusal); err != nil {
		return frame, fmt.Errorf("%w: %w", ErrUnknown, err)
	}
	return frame, refusal
}

// request sends a request. answer is called exactly once, unless request itself fails: then nothing was sent.
// The id is for forget.
func (s *socket) request(event string, data any, answer answerFunc) (id string, err error) {
	s.mu.Lock()
	if s.waiting == nil {
		s.mu.Unlock()
		return "", ErrOffline
	}
	s.lastID++
	id = strconv.Itoa(s.lastID)
	s.waiting[id] = answer
	s.mu.Unlock()
	line, err := chat.Encode(event, id, data)
	if err != nil {
		s.forget(id)
		return "", err
	}
	if err := s.write(line); err != nil {
		s.fail(err)
	}
	return id, nil
}

func (s *socket) write(line []byte) error {
	s.writing.Lock()
	defer s.writing.Unlock()
	if s.trace.Sent != nil {
		s.trace.Sent(s.number, line)
	}
	s.ws.SetWriteDeadline(time.Now().Add(writeWithin)) // fails only on a closed socket
	return s.ws.WriteMessage(websocket.TextMessage, line)
}

// forget removes and returns the function that waits for an answer.
func (s *socket) forget(id string) answerFunc {
	s.mu.Lock()
	defer s.mu.Unlock()
	answer := s.waiting[id]
	delete(s.waiting, id)
	return answer
}

// fail ends the socket. Requests that wait for an answer get ErrUnknown.
func (s *socket) fail(err error) {
	s.mu.Lock()
	if s.cause == nil {
		s.cause = err
	}
	waiting := s.waiting
	s.waiting = nil
	s.mu.Unlock()
	s.ws.Close() // the socket is over, whatever Close returns
	for _, answer := range waiting {
		answer(chat.Frame{}, fmt.Errorf("%w: %w", ErrUnknown, err))
	}
}

// askInTime is ask. A request that came too fast, or that the server was too busy for, is sent again after as long as
// the server says: it has done nothing.
func (s *socket) askInTime(ctx context.Context, event string, in, out any) error {
	return inTime(ctx, func() error { return s.ask(ctx, event, in, out) })
}

// longestNamed is how long a request waits before it is sent again. When the server names a longer time, the caller
// has to know.
const longestNamed = 30 * time.Second

// inTime makes a request, and again for as long as the server refuses it for coming too fast or being too busy.
func inTime(ctx context.Context, request func() error) error {
	for {
		err := request()
		var refused *chat.Error
		if !errors.As(err, &refused) || refused.Code != chat.RateLimited && refused.Code != chat.Busy {
			return err
		}
		wait := time.Duration(refused.RetryAfter) * time.Millisecond
		if wait <= 0 || wait > longestNamed {
			return err
		}
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return err
		}
	}
}

// ask sends a request, waits for the answer and decodes it into out, unless out is nil.
func (s *socket) ask(ctx context.Context, event string, in, out any) error {
	type answer struct {
		frame chat.Frame
		err   error
	}
	answers := make(chan answer, 1)
	id, err := s.request(event, in, func(frame chat.Frame, err error) { answers <- answer{frame, err} })
	if err != nil {
		return err
	}
	select {
	case got := <-answers:
		if got.err != nil || out == nil {
			return got.err
		}
		return json.Unmarshal(got.frame.Data, out)
	case <-ctx.Done():
		s.forget(id)
		return fmt.Errorf("%w: %w", ErrUnknown, ctx.Err())
	}
}

// decode returns an event as a value of its type, or nil for an event that this version does not know.
func decode(frame chat.Frame) any {
	kind := chat.ServerEvents[frame.Event]
	if kind == nil {
		return nil
	}
	data := reflect.New(reflect.TypeOf(kind))
	if json.Unmarshal(frame.Data, data.Interface()) != nil && len(frame.Data) > 0 {
		return nil
	}
	return data.Elem().Interface()
}
