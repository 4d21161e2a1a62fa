// The handlers of messages: the same actions as on the socket, for callers who wait for each answer.

package main

import (
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"parley/access"
	"parley/actions"
	"parley/chat"
)

// listMessages answers GET /api/rooms/:room/messages?before=&after=&around=&limit=.
func (s *Server) listMessages(c echo.Context) error {
	of := actions.PageOf{}
	var err error
	if of.Room, err = number[chat.RoomID](c, "room"); err != nil {
		return err
	}
	var limit int64
	for name, into := range map[string]*int64{
		"before": &of.Before, "after": &of.After, "around": &of.Around, "limit": &limit,
	} {
		if *into, err = queryNumber(c, name); err != nil {
			return err
		}
	}
	of.Limit = int(min(limit, actions.MaxPage+1))
	page, err := s.actions.History(c.Request().Context(), me(c), of)
	return answer(c, page, err)
}

// postMessage answers POST /api/rooms/:room/messages.
func (s *Server) postMessage(c echo.Context) error {
	room, err := number[chat.RoomID](c, "room")
	if err != nil {
		return err
	}
	var in chat.Draft
	if err := bind(c, &in); err != nil {
		return err
	}
	sent, err := actions.Wait(func(done actions.Sent) { s.actions.Post(me(c), room, in, done) })
	if err != nil {
		return err
	}
	return c.JSON(http.StatusCreated, sent)
}

// messageAt reads the room and the place of an address.
func messageAt(c echo.Context) (at chat.MessageAt, err error) {
	if at.RoomID, err = number[chat.RoomID](c, "room"); err != nil {
		return at, err
	}
	at.Seq, err = number[int64](c, "seq")
	return at, err
}

// editMessage answers PATCH /api/rooms/:room/messages/:seq.
func (s *Server) editMessage(c echo.Context) error {
	at, err := messageAt(c)
	if err != nil {
		return err
	}
	var in struct {
		Body string `json:"body"`
	}
	if err := bind(c, &in); err != nil {
		return err
	}
	sent, err := actions.Wait(func(done actions.Sent) {
		s.actions.Edit(me(c), chat.MessageEdit{RoomID: at.RoomID, Seq: at.Seq, Body: in.Body}, done)
	})
	return answer(c, sent, err)
}

// deleteMessage answers DELETE /api/rooms/:room/messages/:seq.
func (s *Server) deleteMessage(c echo.Context) error {
	at, err := messageAt(c)
	if err != nil {
		return err
	}
	sent, err := actions.Wait(func(done actions.Sent) { s.actions.Delete(me(c), at, done) })
	return answer(c, sent, err)
}

// addReaction answers PUT /api/rooms/:room/messages/:seq/reactions/:emoji.
func (s *Server) addReaction(c echo.Context) error { return reaction(c, s.actions.React) }

// removeReaction answers DELETE /api/rooms/:room/messages/:seq/reactions/:emoji.
func (s *Server) removeReaction(c echo.Context) error { return reaction(c, s.actions.Unreact) }

func reaction(c echo.Context, act func(access.Caller, chat.ReactionAt, actions.Sent)) error {
	at, err := messageAt(c)
	if err != nil {
		return err
	}
	emoji, err := url.PathUnescape(c.Param("emoji"))
	if err != nil {
		return chat.InvalidField("emoji", "not a part of an address")
	}
	in := chat.ReactionAt{RoomID: at.RoomID, Seq: at.Seq, Emoji: emoji}
	sent, err := actions.Wait(func(done actions.Sent) { act(me(c), in, done) })
	return answer(c, sent, err)
}

// markRead answers PUT /api/rooms/:room/read.
func (s *Server) markRead(c echo.Context) error {
	room, err := number[chat.RoomID](c, "room")
	if err != nil {
		return err
	}
	var in struct {
		ReadSeq int64 `json:"read_seq"`
	}
	if err := bind(c, &in); err != nil {
		return err
	}
	moved, err := actions.Wait(func(done func(chat.ReadMoved, error)) {
		s.actions.MarkRead(me(c), chat.RoomRead{RoomID: room, ReadSeq: in.ReadSeq}, done)
	})
	return answer(c, moved, err)
}

// listChanges answers POST /api/changes.
func (s *Server) listChanges(c echo.Context) error {
	var in chat.ChangesSince
	if err := bind(c, &in); err != nil {
		return err
	}
	changes, err := s.actions.Changes(c.Request().Context(), me(c), in)
	return answer(c, changes, err)
}
