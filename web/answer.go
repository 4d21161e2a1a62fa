// Answers: they are made a few at a time, and while they wait to be read they count in the budget of all that
// waits.

package web

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/labstack/echo/v4"

	"parley/chat"
	"parley/internal/budget"
)

// maxMaking is how many answers of the API are read from the database and encoded at once. That is more than
// the database reads at once, so others only wait in another place, where they hold nothing.
const maxMaking = 8

const makingKey = "making"

// making has the requests that only read wait until few enough answers are being made. The place is free again
// once the answer is encoded, before anybody reads it.
func (s *Server) makeFew(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		reads := c.Request().Method == http.MethodGet || c.Path() == changesPath
		if !reads || !strings.HasPrefix(c.Path(), "/api/") {
			return next(c)
		}
		select {
		case s.making <- struct{}{}:
		case <-c.Request().Context().Done():
			return c.Request().Context().Err()
		}
		done := sync.OnceFunc(func() { <-s.making })
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
	if done, ok := c.Get(makingKey).(func()); ok {
		done()
	}
	waits := &waiting{control: http.NewResponseController(c.Response())}
	waits.bytes.Store(int64(len(body)))
	if !j.unread.Take(len(body)) {
		return &chat.Error{
			Code: chat.Busy, Limit: j.unread.Limit(), RetryAfter: retryAfterMillis,
			Message: "too much waits to be read by clients; try again in a moment",
		}
	}
	defer func() { j.unread.Add(-len(body)) }()
	j.unread.Join(waits)
	defer j.unread.Leave(waits)
	c.Response().Header().Set("Cache-Control", "private, no-store")
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
