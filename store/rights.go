// Rights: what the writer remembers of who may do what. To look it up for each message would be a quarter of
// what the writer does for one.
//
// Every right is asked inside the transaction that uses it, and while the writer has begun one, nobody else can change
// the database. So an answer of an earlier transaction is as good as another look, as long as nothing that it was
// made of has changed since. The writer forgets all answers
//   - with every statement that may change a right: whatever changes something, unless it is called as one that keeps
//     rights;
//   - when it rolls a transaction back, in which it may have read what is not so any more;
//   - when it opens another connection;
//   - when somebody else has changed the database since its last transaction: another connection or process.
//
// The end of a session comes by itself, so it is remembered with the session.

package store

import (
	"parley/access"
	"parley/chat"
)

// maxRights bounds the standings and the sessions that are remembered. Those that are too many are dropped, and
// looked up again.
const maxRights = 20_000

// rights are answers that still hold. Only what is allowed is remembered, never a refusal.
type rights struct {
	standings map[standingKey]access.Standing
	sessions  map[chat.SessionID]int64 // when each ends
}

type standingKey struct {
	user  chat.UserID
	token chat.TokenID // 0 for people; what a token allows never changes
	room  chat.RoomID
}

func newRights() *rights {
	return &rights{map[standingKey]access.Standing{}, map[chat.SessionID]int64{}}
}

func (r *rights) forget() {
	clear(r.standings)
	clear(r.sessions)
}

// StandingIn is Tx.StandingIn, with its answers remembered.
func (tx *WriteTx) StandingIn(by access.Caller, room chat.RoomID) (access.Standing, error) {
	key := standingKey{user: by.User, room: room}
	if by.Grant != nil {
		key.token = by.Grant.Token
	}
	if standing, known := tx.rights.standings[key]; known {
		return standing, nil
	}
	standing, err := tx.Tx.StandingIn(by, room)
	if err == nil {
		remember(tx.rights.standings, key, standing)
	}
	return standing, err
}

// MustBeSignedIn is Tx.MustBeSignedIn, with its answers remembered.
func (tx *WriteTx) MustBeSignedIn(by access.Caller) error {
	if tx.rights.sessions[by.Session] > tx.now {
		return nil
	}
	end, err := tx.sessionEnd(by)
	if err == nil && by.Session != "" {
		remember(tx.rights.sessions, by.Session, end)
	}
	return err
}

func remember[K comparable, V any](all map[K]V, key K, value V) {
	if len(all) >= maxRights {
		clear(all)
	}
	all[key] = value
}
