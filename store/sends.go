// Sends: messages that a transaction adds, stored together. On PostgreSQL each statement costs a way to the database and
// back, so a batch of messages goes there as one statement. Whoever reads anything in the same transaction has them
// stored first.

package store

import (
	"context"
	"errors"

	"parley/chat"
	"parley/internal/markdown"
	"parley/store/postgres"
)

// sendKey is what makes a message one that was sent before.
type sendKey struct {
	author chat.UserID
	client chat.ClientID
}

// Sends names a message that a write is about to add for the user, whom it names too.
func (n Names) Sends(author chat.UserID, client chat.ClientID) Names {
	if n.some {
		n.sends = append(n.sends, sendKey{author, client})
	}
	return n
}

// sends are the messages that a transaction adds and has not stored yet.
type sends struct {
	fresh map[sendKey]bool // those that the batch named, and that nobody has sent before
	list  []chat.Message
	reads map[readKey]int64 // how far their authors have read
}

type readKey struct {
	user chat.UserID
	room chat.RoomID
}

// add keeps a message for later, and tells whether it did.
func (s *sends) add(m chat.Message) bool {
	key := sendKey{m.AuthorID, m.ClientID}
	if !s.fresh[key] {
		return false
	}
	delete(s.fresh, key) // the next with the same id is another, or the same again
	s.list = append(s.list, m)
	s.reads[readKey{m.AuthorID, m.RoomID}] = m.Seq
	return true
}

// clientIDs and authors are two columns of the messages that the batch named.
func (n Names) columns() (clientIDs [][]byte, authors []chat.UserID) {
	for _, key := range n.sends {
		clientIDs, authors = append(clientIDs, key.client[:]), append(authors, key.author)
	}
	return clientIDs, authors
}

// store stores the messages, and how far their authors have read, in one way to the database and back.
func (s *sends) store(tx *WriteTx) error {
	statements, check := s.statements()
	if statements == nil {
		return nil
	}
	err := postgres.Send(context.Background(), tx.conn, statements)
	if err == nil {
		err = check()
	}
	return err
}

// statements store the messages, and how far their authors have read; none when there are no messages. check fails when
// they did not do what they should have done. From here on the messages count as stored.
func (s *sends) statements() (statements []postgres.Statement, check func() error) {
	if len(s.list) == 0 {
		return nil, nil
	}
	n := len(s.list)
	ids, revs, authors, created := make([]int64, n), make([]int64, n), make([]int64, n), make([]int64, n)
	clientIDs, hashes := make([][]byte, n), make([][]byte, n)
	bodies, htmls := make([]string, n), make([]string, n)
	for i, m := range s.list {
		ids[i], revs[i], authors[i], created[i] = messageKey(m.RoomID, m.Seq), m.Rev, int64(m.AuthorID), m.CreatedAt
		clientIDs[i], hashes[i] = m.ClientID[:], draftHash(m.RoomID, m.Body)
		bodies[i], htmls[i] = m.Body, m.HTML
	}
	var users, rooms, seqs []int64
	for key, seq := range s.reads {
		users, rooms, seqs = append(users, int64(key.user)), append(rooms, int64(key.room)), append(seqs, seq)
	}
	s.list = nil
	clear(s.reads)
	moved := 0
	check = func() error {
		if moved != len(users) {
			return errors.New("a message was sent by somebody who is no member")
		}
		return nil
	}
	return []postgres.Statement{
		{
			SQL: `
				INSERT INTO messages (id, rev, added_rev, author_id, client_id, draft_hash, created_at, html_version, body, html)
				SELECT id, rev, rev, author, client, hash, created, $9, body, html
				FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bytea[], $5::bytea[], $6::bigint[], $7::text[],
					$8::text[]) AS m (id, rev, author, client, hash, created, body, html)`,
			Args: []any{ids, revs, authors, clientIDs, hashes, created, bodies, htmls, markdown.Version},
		},
		{
			SQL: `
				UPDATE members m
				SET read_seq = r.seq
				FROM unnest($1::bigint[], $2::bigint[], $3::bigint[]) AS r (user_id, room_id, seq)
				WHERE m.user_id = r.user_id AND m.room_id = r.room_id
				RETURNING 1`,
			Args: []any{users, rooms, seqs},
			Row:  func(scan func(...any) error) error { moved++; return scan(new(int)) },
		},
	}, check
}
