// Messages: posting, editing, deleting, reacting, and how far the caller has read. Each action queues a write
// and answers once the write is on disk.

package actions

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"parley/access"
	"parley/chat"
	"parley/internal/markdown"
	"parley/internal/unseen"
	"parley/store"
)

// maxReactions bounds the different emoji under one message.
const maxReactions = 50

// maxWaiting bounds the bytes of all texts on their way to the disk, and from there to the dispatcher.
const maxWaiting = 32 << 20

// Sent gets the outcome of posting or changing a message. It is called once, from any goroutine, and must not
// block: see Store.Write.
type Sent = func(chat.MessageSent, error)

// Post queues a message. It calls done once the message is on disk, or with the reason why it was not stored.
// A draft that was sent before gets its first answer again, even when its author may no longer post: another
// answer would say that it was not stored.
func (a *Actions) Post(by access.Caller, room chat.RoomID, draft chat.Draft, done Sent) {
	done = inOrder(by.Order, done)
	if err := a.checkBody(draft.Body); err != nil {
		done(chat.MessageSent{}, err)
		return
	}
	if draft.ClientID.IsZero() {
		done(chat.MessageSent{}, chat.InvalidField("client_id", "send a UUID, a new one for each message"))
		return
	}
	rendered := store.RenderedDraft{Draft: draft, HTML: render(by, draft.Body)}
	done, err := a.admit(len(rendered.Body)+len(rendered.HTML), done)
	if err != nil {
		done(chat.MessageSent{}, err)
		return
	}
	weight := longText(rendered.Body, rendered.HTML)
	if weight > 0 { // most are short, and nobody has to be counted
		weight *= a.rooms.Listening(room)
	}
	counted := false // the write may run twice, but counts once
	names := store.In(room).And(store.Of(by.User)).Sends(by.User, draft.ClientID)
	queueWriteTo(a.store, names, by, func(tx *store.WriteTx) (chat.MessageSent, error) {
		if err := by.Order.Check(); err != nil {
			return chat.MessageSent{}, err
		}
		standing, err := tx.StandingIn(by, room)
		if err == nil {
			err = access.MayPost(standing)
		}
		if err != nil {
			if sent, sentErr := tx.Sent(by.User, room, draft); sentErr == nil {
				return sent, nil
			}
			return chat.MessageSent{}, err
		}
		if weight >= bytesPerChange && !counted {
			if sent, err := tx.Sent(by.User, room, draft); err == nil { // nobody is sent it again
				return sent, nil
			}
			if err := a.notTooMuch(by, weight); err != nil {
				return chat.MessageSent{}, err
			}
			counted = true
		}
		return tx.AddMessage(standing, rendered)
	}, done)
}

// render renders a text, and notes the work with what its author has paid.
func render(by access.Caller, body string) (html string) {
	by.Charge.Work(len(body) / renderedPerRead)
	return markdown.Render(body)
}

// inOrder returns a done for a message of a connection. When the message failed and may be sent again, it
// breaks the connection's order before it passes the answer on.
func inOrder(of *access.Order, done Sent) Sent {
	if of == nil {
		return done
	}
	return func(sent chat.MessageSent, err error) {
		if err != nil && Refusal(err).Retryable() {
			of.Break()
		}
		done(sent, err)
	}
}

// admit counts the bytes of a text until done is called: while the text waits for the disk, and then for the
// dispatcher. The queues bound only the number of writes, and texts may be long. It refuses with Busy when
// too many bytes wait.
func (a *Actions) admit(bytes int, done Sent) (Sent, error) {
	if err := a.hold(bytes); err != nil {
		return done, err
	}
	return func(sent chat.MessageSent, err error) {
		a.waiting.Add(int64(-bytes))
		done(sent, err)
	}, nil
}

// hold counts bytes that wait. After nil the caller has to take them from a.waiting again.
func (a *Actions) hold(bytes int) error {
	if a.waiting.Add(int64(bytes)) > maxWaiting {
		a.waiting.Add(int64(-bytes))
		return &chat.Error{Code: chat.Busy, Message: "too much text waits to be stored", Limit: maxWaiting}
	}
	return nil
}

// checkBody checks the text of a message.
func (a *Actions) checkBody(body string) error {
	if unseen.Blank(body) {
		return chat.InvalidField("body", "a message may not be empty")
	}
	if !utf8.ValidString(body) || strings.ContainsRune(body, 0) {
		return chat.InvalidField("body", "a message is UTF-8 text without NUL characters")
	}
	if utf8.RuneCountInString(body) > a.limits.MessageCharacters {
		return &chat.Error{
			Code: chat.MessageTooLong, Field: "body", Limit: int64(a.limits.MessageCharacters),
			Message: "a message has at most " + strconv.Itoa(a.limits.MessageCharacters) + " characters",
		}
	}
	return nil
}

// bytesPerChange is how many bytes count as one change when a request makes the server send more to a room
// than the request itself brought. With the default limits, this holds one person to 640 KB a second, which is
// as if they posted 10 messages of 1 KB a second to 64 sockets.
const bytesPerChange = 64 << 10

// The text of a message, which the request brought, counts less than what the server adds: only what is longer than
// freeText, and that for one part in textShare. With the default limits one person has 10 MB of long texts sent in a
// second, after a burst of 50 MB.
const (
	freeText  = 2 << 10 // bytes of text and HTML together
	textShare = 16
)

// longText returns for how many bytes the text of a message counts when it is sent to one socket.
func longText(body, html string) int { return max(0, len(body)+len(html)-freeText) / textShare }

// notTooMuch bounds how much one person makes the server send, by what their request brings with it: bytes is
// that, for all sockets together. It takes whole changes from what the caller may make in a second, besides the
// one that the door took, but never more than the caller has after a pause: everything can be done at some
// time. It refuses with RateLimited.
func (a *Actions) notTooMuch(by access.Caller, bytes int) error {
	return a.Spend(by, access.Changes(min(bytes/bytesPerChange, a.budgets.changes.Burst()-1)))
}

// Edit replaces the text of one of the caller's own messages.
func (a *Actions) Edit(by access.Caller, in chat.MessageEdit, done Sent) {
	if err := a.checkBody(in.Body); err != nil {
		done(chat.MessageSent{}, err)
		return
	}
	html := render(by, in.Body)
	done, err := a.admit(len(in.Body)+len(html), done)
	if err != nil {
		done(chat.MessageSent{}, err)
		return
	}
	native, _ := a.rooms.Told(in.RoomID)
	counted := false // the write may run twice, but counts once
	queueWriteTo(a.store, store.In(in.RoomID), by, func(tx *store.WriteTx) (chat.MessageSent, error) {
		found, m, err := ownMessage(tx, by, in.RoomID, in.Seq)
		if err == nil {
			err = access.MayPost(found.Standing)
		}
		if err != nil || m.Body == in.Body {
			return store.SentOf(m), err
		}
		if !counted {
			if err := a.notTooMuch(by, (store.ReactionBytes(m)+longText(in.Body, html))*native); err != nil {
				return chat.MessageSent{}, err
			}
			counted = true
		}
		return tx.EditMessage(m, in.Body, html)
	}, done)
}

// Delete turns a message into a tombstone. Its author may, and those whom access.MayDeleteMessage names; these
// stand in the audit log. For a tombstone it does nothing.
func (a *Actions) Delete(by access.Caller, in chat.MessageAt, done Sent) {
	queueWriteTo(a.store, store.In(in.RoomID), by, func(tx *store.WriteTx) (chat.MessageSent, error) {
		found, err := tx.RoomFor(by, in.RoomID)
		if err != nil {
			return chat.MessageSent{}, err
		}
		m, author, err := authoredMessage(tx, in)
		if err != nil {
			return chat.MessageSent{}, err
		}
		if err := access.MayDeleteMessage(found.Standing, author); err != nil {
			return chat.MessageSent{}, err
		}
		return deleteMessage(tx, by, m)
	}, done)
}

// authoredMessage finds a message and where its author stands, without checking anyone's rights.
func authoredMessage(tx *store.WriteTx, at chat.MessageAt) (chat.Message, access.Standing, error) {
	m, err := tx.Message(at.RoomID, at.Seq)
	if err != nil {
		return chat.Message{}, access.Standing{}, err
	}
	author, err := tx.StandingOf(m.AuthorID, at.RoomID)
	return m, author, err
}

// deleteMessage turns a message into a tombstone, and notes in the audit log when its author did not do it.
func deleteMessage(tx *store.WriteTx, by access.Caller, m chat.Message) (chat.MessageSent, error) {
	if m.DeletedAt != 0 {
		return store.SentOf(m), nil
	}
	if by.User != m.AuthorID {
		err := tx.Audit(by, chat.AuditEntry{
			Act: chat.ActDeleteMessage, UserID: m.AuthorID, RoomID: m.RoomID, Seq: m.Seq,
		})
		if err != nil {
			return chat.MessageSent{}, err
		}
	}
	return tx.DeleteMessage(m, by.User)
}

// ownMessage finds one of the caller's own messages, in a room that the caller is still a member of. It
// returns a tombstone together with the refusal Deleted.
func ownMessage(tx *store.WriteTx, by access.Caller, room chat.RoomID, seq int64) (store.SeenRoom, chat.Message, error) {
	found, m, err := reachableMessage(tx, by, room, seq)
	if m.AuthorID != 0 { // the message was found
		if err := access.MayChangeMessage(by, m); err != nil {
			return store.SeenRoom{}, chat.Message{}, err
		}
	}
	return found, m, err
}

var errDeleted = chat.Errorf(chat.Deleted, "the message has been deleted")

// reachableMessage finds a message in a room that the caller is a member of. It returns a tombstone together
// with the refusal Deleted.
func reachableMessage(tx *store.WriteTx, by access.Caller, room chat.RoomID, seq int64) (store.SeenRoom, chat.Message, error) {
	found, err := tx.RoomFor(by, room)
	if err != nil {
		return store.SeenRoom{}, chat.Message{}, err
	}
	if err := access.MustBeMember(found.Standing); err != nil {
		return store.SeenRoom{}, chat.Message{}, err
	}
	m, err := tx.Message(room, seq)
	if err == nil && m.DeletedAt != 0 {
		err = errDeleted
	}
	return found, m, err
}

// React puts an emoji of the caller under a message. Every member of the room may, also in the announcements.
func (a *Actions) React(by access.Caller, in chat.ReactionAt, done Sent) { a.react(by, in, true, done) }

// Unreact removes an emoji of the caller from a message.
func (a *Actions) Unreact(by access.Caller, in chat.ReactionAt, done Sent) {
	a.react(by, in, false, done)
}

// react puts an emoji of the caller under a message, or removes it from there.
func (a *Actions) react(by access.Caller, in chat.ReactionAt, add bool, done Sent) {
	emoji, err := checkEmoji(in.Emoji)
	if err != nil {
		done(chat.MessageSent{}, err)
		return
	}
	_, whole := a.rooms.Told(in.RoomID)
	// The message goes with the change to the dispatcher. The write may run twice, but counts once.
	counted := 0
	queueWriteTo(a.store, store.In(in.RoomID), by, func(tx *store.WriteTx) (chat.MessageSent, error) {
		found, m, err := reachableMessage(tx, by, in.RoomID, in.Seq)
		if err == nil {
			err = access.MayReact(found.Standing)
		}
		if err != nil {
			return chat.MessageSent{}, err
		}
		at := slices.IndexFunc(m.Reactions, func(r chat.Reaction) bool { return r.Emoji == emoji })
		if mine := at >= 0 && slices.Contains(m.Reactions[at].UserIDs, by.User); mine == add {
			return store.SentOf(m), nil
		}
		if add && at < 0 && len(m.Reactions) >= maxReactions {
			return chat.MessageSent{}, &chat.Error{
				Code: chat.TooManyReactions, Limit: maxReactions,
				Message: "too many different reactions to one message",
			}
		}
		if counted == 0 {
			size := store.MessageBytes(m)
			if err := a.notTooMuch(by, size*whole); err != nil {
				return chat.MessageSent{}, err
			}
			if err := a.hold(size); err != nil {
				return chat.MessageSent{}, err
			}
			counted = size
		}
		if add {
			return tx.AddReaction(m, by.User, emoji)
		}
		return tx.RemoveReaction(m, by.User, emoji)
	}, func(sent chat.MessageSent, err error) {
		a.waiting.Add(int64(-counted))
		done(sent, err)
	})
}

// MarkRead moves the caller's read position in a room, forwards or backwards.
func (a *Actions) MarkRead(by access.Caller, in chat.RoomRead, done func(chat.ReadMoved, error)) {
	queueWriteTo(a.store, store.Of(by.User), by, func(tx *store.WriteTx) (chat.ReadMoved, error) {
		found, err := tx.RoomFor(by, in.RoomID)
		if err != nil {
			return chat.ReadMoved{}, err
		}
		if err := access.MustBeMember(found.Standing); err != nil {
			return chat.ReadMoved{}, err
		}
		if in.ReadSeq < 0 || in.ReadSeq > found.Room.Seq {
			return chat.ReadMoved{}, chat.InvalidField("read_seq",
				"say up to which message you have read: 0 to %d in this room", found.Room.Seq)
		}
		return tx.MoveRead(found, in.ReadSeq)
	}, done)
}
