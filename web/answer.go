// Answers: they are made a few at a time, and while they wait to be read they count in the budget of all that
// waits.

package web

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"reflect"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/labstack/echo/v4"

	"parley/access"
	"parley/chat"
	"parley/internal/budget"
)

// The answers of the API that are read from the database and encoded at once, in all and of one person. They
// are more than the database reads at once, so others only wait in another place, where they hold nothing. A
// person who asks for much waits for themselves, and not before others: two answers at once would keep both
// processors of a small server.
const (
	maxMaking       = 8
	maxPersonMaking = 1
)

const makingKey = "making"

// uncached is the Cache-Control of all that is answered to one person, refusals too.
const uncached = "private, no-store"

// turns says whose answers may be made. It is safe from any goroutine.
type turns struct {
	all chan struct{} // one element for each answer that is being made

	mu     sync.Mutex
	people map[chat.UserID]*turn
}

// turn is the place of one person who asks.
type turn struct {
	places chan struct{} // one element for each of their answers that is being made or is next
	asking int
}

func newTurns() *turns {
	return &turns{all: make(chan struct{}, maxMaking), people: map[chat.UserID]*turn{}}
}

// take waits for a turn. done ends it, and may be called more than once. It fails when ctx ends first.
func (t *turns) take(ctx context.Context, who chat.UserID) (done func(), err error) {
	t.mu.Lock()
	mine := t.people[who]
	if mine == nil {
		mine = &turn{places: make(chan struct{}, maxPersonMaking)}
		t.people[who] = mine
	}
	mine.asking++
	t.mu.Unlock()
	leave := func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		if mine.asking--; mine.asking == 0 {
			delete(t.people, who)
		}
	}
	select {
	case mine.places <- struct{}{}:
	case <-ctx.Done():
		leave()
		return nil, ctx.Err()
	}
	select {
	case t.all <- struct{}{}:
	case <-ctx.Done():
		<-mine.places
		leave()
		return nil, ctx.Err()
	}
	return sync.OnceFunc(func() {
		<-t.all
		<-mine.places
		leave()
	}), nil
}

// making is what a request needs to have its answer made: a turn.
type making struct {
	turns *turns
	ctx   context.Context
	who   chat.UserID
	done  func() // ends the turn; may be called more than once
}

// take waits for the turn in which the next part of an answer is made.
func (m *making) take() (err error) {
	if m == nil {
		return nil
	}
	m.done, err = m.turns.take(m.ctx, m.who)
	return err
}

func (m *making) end() {
	if m != nil && m.done != nil {
		m.done()
	}
}

// makeFew has the requests that only read wait for their turn. The turn ends once the answer, or its part, is
// encoded and counts in the budget, before anybody reads it.
func (s *Server) makeFew(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if c.Request().Method != http.MethodGet && c.Path() != changesPath {
			return next(c)
		}
		by, _ := c.Get(callerKey).(access.Caller)
		turn := &making{turns: s.turns, ctx: c.Request().Context(), who: by.User}
		if err := turn.take(); err != nil {
			return err
		}
		defer turn.end()
		c.Set(makingKey, turn)
		return next(c)
	}
}

// changesPath is the only address that reads by POST.
const changesPath = "/api/changes"

// Parts is an answer of type T that is made part by part, the next one when the client has taken the one before.
// So what one client makes the server hold is one part, and no read transaction waits for a client: each part has
// one of its own. It returns the JSON of the next part, and whether there are more.
type Parts[T any] func() (part []byte, more bool, err error)

func (p Parts[T]) next() (part []byte, more bool, err error) { return p() }

func (Parts[T]) whole() reflect.Type { return reflect.TypeFor[T]() }

// answerOf returns the type of the answer of a handler that returns Out.
func answerOf[Out any]() reflect.Type {
	var out any = *new(Out)
	if parts, ok := out.(interface{ whole() reflect.Type }); ok {
		return parts.whole()
	}
	return reflect.TypeFor[Out]()
}

// plainJSON writes JSON without escaping for HTML, and keeps answers, which may be private, out of every
// cache. An answer that waits to be read counts in the budget of all that waits; when that is full it refuses
// with Busy, before anything is written. Once a part of an answer is written, the connection is given up instead.
// What is read costs more the longer it is.
type plainJSON struct {
	unread *budget.Budget
	owe    func(by access.Caller, bytes int)
}

func (j plainJSON) Serialize(c echo.Context, v any, _ string) error {
	next := func() ([]byte, bool, error) {
		body, err := encode(v)
		return body, false, err
	}
	if parts, ok := v.(interface {
		next() ([]byte, bool, error)
	}); ok {
		next = parts.next
	}
	waits := &waiting{control: http.NewResponseController(c.Response())}
	j.unread.Join(waits)
	defer j.unread.Leave(waits)
	turn, _ := c.Get(makingKey).(*making)
	for first, more := true, true; more; first = false {
		part, err := []byte(nil), error(nil)
		if !first {
			err = turn.take()
		}
		if err == nil {
			part, more, err = next()
		}
		if by, ok := c.Get(readerKey).(access.Caller); ok {
			j.owe(by, len(part))
		}
		if err == nil && !j.unread.Take(len(part)) {
			err = j.full()
		}
		turn.end()
		switch {
		case err != nil && first:
			c.Response().Header().Del(echo.HeaderContentType) // the error has another
			return err
		case err != nil:
			waits.CutSlow() // the client would take what it has for all
			return err
		case first:
			c.Response().Header().Set("Cache-Control", uncached)
			if !more {
				c.Response().Header().Set("Content-Length", strconv.Itoa(len(part)))
			}
		}
		if err := j.write(c, waits, part); err != nil {
			return err
		}
	}
	return nil
}

// full is the refusal of an answer for which there is no room in the budget.
func (j plainJSON) full() error {
	return &chat.Error{
		Code: chat.Busy, Limit: j.unread.Limit(), RetryAfter: retryAfterMillis,
		Message: "too much waits to be read by clients; try again in a moment",
	}
}

// write writes bytes that are taken from the budget, and gives them back.
func (j plainJSON) write(c echo.Context, waits *waiting, body []byte) error {
	defer func() {
		waits.bytes.Store(0)
		j.unread.Add(-len(body))
	}()
	for rest := body; len(rest) > 0; {
		waits.bytes.Store(int64(len(rest)))
		n, err := c.Response().Write(rest[:min(len(rest), maxPiece)])
		if err == nil && waits.cut.Load() {
			err = errCut
		}
		if err != nil {
			return err
		}
		rest = rest[n:]
	}
	return nil
}

func (plainJSON) Deserialize(echo.Context, any) error { return errors.New("bodies are read by bind") }

var errCut = errors.New("the answer was given up, since its client had more to read than others")

// encode encodes an answer.
func encode(v any) ([]byte, error) {
	var body bytes.Buffer
	enc := json.NewEncoder(&body)
	enc.SetEscapeHTML(false)
	err := enc.Encode(v)
	return body.Bytes(), err
}

// waiting is an answer that waits to be read.
type waiting struct {
	control *http.ResponseController
	bytes   atomic.Int64
	cut     atomic.Bool
}

// Waiting returns how much of the answer has not been written.
func (w *waiting) Waiting() int { return int(w.bytes.Load()) }

// CutSlow gives the answer up: the write that waits fails.
func (w *waiting) CutSlow() {
	w.cut.Store(true)
	w.control.SetWriteDeadline(time.Unix(1, 0)) // when it fails the connection is over
}
