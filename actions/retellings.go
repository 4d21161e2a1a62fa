// Retellings: what is unread is counted anew, and told to somebody's sockets, after they block somebody or end that.

package actions

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"time"

	"parley/access"
	"parley/chat"
	"parley/store"
)

// The bounds on telling what is unread. Each write counts a few rooms, so that other writes do not wait long.
const (
	maxRetellings = 1000        // blocks whose rooms wait to be counted
	tellAtOnce    = 25          // rooms in one write
	tellAgain     = time.Second // after a write for which there was no place, and after what failed

	roomsPerChange = 5 // how many of the rooms cost the caller one more change
)

// retellings are the blocks after which what is unread has yet to be told. They are kept in memory alone: when the
// server stops, every socket comes back and gets what is unread in its welcome. It is safe from any goroutine, and
// starts none.
type retellings struct {
	come chan struct{} // has an element when Retell has to look again

	mu       sync.Mutex // guards what follows
	reserved int        // by calls of Block under way
	waiting  []retelling
}

// retelling is a block, or its end: what is unread for by changes by the messages of another.
type retelling struct {
	by    access.Caller
	other chat.UserID
}

func newRetellings() *retellings { return &retellings{come: make(chan struct{}, 1)} }

// reserve keeps a place for one more. After nil the caller must call add or release.
func (r *retellings) reserve() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.reserved+len(r.waiting) >= maxRetellings {
		return &chat.Error{
			Code: chat.Busy, Limit: maxRetellings, Message: "what is unread after other blocks has to be counted first",
		}
	}
	r.reserved++
	return nil
}

// release gives a reserved place back.
func (r *retellings) release() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.reserved--
}

// add puts a block into the reserved place, and has Retell look again.
func (r *retellings) add(by access.Caller, other chat.UserID) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.reserved--
	r.waiting = append(r.waiting, retelling{by, other})
	select {
	case r.come <- struct{}{}:
	default: // it is told already
	}
}

// next takes whatever waits for the person whose block waits longest. So all that somebody blocks while others are
// told costs them, and the server, one count. others is empty when nothing waits.
func (r *retellings) next() (by access.Caller, others []chat.UserID) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.waiting) == 0 {
		return by, nil
	}
	by = r.waiting[0].by
	r.waiting = slices.DeleteFunc(r.waiting, func(w retelling) bool {
		theirs := w.by.User == by.User
		if theirs && !slices.Contains(others, w.other) {
			others = append(others, w.other)
		}
		return theirs
	})
	return by, others
}

// Retell tells people's sockets what is unread after a block, one person after the other, until ctx ends. Call it
// once, on a goroutine of its own, before the store is closed.
func (a *Actions) Retell(ctx context.Context) {
	for ctx.Err() == nil {
		by, others := a.retellings.next()
		if len(others) == 0 {
			select {
			case <-a.retellings.come:
			case <-ctx.Done():
			}
			continue
		}
		if err := a.tellUnread(ctx, by, others); err != nil && ctx.Err() == nil {
			slog.Error("count what is unread after a block", "user", by.User, "error", err)
			for _, other := range others { // after those who wait, in case it fails for this person alone
				if a.retellings.reserve() == nil {
					a.retellings.add(by, other)
				}
			}
			pause(ctx, tellAgain)
		}
	}
}

// tellUnread tells the caller's sockets how much is unread in the rooms where that is another number, since the
// caller has blocked some others or ended that. What these say from the block on does not count anyway, so the
// rooms in which they said something before are all there are. They cost the caller more the more they are, which is
// known only now, so that whoever has less left owes it.
func (a *Actions) tellUnread(ctx context.Context, by access.Caller, others []chat.UserID) error {
	rooms, err := read(ctx, a.store, func(tx *store.Tx) ([]chat.RoomID, error) {
		return tx.UnreadOf(by.User, others)
	})
	if err != nil {
		return err
	}
	a.budgets.changes.Take(payer(by), len(rooms)/roomsPerChange)
	for some := range slices.Chunk(rooms, tellAtOnce) {
		tell := func(tx *store.WriteTx) error { return tx.TellUnread(by, some) }
		err := a.store.WriteAndWait(tell)
		for ctx.Err() == nil && (chat.IsCode(err, chat.Busy) || chat.IsCode(err, chat.Unavailable)) {
			pause(ctx, tellAgain)
			err = a.store.WriteAndWait(tell)
		}
		if err != nil {
			return err
		}
		if err := ctx.Err(); err != nil {
			return err
		}
	}
	return nil
}
