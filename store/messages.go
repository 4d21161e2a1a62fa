// Messages: adding, changing and reading them. The key of a message is made of its room and its place there.

package store

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"slices"

	"parley/access"
	"parley/chat"
	"parley/internal/markdown"
)

// messageKey puts a room and a seq into one integer, so that the database keeps the messages of a room side
// by side.
func messageKey(room chat.RoomID, seq int64) int64 { return int64(room)<<32 | seq }

// MaxSeq is the highest place in a room: a message's key has 32 bits for it.
const MaxSeq = 1<<32 - 1

// RenderedDraft is a draft with its HTML. It is rendered before the write is queued, so that the writer's
// goroutine does not spend time on it.
type RenderedDraft struct {
	chat.Draft
	HTML string
}

// draftHash returns a hash of a draft's room and text. Two drafts with the same client_id and the same hash
// are one message that was sent twice; with another hash they are two messages.
func draftHash(room chat.RoomID, body string) []byte {
	h := sha256.New()
	var id [8]byte
	binary.BigEndian.PutUint64(id[:], uint64(room))
	h.Write(id[:])        // never fails
	h.Write([]byte(body)) // never fails
	return h.Sum(nil)[:16]
}

// AddMessage gives a message the next place in its room, moves its author's read position there, and tells
// the room. A draft that was sent before gets its first answer again; see Sent.
func (tx *WriteTx) AddMessage(by access.Standing, draft RenderedDraft) (chat.MessageSent, error) {
	room, wrote := by.RoomID, tx.wrote
	heads, err := tx.headsOf(room)
	if err != nil {
		return chat.MessageSent{}, err
	}
	m := chat.Message{
		RoomID: room, Seq: heads.Seq + 1, Rev: heads.Rev + 1,
		AuthorID: by.Caller, ClientID: draft.ClientID,
		Body: draft.Body, HTML: draft.HTML, CreatedAt: tx.ownStamp(),
	}
	if tx.sends != nil && tx.sends.add(m) {
		tx.wrote, tx.changed = true, true
		tx.tellAdded(m, heads)
		return chat.MessageSent{RoomID: room, Seq: m.Seq, Rev: m.Rev, CreatedAt: m.CreatedAt}, nil
	}
	added, err := tx.runKeepingRights(`
		INSERT INTO messages (id, rev, added_rev, author_id, client_id, draft_hash, created_at,
			html_version, body, html)
		VALUES ($1, $2, $2, $3, $4, $5, $6, $7, $8, $9)
		ON CONFLICT (client_id, author_id) DO NOTHING`,
		messageKey(room, m.Seq), m.Rev, m.AuthorID, m.ClientID[:], draftHash(room, m.Body), m.CreatedAt,
		markdown.Version, m.Body, m.HTML)
	if err != nil {
		return chat.MessageSent{}, err
	}
	if added == 0 {
		tx.wrote = wrote // the insert changed nothing, so a refusal need not roll the batch back
		return tx.Sent(by.Caller, room, draft.Draft)
	}
	if err := tx.setRead(room, m.AuthorID, m.Seq); err != nil {
		return chat.MessageSent{}, err
	}
	tx.tellAdded(m, heads)
	return chat.MessageSent{RoomID: room, Seq: m.Seq, Rev: m.Rev, CreatedAt: m.CreatedAt}, nil
}

// tellAdded raises the heads of a room to those of a new message, and tells the room.
func (tx *WriteTx) tellAdded(m chat.Message, heads *chat.Heads) {
	heads.Seq, heads.Rev = m.Seq, m.Rev
	tx.tell(chat.Change{
		Event: "message.added", Data: chat.MessageAdded{Message: m},
		Room: m.RoomID, Heads: *heads,
	})
}

// Sent returns the first answer to a draft that was sent before. It fails with NotFound when the draft was
// not sent, and with ClientIDReused when its client_id was used for another message.
func (tx *Tx) Sent(author chat.UserID, room chat.RoomID, draft chat.Draft) (chat.MessageSent, error) {
	var key int64
	var hash []byte
	var sent chat.MessageSent
	err := tx.row(into(&key, &hash, &sent.Rev, &sent.CreatedAt), `
		SELECT id, draft_hash, added_rev, created_at
		FROM messages
		WHERE client_id = $1 AND author_id = $2`, draft.ClientID[:], author)
	if err != nil {
		return chat.MessageSent{}, orNotFound(err, "message")
	}
	if !bytes.Equal(hash, draftHash(room, draft.Body)) {
		return chat.MessageSent{}, &chat.Error{
			Code: chat.ClientIDReused, Field: "client_id",
			Message: "this client_id was used for another message",
		}
	}
	sent.RoomID, sent.Seq = chat.RoomID(key>>32), key&MaxSeq
	return sent, nil
}

// The columns that scanMessage reads. shortCols leaves the text of a message empty when it did not change after
// the rev $2.
const (
	messageCols = metaCols + `, m.body, m.html`
	shortCols   = metaCols + `, ` + textKnown + `m.body END, ` + textKnown + `m.html END`

	metaCols = `m.id, m.rev, m.text_rev, m.author_id, m.client_id, m.created_at, m.edited_at, m.deleted_at,
	m.deleted_by, m.reacted, m.html_version`
	textKnown = `CASE WHEN m.text_rev BETWEEN 1 AND $2 THEN '' ELSE `
)

// storedMessage is a message with what the database has of it besides.
type storedMessage struct {
	chat.Message
	reacted int   // how many reactions it has
	textRev int64 // the rev of its text when its reactions changed after that, else 0
}

// scanMessage reads a row of messageCols. Messages whose HTML an older version of the markdown package made
// are rendered anew.
func scanMessage(row scanner) (m storedMessage, err error) {
	var key int64
	var clientID []byte
	var version int
	err = row.Scan(&key, &m.Rev, &m.textRev, &m.AuthorID, &clientID, &m.CreatedAt, &m.EditedAt, &m.DeletedAt,
		&m.DeletedBy, &m.reacted, &version, &m.Body, &m.HTML)
	if err != nil {
		return m, err
	}
	m.RoomID, m.Seq = chat.RoomID(key>>32), key&MaxSeq
	copy(m.ClientID[:], clientID)
	if version < markdown.Version && m.Body != "" {
		m.HTML = markdown.Render(m.Body)
	}
	return m, nil
}

// messages runs a query for messageCols and adds the reactions. It reads no further than the message that
// brings the sum to maxBytes, as MessageBytes counts.
func (tx *Tx) messages(maxBytes int, query string, args ...any) ([]chat.Message, error) {
	stored, err := tx.storedMessages(maxBytes, query, args...)
	if err != nil {
		return nil, err
	}
	list := make([]chat.Message, 0, len(stored))
	for _, m := range stored {
		list = append(list, m.Message)
	}
	return list, nil
}

// storedMessages is messages for callers that need more of what is stored.
func (tx *Tx) storedMessages(maxBytes int, query string, args ...any) (list []storedMessage, err error) {
	list, _, err = pageOf[storedMessage]{
		maxBytes: maxBytes, scan: scanMessage, size: func(m storedMessage) int {
			return MessageBytes(m.Message) + reactionsBytes(m.reacted)
		},
	}.read(tx, query, args...)
	if err != nil {
		return nil, err
	}
	for i := range list {
		if list[i].reacted == 0 {
			continue
		}
		if list[i].Reactions, err = tx.reactions(list[i].RoomID, list[i].Seq); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// Message returns one message of a room; NotFound when there is none at that place.
func (tx *Tx) Message(room chat.RoomID, seq int64) (chat.Message, error) {
	if seq < 1 || seq > MaxSeq { // the key would be that of another room's message
		return chat.Message{}, errNoMessage
	}
	list, err := tx.messages(1, `
		SELECT `+messageCols+`
		FROM messages m
		WHERE m.id = $1`, messageKey(room, seq))
	if err == nil && len(list) == 0 {
		err = errNoMessage
	}
	if err != nil {
		return chat.Message{}, err
	}
	return list[0], nil
}

var errNoMessage = chat.Errorf(chat.NotFound, "there is no such message")

// MessagesBefore returns the newest messages with a seq below the given one, in order of seq: at most limit,
// and no more than the one that brings the sum to maxBytes.
func (tx *Tx) MessagesBefore(room chat.RoomID, seq int64, limit, maxBytes int) ([]chat.Message, error) {
	list, err := tx.messages(maxBytes, `
		SELECT `+messageCols+`
		FROM messages m
		WHERE m.id > $1 AND m.id < $2
		ORDER BY m.id DESC
		LIMIT $3`, messageKey(room, 0), messageKey(room, seq), limit)
	slices.Reverse(list)
	return list, err
}

// MessagesAfter returns the oldest messages with a seq above the given one, in order of seq: at most limit,
// and no more than the one that brings the sum to maxBytes.
func (tx *Tx) MessagesAfter(room chat.RoomID, seq int64, limit, maxBytes int) ([]chat.Message, error) {
	return tx.messages(maxBytes, `
		SELECT `+messageCols+`
		FROM messages m
		WHERE m.id > $1 AND m.id <= $2
		ORDER BY m.id
		LIMIT $3`, messageKey(room, seq), messageKey(room, MaxSeq), limit)
}

// ChangedMessage is a message that changed after a rev. When TextRev is set, only its reactions changed after
// the rev, its Body and HTML are left empty, and TextRev is the rev of its text.
type ChangedMessage struct {
	chat.Message
	TextRev int64
}

// MessagesChanged returns the messages whose last change has a rev above the given one, in order of that rev.
// It returns at most limit messages, and stops after the message that brings the sum to maxBytes. head is the
// room as it is now. With deltas it leaves out the text of those of which only the reactions changed.
//
// Two queries find them. The first finds messages that were changed after they were added, by an index of
// their rev. The second finds messages that were only added. Adding a message raises the rev by one, so at
// most head.Rev-rev messages were added since rev, and these are the last in the room. They need no index:
// without later changes their order of seq is also their order of rev.
func (tx *Tx) MessagesChanged(
	head chat.Room, rev int64, limit, maxBytes int, deltas bool,
) ([]ChangedMessage, error) {
	query := changedQuery
	if deltas {
		query = reactedQuery
	}
	changed, err := tx.storedMessages(maxBytes, query, head.ID, rev, limit)
	if err != nil {
		return nil, err
	}
	before := max(0, head.Seq-(head.Rev-rev))
	added, err := tx.storedMessages(maxBytes, `
		SELECT `+messageCols+`
		FROM messages m
		WHERE m.id > $1 AND m.id <= $2 AND m.added_rev > $3 AND m.rev = m.added_rev
		ORDER BY m.id
		LIMIT $4`, messageKey(head.ID, before), messageKey(head.ID, MaxSeq), rev, limit)
	if err != nil {
		return nil, err
	}
	all := append(changed, added...)
	slices.SortFunc(all, func(a, b storedMessage) int { return cmp.Compare(a.Rev, b.Rev) })
	keep := upTo(maxBytes)
	list := make([]ChangedMessage, 0, min(len(all), limit))
	for _, m := range all {
		if len(list) == limit || !keep(MessageBytes(m.Message)) {
			break
		}
		one := ChangedMessage{Message: m.Message}
		if deltas && m.textRev <= rev {
			one.TextRev = m.textRev
		}
		list = append(list, one)
	}
	return list, nil
}

// The queries for messages that were changed after they were added; reactedQuery leaves out known texts.
const (
	changedQuery = `
		SELECT ` + messageCols + changedRows
	reactedQuery = `
		SELECT ` + shortCols + changedRows

	changedRows = `
		FROM messages m
		WHERE m.room_id = $1 AND m.rev > $2 AND m.rev > m.added_rev
		ORDER BY m.rev
		LIMIT $3`
)

// EditMessage replaces the text of a message and tells the room.
func (tx *WriteTx) EditMessage(m chat.Message, body, html string) (chat.MessageSent, error) {
	tx.removesText()
	m.Body, m.HTML, m.EditedAt = body, html, tx.stamp
	return tx.changeMessage(m)
}

// DeleteMessage turns a message into a tombstone that keeps its place, and tells the room. The tombstone says
// who deleted the message when that was not its author.
func (tx *WriteTx) DeleteMessage(m chat.Message, by chat.UserID) (chat.MessageSent, error) {
	_, err := tx.runKeepingRights(`DELETE FROM reactions WHERE message_id = $1`, messageKey(m.RoomID, m.Seq))
	if err != nil {
		return chat.MessageSent{}, err
	}
	tx.removesText()
	m.Body, m.HTML, m.Reactions, m.DeletedAt = "", "", nil, tx.stamp
	if by != m.AuthorID {
		m.DeletedBy = by
	}
	return tx.changeMessage(m)
}

// changeMessage stores the message m, whose text changed, under the room's next rev, and tells the room.
func (tx *WriteTx) changeMessage(m chat.Message) (chat.MessageSent, error) {
	heads, err := tx.headsOf(m.RoomID)
	if err != nil {
		return chat.MessageSent{}, err
	}
	heads.Rev++
	m.Rev = heads.Rev
	err = tx.runOneKeepingRights(`
		UPDATE messages
		SET rev = $2, text_rev = 0, edited_at = $3, deleted_at = $4, deleted_by = $5, reacted = $6,
			html_version = $7, body = $8, html = $9
		WHERE id = $1`,
		messageKey(m.RoomID, m.Seq), m.Rev, m.EditedAt, m.DeletedAt, m.DeletedBy, reactedTo(m), markdown.Version,
		m.Body, m.HTML)
	if err != nil {
		return chat.MessageSent{}, err
	}
	tx.tell(chat.Change{
		Event: "message.changed", Data: chat.MessageChanged{Message: m},
		Room: m.RoomID, Heads: *heads,
	})
	return SentOf(m), nil
}

// SentOf returns the answer to a change of a message.
func SentOf(m chat.Message) chat.MessageSent {
	return chat.MessageSent{RoomID: m.RoomID, Seq: m.Seq, Rev: m.Rev, CreatedAt: m.CreatedAt}
}
