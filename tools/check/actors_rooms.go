// What actors do to rooms as a whole: archiving and emptying them, hiding them, leaving groups, and deleting
// what others wrote there.

package check

import (
	"context"
	"fmt"
	"net/http"
	"slices"

	"parley/chat"
)

// mostGroups bounds how many direct rooms a run makes for the people of its group.
const mostGroups = 6

// asOwner makes a request as the owner of the server, directly at the server, and records it.
func (r *run) asOwner(ctx context.Context, ask Ask, method, path string, in any) error {
	ctx, cancel := answering(ctx)
	defer cancel()
	ask.Client = 0 // the first client is the owner's
	ended := r.rec.overHTTP(ask)
	err := r.call(ctx, 0, method, path, in, nil)
	ended(chat.MessageSent{}, err)
	return err
}

// moderate deletes a message of somebody else, whether the actor may or not. It looks a few times for a room
// where the actor may.
func (a *actor) moderate(ctx context.Context) {
	var at place
	for range 6 {
		if found, ok := a.pick(func(m *Seen) bool { return !m.Deleted && m.Author != a.user.ID }); ok {
			at = found
		}
		if a.folded.owns(at.room) {
			break
		}
	}
	if at.room != 0 {
		a.ask(ctx, "message.delete", chat.MessageAt{RoomID: at.room, Seq: at.seq})
	}
}

// archive archives a room of the actor's user, tries to write and react there, and brings the room back. If it
// cannot be brought back now, that is done another time.
func (a *actor) archive(ctx context.Context) {
	room, ok := a.owned()
	if !ok || room.Kind == chat.Direct {
		return
	}
	to := func(event string, archived bool) {
		a.overHTTP(ctx, Ask{Event: event, Room: room.ID}, http.MethodPatch, roomPath(room.ID),
			chat.RoomChange{Archived: &archived})
	}
	if !a.folded.archived(room.ID) {
		to("room.archive", true)
		a.sayIn(room.ID)
		for _, m := range first(a.folded.in(room.ID, anyMessage)) {
			reaction := chat.ReactionAt{RoomID: room.ID, Seq: m.Seq, Emoji: emoji[a.random.IntN(len(emoji))]}
			a.ask(ctx, "reaction.add", reaction)
		}
		for _, m := range first(a.folded.in(room.ID, a.own)) {
			a.ask(ctx, "message.edit", chat.MessageEdit{RoomID: room.ID, Seq: m.Seq, Body: a.text()})
		}
	}
	to("room.unarchive", false)
}

func first(list []*Seen) []*Seen { return list[:min(2, len(list))] }

// hide hides a direct room of the actor, and sometimes asks for it again.
func (a *actor) hide(ctx context.Context) {
	room, ok := a.folded.direct(a.random.IntN, func(int) bool { return true })
	if !ok {
		return
	}
	a.ask(ctx, "room.hide", chat.RoomAt{RoomID: room.ID})
	if a.random.IntN(3) == 0 && len(room.MemberIDs) == 2 {
		a.overHTTP(ctx, Ask{Event: "direct.make"}, http.MethodPost, "/api/directs",
			chat.NewDirect{UserIDs: room.MemberIDs})
	}
}

// favor makes a room one of the actor's favorites, or takes it out of them.
func (a *actor) favor(ctx context.Context) {
	room, _ := a.folded.pick(a.random.IntN, anyMessage)
	if room.ID == 0 {
		return
	}
	event := "favorite.add"
	if a.random.IntN(2) == 0 {
		event = "favorite.remove"
	}
	a.ask(ctx, event, chat.RoomAt{RoomID: room.ID})
}

// comeAndGo leaves a room that may then be empty, or enters one that may be archived because it was empty.
// Only the owner of the server can bring such a room back.
func (a *actor) comeAndGo(ctx context.Context) {
	room := a.run.crowd.fleeting[a.random.IntN(len(a.run.crowd.fleeting))].ID
	if a.folded.room(room) != nil {
		a.sayIn(room)
		a.ask(ctx, "room.leave", chat.RoomAt{RoomID: room})
		a.sayIn(room)
		return
	}
	if chat.IsCode(a.ask(ctx, "room.join", chat.RoomAt{RoomID: room}), chat.Archived) {
		in := false
		a.run.asOwner(ctx, Ask{Event: "room.unarchive", Room: room}, http.MethodPatch,
			fmt.Sprintf("/api/server/rooms/%d", room), chat.KeptRoomChange{Archived: &in})
		a.ask(ctx, "room.join", chat.RoomAt{RoomID: room})
	}
	a.sayIn(room)
}

// leaveGroup leaves a direct room of three or more. The people for whom it was then get a new one.
func (a *actor) leaveGroup(ctx context.Context) {
	room, ok := a.folded.direct(a.random.IntN, func(people int) bool { return people > 2 })
	if !ok || a.run.groups.Load() >= mostGroups {
		return
	}
	a.ask(ctx, "room.leave", chat.RoomAt{RoomID: room.ID})
	a.sayIn(room.ID)
	if a.run.groups.Add(1) <= mostGroups {
		a.overHTTP(ctx, Ask{Event: "direct.make"}, http.MethodPost, "/api/directs",
			chat.NewDirect{UserIDs: a.run.crowd.group})
	}
}

// block has the actor's user block somebody, and tries to write to them; or it ends that. Mostly it blocks those
// with whom the actor has a direct room of two.
func (a *actor) block(ctx context.Context) {
	users := a.run.crowd.users
	index := a.random.IntN(len(users) - 1)
	who := users[index].ID
	room, ok := a.folded.direct(a.random.IntN, func(people int) bool { return people == 2 })
	if ok = ok && a.random.IntN(4) > 0; ok {
		who = room.MemberIDs[0]
		if who == a.user.ID {
			who = room.MemberIDs[1]
		}
		index = slices.IndexFunc(users, func(user chat.User) bool { return user.ID == who })
	}
	if who == a.user.ID {
		return
	}
	path := fmt.Sprintf("/api/me/blocks/%d", who)
	unblock := func() { a.overHTTP(ctx, Ask{Event: "block.remove", User: who}, http.MethodDelete, path, nil) }
	if a.folded.hasBlocked(who) {
		unblock()
		return
	}
	a.overHTTP(ctx, Ask{Event: "block.add", User: who}, http.MethodPut, path, nil)
	if !ok {
		return // until it comes to this person again
	}
	a.sayIn(room.ID)
	a.run.post(ctx, index, index, room.ID, " to somebody who has blocked me") // the n-th client is the n-th user's
	for _, m := range first(a.folded.in(room.ID, anyMessage)) {
		a.ask(ctx, "reaction.add", chat.ReactionAt{RoomID: room.ID, Seq: m.Seq, Emoji: emoji[0]})
		a.ask(ctx, "reaction.remove", chat.ReactionAt{RoomID: room.ID, Seq: m.Seq, Emoji: emoji[0]})
	}
	if a.random.IntN(3) > 0 {
		unblock()
	}
}
