// Tokens of programs: each stands for a session of the program. The database keeps only a hash of each token.

package store

import (
	"crypto/sha256"
	"strconv"
	"strings"

	"parley/access"
	"parley/chat"
)

// grantRooms returns the only rooms of a grant as text, in the form of joinIDs; empty when it allows every
// room.
func grantRooms(g *access.Grant) string {
	if g == nil {
		return ""
	}
	return joinIDs(g.Rooms)
}

func joinIDs[ID ~int64](ids []ID) string {
	parts := make([]string, len(ids))
	for i, id := range ids {
		parts[i] = strconv.FormatInt(int64(id), 10)
	}
	return strings.Join(parts, ",")
}

func splitIDs[ID ~int64](text string) []ID {
	if text == "" {
		return nil
	}
	var ids []ID
	for part := range strings.SplitSeq(text, ",") {
		id, _ := strconv.ParseInt(part, 10, 64) // written by joinIDs
		ids = append(ids, ID(id))
	}
	return ids
}

func joinScopes(scopes []chat.Scope) string {
	parts := make([]string, len(scopes))
	for i, scope := range scopes {
		parts[i] = string(scope)
	}
	return strings.Join(parts, " ")
}

func splitScopes(text string) []chat.Scope {
	var scopes []chat.Scope
	for part := range strings.FieldsSeq(text) {
		scopes = append(scopes, chat.Scope(part))
	}
	return scopes
}

func tokenHash(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}

// Never is the end of a token that does not expire, in UTC milliseconds: the end of the year 9999.
const Never = 253_402_300_799_999

// The tokens that work: of one program, and in all. One more is refused.
const (
	MaxTokensOfABot = 100
	MaxTokens       = 10_000
)

// AddToken stores a token together with its session. It refuses one more than there may be.
func (tx *WriteTx) AddToken(session Session, token chat.Token) (chat.Token, error) {
	var own, all int
	if err := tx.row(into(&own, &all), `
		SELECT count(CASE WHEN s.user_id = $1 THEN 1 END), count(*)
		FROM tokens t
		JOIN sessions s ON s.id = t.session_id
		WHERE s.expires_at > $2`, session.User, tx.now); err != nil {
		return chat.Token{}, err
	}
	if own >= MaxTokensOfABot {
		return chat.Token{}, chat.InvalidField("bot", "a program has at most %d tokens; revoke one first", MaxTokensOfABot)
	}
	if all >= MaxTokens {
		return chat.Token{}, chat.InvalidField("bot", "programs have at most %d tokens in all; revoke one first", MaxTokens)
	}
	if err := tx.addSession(session); err != nil {
		return chat.Token{}, err
	}
	id, err := tx.returning(`
		INSERT INTO tokens (session_id, token_hash, name, scopes, room_ids, created_by)
		VALUES ($1, $2, $3, $4, $5, $6)
		RETURNING id`,
		session.ID, tokenHash(token.Token), token.Name, joinScopes(token.Scopes), joinIDs(token.RoomIDs),
		token.CreatedBy)
	token.ID, token.CreatedAt = chat.TokenID(id), tx.stamp
	return token, err
}

// TokenUse is what a token stands for, and when it was last used, in UTC milliseconds.
type TokenUse struct {
	Session    Session
	Grant      access.Grant
	LastUsedAt int64
}

// TokenUse finds what a token stands for; SignedOut when the token was ended, expired or never existed.
func (tx *Tx) TokenUse(token string) (TokenUse, error) {
	var use TokenUse
	var scopes, rooms string
	err := tx.row(into(&use.Session.ID, &use.Session.User, &use.Session.ExpiresAt,
		&use.Grant.Token, &scopes, &rooms, &use.LastUsedAt), `
		SELECT s.id, s.user_id, s.expires_at, t.id, t.scopes, t.room_ids, t.last_used_at
		FROM tokens t
		JOIN sessions s ON s.id = t.session_id
		WHERE t.token_hash = $1 AND s.expires_at > $2`, tokenHash(token), tx.now)
	if isNoRow(err) {
		err = ErrSignedOut
	}
	use.Grant.Scopes, use.Grant.Rooms = splitScopes(scopes), splitIDs[chat.RoomID](rooms)
	return use, err
}

// SetTokenUsed stores that a token is used now.
func (tx *WriteTx) SetTokenUsed(id chat.TokenID) error {
	_, err := tx.runKeepingRights(`
		UPDATE tokens
		SET last_used_at = $2
		WHERE id = $1`, id, tx.now)
	return err
}

func scanToken(row scanner) (t chat.Token, err error) {
	var scopes, rooms string
	err = scanUser(row, &t.Bot, &t.ID, &t.Name, &scopes, &rooms, &t.CreatedBy, &t.CreatedAt, &t.ExpiresAt,
		&t.LastUsedAt)
	t.Scopes, t.RoomIDs = splitScopes(scopes), splitIDs[chat.RoomID](rooms)
	if t.ExpiresAt == Never {
		t.ExpiresAt = 0
	}
	return t, err
}

// Tokens lists the tokens that work and were made before the given one, newest first; before 0 means all. It
// reads no further than the token that brings the sum to maxBytes.
func (tx *Tx) Tokens(before chat.TokenID, maxBytes int) (page chat.Tokens, err error) {
	list := pageOf[chat.Token]{maxBytes: maxBytes, endless: true, scan: scanToken, size: tokenBytes}
	page.Tokens, page.More, err = list.read(tx, `
		SELECT `+userCols+`, t.id, t.name, t.scopes, t.room_ids, t.created_by, s.created_at, s.expires_at,
			t.last_used_at
		FROM tokens t
		JOIN sessions s ON s.id = t.session_id
		JOIN users u ON u.id = s.user_id
		WHERE s.expires_at > $1 AND (t.id < $2 OR $2 = 0)
		ORDER BY t.id DESC`, tx.now, before)
	return page, err
}

// EndToken makes a token stop working, closes its sockets, and returns the program that it was for; NotFound
// when there is no such token.
func (tx *WriteTx) EndToken(id chat.TokenID) (chat.UserID, error) {
	var session Session
	err := tx.row(into(&session.ID, &session.User), `
		SELECT s.id, s.user_id
		FROM tokens t
		JOIN sessions s ON s.id = t.session_id
		WHERE t.id = $1`, id)
	if err != nil {
		return 0, orNotFound(err, "token")
	}
	return session.User, tx.EndSession(session.User, session.ID)
}

// TokensBy lists the tokens that a user made.
func (tx *Tx) TokensBy(maker chat.UserID) ([]chat.TokenID, error) {
	return columnOf[chat.TokenID](tx, `SELECT id FROM tokens WHERE created_by = $1`, maker)
}

// AdminTokensBy lists the tokens that a user made with the scope admin or notify: what these allow, only the
// owner and the admins may do themselves.
func (tx *Tx) AdminTokensBy(maker chat.UserID) ([]chat.TokenID, error) {
	return columnOf[chat.TokenID](tx, `
		SELECT id
		FROM tokens
		WHERE created_by = $1
			AND (' ' || scopes || ' ' LIKE '% admin %' OR ' ' || scopes || ' ' LIKE '% notify %')`, maker)
}
