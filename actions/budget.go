// Budgets: what everybody may change and read in a second. The doors take the cost of each request from them
// before the request runs.

package actions

import (
	"math"
	"strconv"
	"time"

	"parley/access"
	"parley/chat"
	"parley/internal/ratelimit"
)

// readsPerChange is how much may be read for each change, at least.
const readsPerChange = 10

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
	if ok, wait := a.budgets.changes.AllowMany(who, min(cost.Changes, a.budgets.changes.Burst())); !ok {
		return tooFast("changes", a.budgets.changesASecond, wait)
	}
	if ok, wait := a.budgets.reads.AllowMany(who, min(cost.Reads, a.budgets.reads.Burst())); !ok {
		a.budgets.changes.GiveBack(who, cost.Changes)
		return tooFast("requests", a.budgets.readsASecond, wait)
	}
	return nil
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
