// Sessions: the logins of people, and what the tokens of programs stand for. A token works only while its
// session exists.

package store

import (
	"parley/access"
	"parley/chat"
)

// Session is a login of a person, or what a program's token stands for.
type Session struct {
	ID        chat.SessionID
	User      chat.UserID
	ExpiresAt int64
}

// MaxSessions is how many sessions a person has; the oldest end.
const MaxSessions = 200

// AddSession stores a session of a person. When the person has MaxSessions, those end that were renewed least
// lately, and their sockets are closed.
func (tx *WriteTx) AddSession(s Session) error {
	if err := tx.changesRights(); err != nil {
		return err
	}
	ended, err := columnOf[chat.SessionID](&tx.Tx, `
		DELETE FROM sessions
		WHERE id IN (
			SELECT id
			FROM sessions
			WHERE user_id = $1
			ORDER BY expires_at DESC, id
			LIMIT 9223372036854775807 OFFSET $2)
		RETURNING id`, s.User, MaxSessions-1)
	if err != nil {
		return err
	}
	if len(ended) > 0 {
		tx.tellEnded(s.User, ended, chat.CloseSignedOut)
	}
	return tx.addSession(s)
}

func (tx *WriteTx) addSession(s Session) error {
	return tx.runOne(`
		INSERT INTO sessions (id, user_id, created_at, expires_at)
		VALUES ($1, $2, $3, $4)`, s.ID, s.User, tx.stamp, s.ExpiresAt)
}

// SessionUser returns the user of a session; SignedOut when the session was ended, expired or never existed.
func (tx *Tx) SessionUser(id chat.SessionID) (chat.User, error) {
	var u chat.User
	found, err := tx.one(func(row scanner) error { return scanUser(row, &u) }, `
		SELECT `+userCols+`
		FROM sessions s
		JOIN users u ON u.id = s.user_id
		WHERE s.id = $1 AND s.expires_at > $2`, id, tx.now)
	if err == nil && !found {
		err = ErrSignedOut
	}
	return u, err
}

// MustBeSignedIn refuses with SignedOut what is done for a caller whose session has ended. So nothing is done for
// somebody who was signed out, or for a token that was revoked, while their request waited. A caller without a session
// is the operator, or nobody yet.
func (tx *Tx) MustBeSignedIn(by access.Caller) error {
	_, err := tx.sessionEnd(by)
	return err
}

// sessionEnd is MustBeSignedIn, and returns when the session ends by itself; 0 without a session.
func (tx *Tx) sessionEnd(by access.Caller) (end int64, err error) {
	if by.Session == "" {
		return 0, nil
	}
	err = tx.row(into(&end), `
		SELECT expires_at
		FROM sessions
		WHERE id = $1 AND expires_at > $2`, by.Session, tx.now)
	if isNoRow(err) {
		err = ErrSignedOut
	}
	return end, err
}

// SocketStart is what a socket's welcome needs, apart from the rooms.
type SocketStart struct {
	User    chat.User
	UserRev int64
	Inbox   chat.Inbox
	Adding  chat.Adding
	Server  ServerRow // without its key
}

// SocketStart is SessionUser together with everything else that a socket's welcome needs, apart from the
// rooms. It is one query, since every socket that opens asks it.
func (tx *Tx) SocketStart(id chat.SessionID) (SocketStart, error) {
	var s SocketStart
	var asks bool
	found, err := tx.one(func(row scanner) error {
		server := &s.Server
		return scanUser(row, &s.User, &s.UserRev, &s.Inbox.Seq, &s.Inbox.Unread, &asks,
			&server.Name, &server.Registration, &server.Epoch, &server.Directory)
	}, `
		SELECT `+userCols+`, u.rev, u.inbox_seq, u.inbox_unread, u.asks, v.name, v.registration, v.epoch, v.directory
		FROM sessions s
		JOIN users u ON u.id = s.user_id
		JOIN server v ON v.one = 1
		WHERE s.id = $1 AND s.expires_at > $2`, id, tx.now)
	if err == nil && !found {
		err = ErrSignedOut
	}
	s.Adding = addingOf(asks)
	return s, err
}

// ErrSignedOut refuses a caller without a working session.
var ErrSignedOut = chat.Errorf(chat.SignedOut, "sign in first")

// ProlongSession gives a session a new end. A session that was ended stays ended.
func (tx *WriteTx) ProlongSession(id chat.SessionID, expiresAt int64) error {
	_, err := tx.run(`
		UPDATE sessions
		SET expires_at = $2
		WHERE id = $1`, id, expiresAt)
	return err
}

// EndSession ends a session of a user and tells its sockets, which are then closed.
func (tx *WriteTx) EndSession(user chat.UserID, id chat.SessionID) error {
	ended, err := tx.run(`DELETE FROM sessions WHERE id = $1 AND user_id = $2`, id, user)
	if err != nil || ended == 0 {
		return err
	}
	tx.tellEnded(user, []chat.SessionID{id}, chat.CloseSignedOut)
	return nil
}

// EndOtherSessions ends every session of a user except but, and tells their sockets, which are then closed.
func (tx *WriteTx) EndOtherSessions(user chat.UserID, but chat.SessionID) error {
	return tx.endSessions(user, but, chat.CloseSignedOut)
}

// EndAllSessions ends every session of a user, and for a program every token. It tells their sockets, which
// are then closed with a close code.
func (tx *WriteTx) EndAllSessions(user chat.UserID, closeCode int) error {
	return tx.endSessions(user, "", closeCode)
}

func (tx *WriteTx) endSessions(user chat.UserID, but chat.SessionID, closeCode int) error {
	if err := tx.changesRights(); err != nil {
		return err
	}
	ids, err := columnOf[chat.SessionID](&tx.Tx, `
		DELETE FROM sessions
		WHERE user_id = $1 AND id <> $2
		RETURNING id`, user, but)
	if err != nil || len(ids) == 0 {
		return err
	}
	tx.tellEnded(user, ids, closeCode)
	return nil
}

// tellEnded tells the sockets of sessions that have ended. It takes no user_rev: the person's other sockets get
// nothing, and must not miss a number.
func (tx *WriteTx) tellEnded(user chat.UserID, ids []chat.SessionID, closeCode int) {
	tx.tell(chat.Change{
		Event: "session.ended", Data: chat.SessionEnded{}, User: user, Ended: ids, EndCode: closeCode,
	})
}
