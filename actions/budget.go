// Budgets: what everybody may change and read in a second. The doors take the cost of each request from them
// before the request runs.

package actions

import (
	"context"
	"errors"
	"math"
	"strconv"
	"time"

	"parley/access"
	"parley/chat"
	"parley/internal/holdback"
	"parley/internal/ratelimit"
)

// readsPerChange is how much may be read for each change, at least.
const readsPerChange = 10

// bytesPerRead is how many bytes of an answer count as one more read. With the default limits a person may load
// some fifty of the longest pages at once, and then six a second.
const bytesPerRead = 16 << 10

// renderedPerRead is how many bytes of text count as one read when the text is rendered and then turns out to be
// there already. Rendering 10,000 characters of hostile markdown takes as long as reading some pages.
const renderedPerRead = 256

// lookedPerRead is how many rows count as one read when a write looked at them and then changed nothing. Others wait
// for the writer meanwhile.
const lookedPerRead = 100

// The refusals that cost their sender nothing. A person or a program that waits as it is told has one of them now
// and then. A browser whose session ended has a few at once, and so have all those behind the address of an
// office. Each that is held back keeps a connection, whose number has bounds of its own.
const (
	refusedAtOnce  = 20
	refusedASecond = 10
	longestHeld    = time.Second
	heldOfOne      = 256
	heldInAll      = 2048
)

// The answers that cost their caller nothing although they are no refusals, such as the page and its files. A browser
// asks for some forty at once, and for one after that; those behind an address may begin at the same moment.
const (
	servedAtOnce  = 1000
	servedASecond = 200
)

func newHoldback(now func() time.Time, atOnce int, aSecond float64) *holdback.Holdback {
	return holdback.New(holdback.Bounds{
		AtOnce: atOnce, ASecond: aSecond, Longest: longestHeld,
		OfOne: heldOfOne, InAll: heldInAll, Keys: maxKeys,
	}, now)
}

// budgets are what everybody has left, each person and program on their own. Who is not signed in shares the
// reads of their address.
type budgets struct {
	changes, reads               *ratelimit.Limiter
	changesASecond, readsASecond float64
}

func newBudgets(limits access.Limits, now func() time.Time) *budgets {
	reads := max(limits.ReadsPerSecond, readsPerChange*limits.MessagesPerSecond)
	const seconds = 10 // of reading, at once after a pause
	return &budgets{
		changes:        ratelimit.New(limits.MessagesPerSecond, limits.MessagesBurst, maxKeys, now),
		reads:          ratelimit.New(reads, int(math.Ceil(seconds*reads)), maxKeys, now),
		changesASecond: limits.MessagesPerSecond, readsASecond: reads,
	}
}

// Spend takes a cost from what a caller may ask for in a second. When there is not enough left it takes
// nothing, and refuses with RateLimited: then the request must not run. What costs more than anybody may ever
// have at once takes all that they may have. The operator's commands are not limited.
func (a *Actions) Spend(by access.Caller, cost access.Cost) error {
	if by.Operator {
		return nil
	}
	who := payer(by)
	changes := min(cost.Changes, a.budgets.changes.Burst())
	if ok, wait := a.budgets.changes.AllowMany(who, changes); !ok {
		return tooFast("changes", a.budgets.changesASecond, wait)
	}
	if ok, wait := a.budgets.reads.AllowMany(who, min(cost.Reads, a.budgets.reads.Burst())); !ok {
		a.budgets.changes.GiveBack(who, changes)
		return tooFast("requests", a.budgets.readsASecond, wait)
	}
	by.Charge.Take(changes)
	return nil
}

// Settle gives a caller back the changes that a request took which turned out to change nothing, such as a second
// request to archive a room, and takes as many reads instead. Whoever has not enough reads left has paid for a change:
// such a request occupies the writer too, so there are never more of them than one may read and change. The doors
// call it before they answer a request that was done.
func (a *Actions) Settle(by access.Caller) {
	changes, reads := by.Charge.Refund()
	if changes == 0 {
		return
	}
	who := payer(by)
	if ok, _ := a.budgets.reads.AllowMany(who, min(reads, a.budgets.reads.Burst())); ok {
		a.budgets.changes.GiveBack(who, changes)
	}
}

func tooFast(what string, aSecond float64, wait time.Duration) error {
	return &chat.Error{
		Code: chat.RateLimited, Limit: int64(math.Ceil(aSecond)), RetryAfter: (wait + time.Millisecond - 1).Milliseconds(),
		Message: "too many " + what + " in a short time; wait a moment",
	}
}

// SpendMore takes what a request's list costs, after Spend took cost for the request. When it refuses, it
// gives cost back: then the request must not run.
func (a *Actions) SpendMore(by access.Caller, cost access.Cost, request any) error {
	more := cost.Of(request)
	// Together they take no more than all that anybody may have.
	more.Changes = min(more.Changes, max(0, a.budgets.changes.Burst()-cost.Changes))
	more.Reads = min(more.Reads, max(0, a.budgets.reads.Burst()-cost.Reads))
	if more.IsFree() || by.Operator {
		return nil
	}
	err := a.Spend(by, more)
	if err != nil {
		a.budgets.changes.GiveBack(payer(by), cost.Changes)
		a.budgets.reads.GiveBack(payer(by), cost.Reads)
	}
	return err
}

// payer is the key of the budget that a caller's requests are taken from.
func payer(by access.Caller) string {
	if by.User == 0 {
		return "address " + by.Address
	}
	return strconv.FormatInt(int64(by.User), 10)
}

// Owe takes what the length of an answer costs, in bytes, besides the cost of the request: it is known only once
// the answer is made. So it never refuses: whoever has less left owes the rest, and reads again when it has come
// back.
func (a *Actions) Owe(by access.Caller, bytes int) {
	if !by.Operator {
		a.budgets.reads.Take(payer(by), bytes/bytesPerRead)
	}
}

// HoldBack has whoever was refused something that cost them nothing wait before they are told so. The first few
// refusals do not wait, nor does any once ReleaseHeld was called. The others wait up to a second: it returns how
// long. It ends early with ctx. ok is false when too many wait already: then end the connection. The doors call
// it where their reader of requests may wait, and hold nothing meanwhile that others want.
func (a *Actions) HoldBack(ctx context.Context, by access.Caller) (held time.Duration, ok bool) {
	if by.Operator {
		return 0, true
	}
	return a.refused.Wait(ctx, payer(by))
}

// HoldServed is HoldBack for an answer that is no refusal and yet costs its caller nothing.
func (a *Actions) HoldServed(ctx context.Context, by access.Caller) (ok bool) {
	if by.Operator {
		return true
	}
	_, ok = a.served.Wait(ctx, payer(by))
	return ok
}

// HeldBack counts the refusals that HoldBack held back.
func (a *Actions) HeldBack() holdback.Counts { return a.refused.Counts() }

// ReleaseHeld lets go all that HoldBack and HoldServed hold, because the server stops.
func (a *Actions) ReleaseHeld() {
	a.refused.Stop()
	a.served.Stop()
}

// Unpaid marks the refusal of a request that cost whoever made it nothing. It wraps the refusal.
type Unpaid struct{ Refusal error }

// Error returns the text of the refusal.
func (u *Unpaid) Error() string { return u.Refusal.Error() }

// Unwrap returns the refusal.
func (u *Unpaid) Unwrap() error { return u.Refusal }

// IsUnpaid tells whether the refusal is of a request that cost whoever made it nothing.
func IsUnpaid(err error) bool {
	var unpaid *Unpaid
	return errors.As(err, &unpaid)
}
