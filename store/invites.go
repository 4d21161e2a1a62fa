// Invites: links that let people register. The database keeps only a hash of each code.

package store

import (
	"crypto/sha256"

	"parley/chat"
)

// noInvite is the one answer for every code that does not work: its invite was ended, expired, is used up, or
// never existed. The field is that of the request in which the code came.
func noInvite(field string) error {
	return &chat.Error{Code: chat.NotFound, Field: field, Message: "this invite does not work any more"}
}

// codeHash returns what the database keeps of the code in a link.
func codeHash(code string) []byte {
	sum := sha256.Sum256([]byte(code))
	return sum[:]
}

// The invites that work: of one person, and in all. One more is refused.
const (
	MaxInvitesOfOne = 200
	MaxInvites      = 2_000
)

// AddInvite stores an invite and returns it with its id. The caller has made the code. It refuses one more than
// there may be.
func (tx *WriteTx) AddInvite(invite chat.Invite) (chat.Invite, error) {
	var own, all int
	if err := tx.row(into(&own, &all), `
		SELECT count(CASE WHEN created_by = $1 THEN 1 END), count(*)
		FROM invites
		WHERE expires_at > $2 AND (max_uses = 0 OR uses < max_uses)`, invite.CreatedBy, tx.now); err != nil {
		return invite, err
	}
	if own >= MaxInvitesOfOne {
		return invite, chat.InvalidField("max_uses", "you have %d invites that work; end one first", own)
	}
	if all >= MaxInvites {
		return invite, chat.InvalidField("max_uses", "there are %d invites that work; end one first", all)
	}
	id, err := tx.returning(`
		INSERT INTO invites (code_hash, created_by, created_at, expires_at, max_uses)
		VALUES ($1, $2, $3, $4, $5)
		RETURNING id`, codeHash(invite.Code), invite.CreatedBy, tx.stamp, invite.ExpiresAt, invite.MaxUses)
	invite.ID, invite.CreatedAt = chat.InviteID(id), tx.stamp
	return invite, err
}

func scanInvite(row scanner) (i chat.Invite, err error) {
	err = row.Scan(&i.ID, &i.CreatedBy, &i.CreatedAt, &i.ExpiresAt, &i.MaxUses, &i.Uses)
	return i, err
}

// Invites lists the invites that still work and were made before the given one, newest first; before 0 means
// all. It reads no further than the invite that brings the sum to maxBytes.
func (tx *Tx) Invites(before chat.InviteID, maxBytes int) (page chat.Invites, err error) {
	list := pageOf[chat.Invite]{maxBytes: maxBytes, endless: true, scan: scanInvite, size: inviteBytes}
	page.Invites, page.More, err = list.read(tx, `
		SELECT id, created_by, created_at, expires_at, max_uses, uses
		FROM invites
		WHERE expires_at > $1 AND (max_uses = 0 OR uses < max_uses) AND (id < $2 OR $2 = 0)
		ORDER BY id DESC`, tx.now, before)
	return page, err
}

// InvitedBy returns the display name of the person who made a working invite; NotFound for a code that does
// not work.
func (tx *Tx) InvitedBy(code string) (name string, err error) {
	err = tx.row(into(&name), `
		SELECT u.display_name
		FROM invites i
		JOIN users u ON u.id = i.created_by
		WHERE i.code_hash = $1 AND i.expires_at > $2 AND (i.max_uses = 0 OR i.uses < i.max_uses)`,
		codeHash(code), tx.now)
	if isNoRow(err) {
		err = noInvite("code")
	}
	return name, err
}

// UseInvite counts one use of an invite; NotFound when its code does not work.
func (tx *WriteTx) UseInvite(code string) error {
	used, err := tx.run(`
		UPDATE invites
		SET uses = uses + 1
		WHERE code_hash = $1 AND expires_at > $2 AND (max_uses = 0 OR uses < max_uses)`,
		codeHash(code), tx.now)
	if err == nil && used == 0 {
		err = noInvite("invite")
	}
	return err
}

// EndInvitesBy ends the invites that a user made, by themselves or through a program of theirs.
func (tx *WriteTx) EndInvitesBy(maker chat.UserID) error {
	_, err := tx.runKeepingRights(`
		DELETE FROM invites
		WHERE created_by = $1 OR created_by IN (SELECT id FROM users WHERE made_by = $1)`, maker)
	return err
}

// EndInvite makes an invite stop working; NotFound when there is no such invite.
func (tx *WriteTx) EndInvite(id chat.InviteID) error {
	ended, err := tx.run(`DELETE FROM invites WHERE id = $1`, id)
	if err == nil && ended == 0 {
		err = chat.Errorf(chat.NotFound, "there is no such invite")
	}
	return err
}
