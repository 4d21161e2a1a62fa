// Answers: they are made a few at a time, and while they wait to be read they count in the budget of all that
// waits.

package web

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
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
// person who asks for much waits for themselves, and not before others.
const (
	maxMaking       = 8
	maxPersonMaking = 2
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

// makeFew has the requests that only read wait for their turn. The turn ends once the answer is encoded and
// counts in the budget, before anybody reads it.
func (s *Server) makeFew(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if c.Request().Method != http.MethodGet && c.Path() != changesPath {
			return next(c)
		}
		by, _ := c.Get(callerKey).(access.Caller)
		done, err := s.turns.take(c.Request().Context(), by.User)
		if err != nil {
			return err
		}
		defer done()
		c.Set(makingKey, done)
		return next(c)
	}
}

// changesPath is the only address that reads by POST.
const changesPath = "/api/changes"

// plainJSON writes JSON without escaping for HTML, and keeps answers, which may be private, out of every
// cache. An answer that waits to be read counts in the budget of all that waits; when that is full it refuses
// with Busy, before anything is written.
type plainJSON struct{ unread *budget.Budget }

func (j plainJSON) Serialize(c echo.Context, v any, _ string) error {
	body, err := encode(v)
	if err != nil {
		return err
	}
	waits := &waiting{control: http.NewResponseController(c.Response())}
	waits.bytes.Store(int64(len(body)))
	fits := j.unread.Take(len(body))
	if done, ok := c.Get(makingKey).(func()); ok {
		done()
	}
	if !fits {
		c.Response().Header().Del(echo.HeaderContentType) // the error has another
		return &chat.Error{
			Code: chat.Busy, Limit: j.unread.Limit(), RetryAfter: retryAfterMillis,
			Message: "too much waits to be read by clients; try again in a moment",
		}
	}
	defer func() { j.unread.Add(-len(body)) }()
	j.unread.Join(waits)
	defer j.unread.Leave(waits)
	c.Response().Header().Set("Cache-Control", uncached)
	c.Response().Header().Set("Content-Length", strconv.Itoa(len(body)))
	for rest := body; len(rest) > 0; waits.bytes.Store(int64(len(rest))) {
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

// encode encodes an answer. A list of rooms is encoded room by room, since it may be large and the encoder
// would hold it several times.
func encode(v any) ([]byte, error) {
	if list, ok := v.(chat.Rooms); ok {
		return chat.AppendRooms(nil, list)
	}
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
