// Erasing: deleting all messages of deactivated people, a few at a time, and before them rooms of theirs, one at a time.

package actions

import (
	"context"
	"log/slog"
	"time"

	"parley/access"
	"parley/chat"
	"parley/store"
)

// The bounds of one step of an erasure. A step reads over eraseSpan messages, whoever wrote them, and deletes
// at most eraseChunk, or a room. That is so few that a message which is sent meanwhile waits no longer than for one
// commit to disk.
const (
	eraseSpan  = 5000
	eraseChunk = 50
)

// eraseRest is how many times as long as a step took the server rests after it, so that erasing takes only a
// part of what the server can do.
const eraseRest = 3

// eraseAgain is how long erasing waits after a step that failed, as on a full disk.
const eraseAgain = 10 * time.Second

// wakeErasing tells Erase that there is more to delete.
func (a *Actions) wakeErasing() {
	select {
	case a.erasing <- struct{}{}:
	default: // it is told already
	}
}

// Erase deletes the messages of people who were deactivated with their messages, and those of deleted rooms, and
// then waits for more, until ctx ends. It first goes on with what an earlier run of the server began. Call it once, on a
// goroutine of its own, before the store is closed.
func (a *Actions) Erase(ctx context.Context) {
	for ctx.Err() == nil {
		err := a.EraseAll(ctx, eraseRest)
		if err != nil && ctx.Err() == nil {
			slog.Error("delete the messages of a deactivated person", "error", err)
			pause(ctx, eraseAgain)
			continue
		}
		select {
		case <-a.erasing:
		case <-ctx.Done():
		}
	}
}

// EraseAll deletes the messages of people who were deactivated with their messages, and those of deleted rooms,
// until none is left or ctx ends. After each step it rests for rest times as long as the step took.
func (a *Actions) EraseAll(ctx context.Context, rest int) error {
	for {
		began := time.Now()
		more, err := a.dropStep(ctx)
		if err == nil && !more {
			more, err = a.eraseStep(ctx)
		}
		if err != nil || !more {
			return err
		}
		pause(ctx, time.Duration(rest)*time.Since(began))
	}
}

// eraseStep deletes the next room or messages; more tells whether there was anything to do.
func (a *Actions) eraseStep(ctx context.Context) (more bool, err error) {
	type step struct {
		store.Erasure
		next store.Erasure // after rooms were looked at
		room chat.Room
		keys []int64
		upTo int64
	}
	next, err := read(ctx, a.store, func(tx *store.Tx) (s step, err error) {
		if s.Erasure, err = tx.NextErasure(); err != nil {
			return s, err
		}
		if s.AfterRoom >= 0 {
			s.room, s.next, err = tx.NextErasedRoom(s.Erasure, eraseSpan)
			return s, err
		}
		s.keys, s.upTo, err = tx.ToErase(s.Erasure, eraseSpan, eraseChunk)
		return s, err
	})
	if chat.IsCode(err, chat.NotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return true, a.store.WriteAndWait(func(tx *store.WriteTx) error {
		if next.AfterRoom >= 0 {
			return eraseRoom(tx, next.Erasure, next.next, next.room)
		}
		if next.upTo == 0 {
			return tx.FinishErasure(next.Erasure)
		}
		return tx.Erase(next.Erasure, next.keys, next.upTo)
	})
}

// eraseRoom goes on to what comes next in an erasure. Before that it deletes a room in which nobody but its person had
// written when it was read, and keeps it when somebody has since.
func eraseRoom(tx *store.WriteTx, e, next store.Erasure, room chat.Room) error {
	under, err := tx.PassRoom(e, next)
	if err != nil || !under || room.ID == 0 {
		return err
	}
	now, err := tx.AnyRoom(room.ID)
	if chat.IsCode(err, chat.NotFound) {
		return nil // somebody else deletes it
	}
	if err != nil || now.Seq != room.Seq {
		return err
	}
	if err := tx.DeleteRoom(now); err != nil {
		return err
	}
	by := access.Caller{User: e.By, Operator: e.By == 0}
	return tx.Audit(by, chat.AuditEntry{Act: chat.ActDeleteRoom, RoomID: room.ID})
}

// pause waits for a time, or until ctx ends.
func pause(ctx context.Context, wait time.Duration) {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}
