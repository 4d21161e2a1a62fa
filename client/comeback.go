// Coming back: which ends of a socket allow it, and after how long.

package client

import (
	"errors"
	"math/rand/v2"
	"time"

	"github.com/gorilla/websocket"

	"parley/chat"
)

// Comeback tells what to do after the end of a socket.
type Comeback int

// What to do. AtOnce is with jitter, since all the others come too.
const (
	BackOff Comeback = iota
	AtOnce
	Later
	Never
)

const (
	firstWait   = 500 * time.Millisecond
	longestWait = 30 * time.Second
	laterWait   = 5 * time.Second // the least when the server asked for peace
)

// renewError is a failure to sign in again.
type renewError struct{ error }

func (e *renewError) Unwrap() error { return e.error }

// sessionEnded tells that there has to be another token first.
func sessionEnded(err error) bool {
	var closed *websocket.CloseError
	var renewing *renewError
	return errors.As(err, &closed) && closed.Code == chat.CloseSignedOut || errors.As(err, &renewing)
}

// comebackAfter decides by the close code; whatever has none broke, and is tried again. renewable tells
// that a session that ended can be followed by another.
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

// Backoff is the wait before an attempt: half a second doubling to 30, each time any part of it, so that
// clients of a server that failed do not come in waves.
func Backoff(why Comeback, attempt int) time.Duration {
	switch {
	case why == Later:
		return laterWait + fraction(longestWait-laterWait)
	case why == AtOnce && attempt == 0:
		return fraction(firstWait)
	}
	return fraction(min(longestWait, firstWait<<min(attempt, 10)))
}

// jitter is a wait that the server named, and up to half as long again.
func jitter(wait time.Duration) time.Duration { return wait + fraction(wait/2) }

func fraction(of time.Duration) time.Duration {
	return time.Duration(rand.Float64() * float64(of))
}
