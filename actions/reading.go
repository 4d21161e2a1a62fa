// Reading on behalf of somebody: how much one person may have read at once.

package actions

import (
	"context"

	"parley/access"
	"parley/store"
)

// readsAtOnce is how many larger reads of one person run at once, over all their sockets and requests: half of
// what the store runs, so that one person never keeps everybody else waiting.
const readsAtOnce = store.Readers / 2

// readAs is readFor when it is the caller's turn.
func readAs[T any](ctx context.Context, a *Actions, by access.Caller, fn func(*store.Tx) (T, error)) (T, error) {
	if err := a.reads.Take(ctx, by.User); err != nil {
		var none T
		return none, err
	}
	defer a.reads.Give(by.User)
	return readFor(ctx, a, by, fn)
}
