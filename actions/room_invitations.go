// Room invitations: asking people before they are brought into a room, and their answers. Nobody learns of an
// answer but the person who gave it; that somebody accepted is seen by their membership.

package actions

import (
	"context"

	"parley/access"
	"parley/chat"
	"parley/store"
)

// The bounds of room invitations. Each ends after store.KeptRoomInvitations. They count among maxCaused too.
const (
	maxAsked      = 50   // that wait for one person's answer
	maxAskedByOne = 20   // of one person that one and the same person caused, also those that were declined
	maxAsking     = 1000 // that one person caused in all: leaving the server ends them in one transaction
	askedPage     = 1000 // in one answer
)

// RoomInvitations lists the room invitations that wait for the caller's answer.
func (a *Actions) RoomInvitations(ctx context.Context, by access.Caller) (chat.RoomInvitations, error) {
	return readFor(ctx, a, by, func(tx *store.Tx) (chat.RoomInvitations, error) { return tx.RoomInvitations(by.User) })
}

// bring makes a user a member of a room because of by, or asks the user when they want to be asked; asked tells
// which.
func bring(tx *store.WriteTx, room chat.Room, user, by chat.UserID) (asked bool, err error) {
	asked, err = tx.WantsAsking(room.ID, user)
	switch {
	case err != nil:
		return false, err
	case asked:
		return true, ask(tx, room, user, by)
	}
	return false, join(tx, room.ID, user, chat.MemberPlain, by)
}

// ask asks a user into a room. While somebody's question into that room waits, or was declined, it does nothing:
// whoever asks cannot tell one from the other. One that was declined and that counts for nobody any more counts for by
// then, as another question would.
func ask(tx *store.WriteTx, room chat.Room, user, by chat.UserID) error {
	inviter, _, err := tx.RoomInviter(user, room.ID)
	if err == nil && inviter != 0 || err != nil && !chat.IsCode(err, chat.NotFound) {
		return err
	}
	n, err := tx.Asked(user, by)
	switch {
	case err != nil:
		return err
	case n.Asking >= maxAsking:
		return tooManyInvitations(maxAsking, "so many people have yet to answer you that you cannot ask others now")
	case n.ByOne >= maxAskedByOne:
		return tooManyInvitations(maxAskedByOne, "you asked this person into so many rooms that they have to join by themselves")
	case n.Waiting >= maxAsked:
		return tooManyInvitations(maxAsked, "this person has so many invitations to answer that they have to join by themselves")
	}
	return tx.AddRoomInvitation(user, by, room)
}

func tooManyInvitations(limit int64, message string) error {
	return &chat.Error{Code: chat.TooManyInvitations, Limit: limit, Message: message}
}

// Asked returns a page of those who are asked into a room of the caller's and are no members yet: those with an id
// above after. Nobody can tell from it who declined.
func (a *Actions) Asked(ctx context.Context, by access.Caller, id chat.RoomID, after chat.UserID) (chat.Asked, error) {
	return readAs(ctx, a, by, func(tx *store.Tx) (chat.Asked, error) {
		found, err := tx.RoomFor(by, id)
		if err == nil {
			err = access.MustBeMember(found.Standing)
		}
		if err != nil {
			return chat.Asked{}, err
		}
		asked, err := tx.AskedInto(id, after, askedPage+1)
		more := len(asked) > askedPage
		return chat.Asked{UserIDs: asked[:min(len(asked), askedPage)], More: more}, err
	})
}

// AcceptRoomInvitation makes the caller a member of a room into which somebody asks them, if whoever asks still
// may. It counts as a room that the caller joined. For a member it does nothing.
func (a *Actions) AcceptRoomInvitation(by access.Caller, id chat.RoomID, done func(chat.RoomState, error)) {
	queueWrite(a.store, by, func(tx *store.WriteTx) (chat.RoomState, error) {
		found, err := tx.RoomFor(by, id)
		if err == nil && found.Member {
			return tx.StateOf(found)
		}
		if err := mayAccept(tx, by, id); err != nil {
			return chat.RoomState{}, err
		}
		if err := join(tx, id, by.User, chat.MemberPlain, by.User); err != nil {
			return chat.RoomState{}, err
		}
		found, err = tx.RoomFor(by, id)
		return stateOf(tx, found, err)
	}, done)
}

var errNoRoomInvitation = chat.Errorf(chat.NotFound, "there is no such room invitation")

// mayAccept refuses with NotFound when nobody who may asks the caller into a room.
func mayAccept(tx *store.WriteTx, by access.Caller, id chat.RoomID) error {
	inviter, declined, err := tx.RoomInviter(by.User, id)
	if err != nil {
		return err
	}
	if declined {
		return errNoRoomInvitation
	}
	standing, err := tx.StandingIn(access.Caller{User: inviter}, id)
	if chat.IsCode(err, chat.NotFound) {
		return errNoRoomInvitation
	}
	if err != nil {
		return err
	}
	blocked, err := tx.HasBlocked(by.User, inviter)
	if err == nil {
		err = access.MayBeAskedInto(standing, blocked)
	}
	return err
}

// DeclineRoomInvitation has the caller decline what somebody asks. Nobody is told, and nobody asks the caller
// into that room again until the invitation would have ended.
func (a *Actions) DeclineRoomInvitation(by access.Caller, id chat.RoomID, done func(chat.Done, error)) {
	queueWrite(a.store, by, func(tx *store.WriteTx) (chat.Done, error) {
		if _, _, err := tx.RoomInviter(by.User, id); err != nil {
			return chat.Done{}, err
		}
		return chat.Done{}, tx.DeclineRoomInvitation(by.User, id)
	}, done)
}
