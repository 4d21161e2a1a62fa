// The handlers of messages. They call the same actions as the socket door, and wait for each result.

package web

import (
	"parley/access"
	"parley/actions"
	"parley/chat"
)

// atRoom is the part of a path that names a room.
type atRoom struct {
	Room chat.RoomID `path:"room"`
}

// atMessage is the part of a path that names a message.
type atMessage struct {
	Room chat.RoomID `path:"room"`
	Seq  int64       `path:"seq"`
}

// pageOf asks for a page of messages.
type pageOf struct {
	Room   chat.RoomID `path:"room"`
	Before *int64      `query:"before"`
	After  *int64      `query:"after"`
	Around *int64      `query:"around"`
	Limit  *int64      `query:"limit"`
}

// ListMessages gives a page of a room's messages.
func (s *Server) ListMessages(r *Request, in pageOf) (chat.Page, error) {
	return s.actions.History(r.Ctx(), r.By, in.Room, actions.PageOf{
		Before: in.Before, After: in.After, Around: in.Around, Limit: pageLimit(in.Limit),
	})
}

// pageLimit makes a limit fit an int, where 0 means that none was given. A limit that no page can have stays one,
// so that the action still refuses it.
func pageLimit(given *int64) int {
	switch {
	case given == nil:
		return 0
	case *given == 0:
		return -1
	}
	return int(min(*given, actions.MaxPage+1))
}

// below is the id that the elements of a page are below, where 0 means that none was given. No element has an id
// below 1, so nothing is below 0 either.
func below[ID ~int64](given *ID) ID {
	if given == nil {
		return 0
	}
	return max(*given, 1)
}

// postMessage is a new message for a room.
type postMessage struct {
	atRoom
	Draft chat.Draft
}

// PostMessage posts a message and waits until it is on disk.
func (s *Server) PostMessage(r *Request, in postMessage) (chat.MessageSent, error) {
	return actions.Wait(func(done actions.Sent) { s.actions.Post(r.By, in.Room, in.Draft, done) })
}

// editMessage is a new text for a message.
type editMessage struct {
	atMessage
	Text chat.NewText
}

// EditMessage replaces the text of the caller's own message.
func (s *Server) EditMessage(r *Request, in editMessage) (chat.MessageSent, error) {
	edit := chat.MessageEdit{RoomID: in.Room, Seq: in.Seq, Body: in.Text.Body}
	return actions.Wait(func(done actions.Sent) { s.actions.Edit(r.By, edit, done) })
}

// DeleteMessage turns a message into a tombstone.
func (s *Server) DeleteMessage(r *Request, in atMessage) (chat.MessageSent, error) {
	at := chat.MessageAt{RoomID: in.Room, Seq: in.Seq}
	return actions.Wait(func(done actions.Sent) { s.actions.Delete(r.By, at, done) })
}

// atReaction is the part of a path that names an emoji under a message.
type atReaction struct {
	atMessage
	Emoji string `path:"emoji"`
}

// AddReaction adds the caller's reaction to a message.
func (s *Server) AddReaction(r *Request, in atReaction) (chat.MessageSent, error) {
	return react(r, in, s.actions.React)
}

// RemoveReaction removes the caller's reaction from a message.
func (s *Server) RemoveReaction(r *Request, in atReaction) (chat.MessageSent, error) {
	return react(r, in, s.actions.Unreact)
}

func react(
	r *Request, in atReaction, act func(access.Caller, chat.ReactionAt, actions.Sent),
) (chat.MessageSent, error) {
	at := chat.ReactionAt{RoomID: in.Room, Seq: in.Seq, Emoji: in.Emoji}
	return actions.Wait(func(done actions.Sent) { act(r.By, at, done) })
}

// markRead is how far the caller has read a room.
type markRead struct {
	atRoom
	Read chat.NewReadSeq
}

// MarkRead sets how far the caller has read a room.
func (s *Server) MarkRead(r *Request, in markRead) (chat.ReadMoved, error) {
	read := chat.RoomRead{RoomID: in.Room, ReadSeq: in.Read.ReadSeq}
	return actions.Wait(func(done func(chat.ReadMoved, error)) { s.actions.MarkRead(r.By, read, done) })
}

// listChanges asks what changed in rooms. Changes is as at the address of the socket: chat.DeltasParam.
type listChanges struct {
	Changes string `query:"changes"`
	Since   chat.ChangesSince
}

// ListChanges gives what changed in rooms since the revs that the caller knows.
func (s *Server) ListChanges(r *Request, in listChanges) (chat.Changes, error) {
	return s.actions.Changes(r.Ctx(), r.By, in.Since, chat.AsksForDeltas(in.Changes))
}
