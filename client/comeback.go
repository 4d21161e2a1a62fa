// When to reconnect: which ends of a socket allow it, and how long to wait.

package client

import (
	"errors"
	"math/rand/v2"
	"time"

	"github.com/gorilla/websocket"

	"parley/chat"
)

// Comeback is what to do after a socket ended.
type Comeback int

// The ways to come back. AtOnce still waits a random moment, since all other clients come back too.
const (
	BackOff Comeback = iota
	AtOnce
	Later
	Never
)

const (
	firstWait   = 500 * time.Millisecond
	longestWait = 30 * time.Second
	laterWait   = 5 * time.Second // the shortest wait after the server asked clients to come later
)

// renewError is a failure to sign in again.
type renewError struct{ error }

func (e *renewError) Unwrap() error { return e.error }

// sessionEnded reports whether the client needs a new token before it reconnects.
func sessionEnded(err error) bool {
	var closed *websocket.CloseError
	var renewing *renewError
	return errors.As(err, &closed) && closed.Code == chat.CloseSignedOut || errors.As(err, &renewing)
}

// comebackAfter decides by the close code. A socket that ended without a close code broke, so the client
// tries again. renewable says that the client can sign in again after its session ended.
func comebackAfter(err error, renewable bool) Comeback {
	var closed *websocket.CloseError
	var renewing *renewError
	var refusal *chat.Error
	switch {
	case errors.As(err, &closed):
		return comebackFrom(closed.Code, renewable)
	case errors.As(err, &renewing) && errors.As(err, &refusal) && !refusal.Retryable():
		return Never
	case errors.Is(err, errFellBehind):
		return AtOnce
	}
	return BackOff
}

func comebackFrom(code int, renewable bool) Comeback {
	switch code {
	case websocket.CloseGoingAway, chat.CloseRestart, chat.CloseSlow:
		return AtOnce
	case chat.CloseLater, chat.CloseTooMany:
		return Later
	case chat.CloseBanned, chat.ClosePolicy, chat.CloseTooBig, chat.CloseInvalidText:
		return Never
	case chat.CloseSignedOut:
		if !renewable {
			return Never
		}
	}
	return BackOff
}

// Backoff is the default wait before an attempt to reconnect. Its limit starts at half a second and doubles
// up to 30 seconds. The wait is a random part of that limit, so that the clients of a server that failed do
// not all come back at once.
func Backoff(why Comeback, attempt int) time.Duration {
	switch {
	case why == Later:
		return laterWait + fraction(longestWait-laterWait)
	case why == AtOnce && attempt == 0:
		return fraction(firstWait)
	}
	return fraction(min(longestWait, firstWait<<min(attempt, 10)))
}

// jitter adds a random part, up to half, to a wait that the server named.
func jitter(wait time.Duration) time.Duration { return wait + fraction(wait/2) }

func fraction(of time.Duration) time.Duration {
	return time.Duration(rand.Float64() * float64(of))
}
