// The server: its settings, its users and its invites, which the owner and the admins look after.

package actions

import (
	"context"
	"time"

	"parley/access"
	"parley/chat"
	"parley/store"
)

// Server returns the public description of the server. It needs no caller.
func (a *Actions) Server(ctx context.Context) (chat.Server, error) {
	row, err := read(ctx, a.store, (*store.Tx).Server)
	return a.server(row), err
}

// Ready tells whether the server can store, which anybody may ask: see store.Store.Ready.
func (a *Actions) Ready() error { return a.store.Ready() }

func (a *Actions) server(row store.ServerRow) chat.Server {
	return chat.Server{
		Name: row.Name, Version: a.version, Registration: row.Registration, SetUp: a.setUp.Load(),
	}
}

// ChangeServer changes the server's settings. Only the owner of the server may.
func (a *Actions) ChangeServer(by access.Caller, in chat.ServerChange) (chat.Server, error) {
	return write(a.store, by, func(tx *store.WriteTx) (chat.Server, error) {
		if err := ownsServer(&tx.Tx, by); err != nil {
			return chat.Server{}, err
		}
		row, err := tx.Server()
		if err != nil {
			return chat.Server{}, err
		}
		before := a.server(row)
		after := before
		if in.Name != nil {
			if after.Name, err = checkRequiredLine("name", *in.Name, maxDisplayName); err != nil {
				return chat.Server{}, err
			}
		}
		if in.Registration != nil {
			switch *in.Registration {
			case chat.RegistrationOpen, chat.RegistrationInvite, chat.RegistrationClosed:
				after.Registration = *in.Registration
			default:
				return chat.Server{}, chat.InvalidField("registration", "use open, invite or closed")
			}
		}
		if after == before {
			return after, nil
		}
		if err := tx.SetServer(after); err != nil {
			return chat.Server{}, err
		}
		if after.Name != before.Name {
			if err := tx.Audit(by, chat.AuditEntry{Act: chat.ActServer, Detail: chat.AnotherName}); err != nil {
				return chat.Server{}, err
			}
		}
		if after.Registration == before.Registration {
			return after, nil
		}
		return after, tx.Audit(by, chat.AuditEntry{Act: chat.ActServer, Detail: string(after.Registration)})
	})
}

// ownsServer refuses a caller who is not an owner of the server, or whose account is deactivated.
func ownsServer(tx *store.Tx, by access.Caller) error {
	actor, err := actorOf(tx, by)
	if err == nil && !actor.Operator {
		err = access.MustOwn(actor.Role)
	}
	return err
}

// administers refuses a caller who is neither an owner nor an admin of the server, or whose account is
// deactivated.
func administers(tx *store.Tx, by access.Caller) error {
	actor, err := actorOf(tx, by)
	if err == nil && !actor.Operator {
		err = access.MustAdminister(actor.Role)
	}
	return err
}

// People returns a page of the users who are new or whose profile changed since a directory number; 0 is for
// all users.
func (a *Actions) People(ctx context.Context, by access.Caller, since int64) (chat.Users, error) {
	return readAs(ctx, a, by, func(tx *store.Tx) (chat.Users, error) {
		users, err := tx.UsersSince(since, PageBytes)
		if err != nil || users.More {
			return users, err
		}
		row, err := tx.Server()
		users.Directory = row.Directory
		return users, err
	})
}

// The bounds of an invite.
const (
	inviteLife    = 7 * 24 * time.Hour
	maxInviteLife = 30 * 24 * time.Hour
	maxInviteUses = 10_000
)

// Invite makes a link that lets people register. The owner and the admins of the server may.
func (a *Actions) Invite(by access.Caller, in chat.NewInvite) (chat.Invite, error) {
	life := time.Duration(in.ExpiresIn) * time.Second
	if in.ExpiresIn == 0 {
		life = inviteLife
	}
	if in.ExpiresIn < 0 || in.ExpiresIn > int64(maxInviteLife/time.Second) {
		return chat.Invite{}, chat.InvalidField("expires_in", "use 1 to %d seconds", int64(maxInviteLife/time.Second))
	}
	if in.MaxUses < 0 || in.MaxUses > maxInviteUses {
		return chat.Invite{}, chat.InvalidField("max_uses", "use 0 to %d", maxInviteUses)
	}
	invite := chat.Invite{
		CreatedBy: by.User, ExpiresAt: a.now().Add(life).UnixMilli(), MaxUses: in.MaxUses, Code: newCode(),
	}
	return write(a.store, by, func(tx *store.WriteTx) (chat.Invite, error) {
		if err := administers(&tx.Tx, by); err != nil {
			return chat.Invite{}, err
		}
		added, err := tx.AddInvite(invite)
		if err != nil {
			return chat.Invite{}, err
		}
		return added, tx.Audit(by, chat.AuditEntry{Act: chat.ActInvite, Detail: number(added.ID)})
	})
}

// Invites returns a page of the invites that still work: those made before the given one, or the newest. The
// owner and the admins of the server may.
func (a *Actions) Invites(ctx context.Context, by access.Caller, before chat.InviteID) (chat.Invites, error) {
	return readFor(ctx, a, by, func(tx *store.Tx) (chat.Invites, error) {
		if err := administers(tx, by); err != nil {
			return chat.Invites{}, err
		}
		return tx.Invites(before, PageBytes)
	})
}

// EndInvite makes an invite stop working. The owner and the admins of the server may.
func (a *Actions) EndInvite(by access.Caller, id chat.InviteID) error {
	return a.change(by, func(tx *store.WriteTx) error {
		if err := administers(&tx.Tx, by); err != nil {
			return err
		}
		if err := tx.EndInvite(id); err != nil {
			return err
		}
		return tx.Audit(by, chat.AuditEntry{Act: chat.ActEndInvite, Detail: number(id)})
	})
}

// CheckInvite tells who made an invite, without using it up. It needs no caller. A wrong code counts as a guess: see
// attempts.code.
func (a *Actions) CheckInvite(
	ctx context.Context, address string, in chat.InviteCode,
) (chat.InviteCheck, error) {
	var by chat.InviteCheck
	err := a.attempts.code(address, in.Code, func() (err error) {
		by.InvitedBy, err = read(ctx, a.store, func(tx *store.Tx) (string, error) { return tx.InvitedBy(in.Code) })
		return err
	})
	return by, err
}
