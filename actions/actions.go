// Package actions holds what a person or a program can do on the server, each thing once: it looks up what
// the caller may see, asks the rule, and stores. All doors (HTTP, WebSocket, Socket.IO) call these actions.
// Package actions does not decode requests, which the doors do; it has no SQL, which is in store; and it does
// not tell sockets what was stored, since the store hands every commit to the rooms.
package actions

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync/atomic"
	"time"

	"parley/access"
	"parley/chat"
	"parley/internal/holdback"
	"parley/internal/password"
	"parley/internal/turns"
	"parley/rooms"
	"parley/store"
)

// maxKeys bounds how many users, names or addresses each limiter remembers.
const maxKeys = 50_000

// comeBackAfter is when to come back after a refusal for now, in milliseconds, when nobody knows better.
const comeBackAfter = 1000

// Actions is what the doors call. Its methods are safe from any goroutine.
type Actions struct {
	store   *store.Store
	rooms   *rooms.Rooms
	hasher  *password.Hasher
	limits  access.Limits
	version string
	now     func() time.Time

	pages      sharedPages
	notifying  chan struct{} // one element for each call of Notify under way
	erasing    chan struct{} // has an element when Erase has to look again
	waiting    atomic.Int64  // bytes of texts in writes that are not answered yet
	budgets    *budgets
	refused    *holdback.Holdback
	served     *holdback.Holdback
	retellings *retellings
	attempts   *attempts
	setupCode  string // of the link printed at the start; empty once set up
	setUp      atomic.Bool
	TokenKey   []byte
	epoch      string
	reads      *turns.Turns[chat.UserID]
	hosts      hosts
	runs       []string
	ahead      atomic.Int64 // see ClientsAhead
	aheadAt    atomic.Int64 // UTC milliseconds of the last warning: see noteAhead
}

// New reads the server's row, and makes it in a new database.
func New(
	db *store.Store, live *rooms.Rooms, hasher *password.Hasher, limits access.Limits, version string,
) (*Actions, error) {
	a := &Actions{
		store: db, rooms: live, hasher: hasher,
		limits: limits, version: version, now: time.Now,
		budgets:    newBudgets(limits, time.Now),
		refused:    newHoldback(time.Now, refusedAtOnce, refusedASecond),
		served:     newHoldback(time.Now, servedAtOnce, servedASecond),
		attempts:   newAttempts(limits.SignInAttempts, time.Now),
		notifying:  make(chan struct{}, maxNotifying),
		erasing:    make(chan struct{}, 1),
		retellings: newRetellings(),
		reads:      turns.New[chat.UserID](readsAtOnce),
	}
	var hasUsers bool
	err := db.WriteAndWait(func(tx *store.WriteTx) error {
		row, err := tx.EnsureServer("Parley")
		if err != nil {
			return err
		}
		a.TokenKey, a.epoch = row.TokenKey, row.Epoch
		if err := a.loadHosts(&tx.Tx); err != nil {
			return err
		}
		if a.runs, err = tx.Runs(); err != nil {
			return err
		}
		hasUsers, err = tx.HasUsers()
		return err
	})
	if err != nil {
		return nil, err
	}
	a.setUp.Store(hasUsers)
	if !hasUsers {
		a.setupCode = newCode()
	}
	return a, nil
}

// read runs fn in a read transaction and returns what fn returns.
func read[T any](ctx context.Context, st *store.Store, fn func(*store.Tx) (T, error)) (T, error) {
	var found T
	err := st.Read(ctx, func(tx *store.Tx) (err error) {
		found, err = fn(tx)
		return err
	})
	return found, err
}

// readFor is read for a caller. It refuses with SignedOut when the caller's session has ended before it runs: the
// request may have come long before, and waited for its turn, for the rest of its body, or for its client to take
// the page before.
func readFor[T any](ctx context.Context, a *Actions, by access.Caller, fn func(*store.Tx) (T, error)) (T, error) {
	return read(ctx, a.store, func(tx *store.Tx) (T, error) {
		if err := tx.MustBeSignedIn(by); err != nil {
			var none T
			return none, err
		}
		return fn(tx)
	})
}

// nobody is the caller of a write that nobody with a session asked for.
var nobody access.Caller

// queueWrite queues a write of a caller and calls done with what fn returned; see Store.Write. The write is refused
// with SignedOut when the caller's session has ended before it runs. Whether it changed anything, and how much it looked
// at, is noted with what the caller has paid: see Settle. What the server writes by itself goes to the store directly.
func queueWrite[T any](
	st *store.Store, by access.Caller, fn func(*store.WriteTx) (T, error), done func(T, error),
) {
	queueWriteTo(st, store.Names{}, by, fn, done)
}

// queueWriteTo is queueWrite for what changes nothing but what it names; see Store.WriteTo.
func queueWriteTo[T any](
	st *store.Store, names store.Names, by access.Caller, fn func(*store.WriteTx) (T, error), done func(T, error),
) {
	var result T
	var changed bool
	var looked int
	st.WriteTo(names, func(tx *store.WriteTx) (err error) {
		if err := tx.MustBeSignedIn(by); err != nil {
			return err
		}
		result, err = fn(tx)
		changed, looked = tx.Changed(), tx.Looked()
		return err
	}, func(err error) {
		if err != nil {
			var none T
			done(none, err)
			return
		}
		by.Charge.Work(looked / lookedPerRead)
		by.Charge.Wrote(changed)
		done(result, nil)
	})
}

// write queues a write of a caller and waits for its outcome; see queueWrite.
func write[T any](st *store.Store, by access.Caller, fn func(*store.WriteTx) (T, error)) (T, error) {
	return Wait(func(done func(T, error)) { queueWrite(st, by, fn, done) })
}

// change is write for what has no result.
func (a *Actions) change(by access.Caller, fn func(*store.WriteTx) error) error {
	_, err := write(a.store, by, func(tx *store.WriteTx) (struct{}, error) { return struct{}{}, fn(tx) })
	return err
}

// Wait calls an action that answers through done, and waits for the answer.
func Wait[T any](act func(done func(T, error))) (T, error) {
	type answer struct {
		value T
		err   error
	}
	answers := make(chan answer, 1)
	act(func(value T, err error) { answers <- answer{value, err} })
	a := <-answers
	return a.value, a.err
}

// The bounds of what a refusal repeats of a request, in bytes.
const (
	maxRefusedField = 1 << 10
	maxRefusal      = 4 << 10
)

// Refusal returns the part of an error that the caller may see. An error without a code is a fault of the
// server: Refusal logs it, and the caller sees only that there was one.
// What is refused for now says when to come back: after a second, when nobody knows better. A refusal costs the server
// little, so what it repeats of the request, which may be a name of 100 kB, is cut.
func Refusal(err error) *chat.Error {
	var e *chat.Error
	if errors.As(err, &e) {
		if len(e.Field) > maxRefusedField || len(e.Message) > maxRefusal {
			short := *e
			short.Field, short.Message = beginning(e.Field, maxRefusedField), beginning(e.Message, maxRefusal)
			e = &short
		}
		if e.IsForNow() && e.RetryAfter == 0 {
			later := *e
			later.RetryAfter = comeBackAfter
			return &later
		}
		return e
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return chat.Errorf(chat.Unavailable, "the request ended before it was answered")
	}
	if errors.Is(err, password.ErrBusy) {
		return Refusal(chat.Errorf(chat.Busy, "too many people are signing in at once"))
	}
	slog.Error("internal error", "error", err)
	return chat.ErrInternal
}

// beginning returns as much of a text as fits.
func beginning(text string, most int) string {
	const more = "…"
	if len(text) <= most {
		return text
	}
	return strings.ToValidUTF8(text[:most-len(more)], "") + more
}
