// What those who look after the server do to people's accounts: roles, deactivating, signing out, and links
// for another password. Package access has the table of who may do which of these, and to whom.

package actions

import (
	"context"
	"time"

	"parley/access"
	"parley/chat"
	"parley/internal/password"
	"parley/store"
)

// resetLife is how long a link for another password works.
const resetLife = time.Hour

// actorOf returns the caller as somebody who acts on people; SignedOut when their account is deactivated.
func actorOf(tx *store.Tx, by access.Caller) (access.Actor, error) {
	if by.Operator {
		return access.Actor{Operator: true}, nil
	}
	user, err := tx.User(by.User)
	if err == nil && user.Deactivated {
		err = store.ErrSignedOut
	}
	return access.Actor{User: user.ID, Role: user.Role, Program: by.Grant != nil}, err
}

// actedOn finds the user whom the caller wants to do something to, if the caller may do that to them.
func actedOn(tx *store.Tx, by access.Caller, act chat.Act, id chat.UserID) (chat.User, error) {
	actor, err := actorOf(tx, by)
	if err != nil {
		return chat.User{}, err
	}
	if err := actor.MayDo(act); err != nil {
		return chat.User{}, err
	}
	user, err := tx.User(id)
	if err != nil {
		return chat.User{}, err
	}
	return user, actor.MayActOn(user)
}

// Account tells the owner and the admins of the server about somebody's account.
func (a *Actions) Account(ctx context.Context, by access.Caller, id chat.UserID) (chat.Account, error) {
	return readFor(ctx, a, by, func(tx *store.Tx) (chat.Account, error) {
		if err := administers(tx, by); err != nil {
			return chat.Account{}, err
		}
		return tx.AccountState(id)
	})
}

// SetRole gives a user another role on the server. Owners may name owners and admins among those below them,
// and may step down; the last owner stays. With another role the links for passwords end: see endResets. Who no
// longer looks after the server loses their invites and those tokens that need it: see endAdminTokensBy.
func (a *Actions) SetRole(by access.Caller, id chat.UserID, in chat.RoleChange) (chat.User, error) {
	if in.Role != chat.RoleOwner && in.Role != chat.RoleAdmin && in.Role != chat.RoleMember {
		return chat.User{}, chat.InvalidField("role", "use owner, admin or member")
	}
	return write(a.store, by, func(tx *store.WriteTx) (chat.User, error) {
		actor, err := actorOf(&tx.Tx, by)
		if err == nil {
			err = actor.MayDo(chat.ActRole)
		}
		if err != nil {
			return chat.User{}, err
		}
		user, err := tx.User(id)
		if err != nil {
			return chat.User{}, err
		}
		if err := actor.MayGive(user, in.Role); err != nil {
			return chat.User{}, err
		}
		if user.Role == in.Role {
			return user, nil
		}
		if err := mustNotBeLastServerOwner(tx, user); err != nil {
			return chat.User{}, err
		}
		user.Role = in.Role
		if err := tx.SetProfile(user); err != nil {
			return chat.User{}, err
		}
		if err := endResets(tx, user); err != nil {
			return chat.User{}, err
		}
		entry := chat.AuditEntry{Act: chat.ActRole, UserID: user.ID, Detail: string(user.Role)}
		if err := tx.Audit(by, entry); err != nil || user.Role.Administers() {
			return user, err
		}
		if err := tx.EndInvitesBy(user.ID); err != nil {
			return chat.User{}, err
		}
		return user, endAdminTokensBy(tx, user)
	})
}

// endResets ends the link for somebody's password and those that they made for others, because who may make which has
// changed: nobody keeps a link to an account that they may not make one for any more.
func endResets(tx *store.WriteTx, user chat.User) error {
	if err := tx.EndReset(user.ID); err != nil {
		return err
	}
	return tx.EndResetsBy(user.ID)
}

// mustNotBeLastServerOwner refuses to take an active owner away from the server when there is no other.
func mustNotBeLastServerOwner(tx *store.WriteTx, user chat.User) error {
	if user.Role != chat.RoleOwner || user.Deactivated {
		return nil
	}
	others, err := tx.OtherServerOwners(user.ID)
	if err == nil {
		err = access.MayLoseServerOwner(others)
	}
	return err
}

// Deactivate closes an account: its sessions and tokens end with close code 4003, nobody can sign in to it,
// and its invites, room invitations and tokens end. Memberships stay. The messages stay too, or are deleted bit by
// bit: see Erase. For an account that is deactivated it only begins to delete the messages, when that is
// asked for. The last owner of the server stays.
func (a *Actions) Deactivate(by access.Caller, id chat.UserID, in chat.Deactivation) (chat.User, error) {
	switch in.Messages {
	case chat.KeepMessages, chat.DeleteMessages, chat.DeleteRooms:
	default:
		return chat.User{}, chat.InvalidField("messages", "use keep, delete or rooms")
	}
	user, err := write(a.store, by, func(tx *store.WriteTx) (chat.User, error) {
		user, err := actedOn(&tx.Tx, by, chat.ActDeactivate, id)
		if err != nil || user.Deactivated && in.Messages == chat.KeepMessages {
			return user, err
		}
		if err := mustNotBeLastServerOwner(tx, user); err != nil {
			return chat.User{}, err
		}
		if !user.Deactivated {
			user.Deactivated = true
			if err := deactivate(tx, user); err != nil {
				return chat.User{}, err
			}
		}
		if in.Messages != chat.KeepMessages {
			if err := tx.BeginErasure(user.ID, by.User, in.Messages == chat.DeleteRooms); err != nil {
				return chat.User{}, err
			}
		}
		entry := chat.AuditEntry{Act: chat.ActDeactivate, UserID: user.ID, Detail: string(in.Messages)}
		return user, tx.Audit(by, entry)
	})
	if err == nil && in.Messages != chat.KeepMessages {
		a.wakeErasing()
	}
	return user, err
}

// deactivate closes an account and ends everything by which its person, or somebody in their place, could
// still act.
func deactivate(tx *store.WriteTx, user chat.User) error {
	if err := tx.SetDeactivated(user); err != nil {
		return err
	}
	if err := tx.EndAllSessions(user.ID, chat.CloseBanned); err != nil {
		return err
	}
	if err := endResets(tx, user); err != nil {
		return err
	}
	if err := tx.EndInvitesBy(user.ID); err != nil {
		return err
	}
	if err := tx.EndRoomInvitationsBy(user.ID); err != nil {
		return err
	}
	tokens, err := tx.TokensBy(user.ID)
	if err != nil {
		return err
	}
	return endTokens(tx, tokens)
}

// Reactivate lets somebody sign in again, with the password they had. Their messages are deleted no further.
func (a *Actions) Reactivate(by access.Caller, id chat.UserID) (chat.User, error) {
	return write(a.store, by, func(tx *store.WriteTx) (chat.User, error) {
		user, err := actedOn(&tx.Tx, by, chat.ActReactivate, id)
		if err != nil || !user.Deactivated {
			return user, err
		}
		user.Deactivated = false
		if err := tx.SetDeactivated(user); err != nil {
			return chat.User{}, err
		}
		if err := tx.EndErasure(user.ID); err != nil {
			return chat.User{}, err
		}
		return user, tx.Audit(by, chat.AuditEntry{Act: chat.ActReactivate, UserID: user.ID})
	})
}

// EndSessionsOf signs somebody out everywhere, and closes their sockets. For a program it ends its tokens. It notes
// nothing about somebody who is signed in nowhere.
func (a *Actions) EndSessionsOf(by access.Caller, id chat.UserID) error {
	return a.change(by, func(tx *store.WriteTx) error {
		user, err := actedOn(&tx.Tx, by, chat.ActEndSessions, id)
		if err != nil {
			return err
		}
		if err := tx.EndAllSessions(user.ID, chat.CloseSignedOut); err != nil || !tx.Changed() {
			return err
		}
		return tx.Audit(by, chat.AuditEntry{Act: chat.ActEndSessions, UserID: user.ID})
	})
}

// MakeReset makes a link by which somebody chooses another password, once, within resetLife. An earlier link
// for them ends. The password that they have works until the link is used.
func (a *Actions) MakeReset(by access.Caller, id chat.UserID) (chat.Reset, error) {
	reset := chat.Reset{Code: newCode(), ExpiresAt: a.now().Add(resetLife).UnixMilli()}
	return reset, a.change(by, func(tx *store.WriteTx) error {
		user, err := actedOn(&tx.Tx, by, chat.ActReset, id)
		if err != nil {
			return err
		}
		if user.Bot {
			return chat.InvalidField("user", "a program has no password: make a token for it")
		}
		if err := access.MustBeActive("user", user); err != nil {
			return err
		}
		if err := tx.AddReset(user.ID, by.User, reset.Code, reset.ExpiresAt); err != nil {
			return err
		}
		return tx.Audit(by, chat.AuditEntry{Act: chat.ActReset, UserID: user.ID})
	})
}

// CheckReset tells whose password a link is for, without using it up. A wrong code counts as a guess: see
// attempts.code.
func (a *Actions) CheckReset(ctx context.Context, address string, in chat.ResetCode) (chat.ResetCheck, error) {
	var user chat.User
	err := a.attempts.code(address, in.Code, func() (err error) {
		user, err = read(ctx, a.store, func(tx *store.Tx) (chat.User, error) { return tx.ResetFor(in.Code) })
		return err
	})
	return chat.ResetCheck{Name: user.Name, DisplayName: user.DisplayName}, err
}

// UseReset replaces a password by a link, ends every session of the person, and starts one. The link is used
// up. A wrong code counts as a guess: see attempts.code.
func (a *Actions) UseReset(
	ctx context.Context, address string, in chat.ResetPassword,
) (chat.User, store.Session, error) {
	refuse := func(err error) (chat.User, store.Session, error) { return chat.User{}, store.Session{}, err }
	if err := checkPassword("password", in.Password); err != nil {
		return refuse(err)
	}
	// Only a code that works is worth the time that hashing takes.
	if _, err := a.CheckReset(ctx, address, chat.ResetCode{Code: in.Code}); err != nil {
		return refuse(err)
	}
	hash, err := a.hasher.Hash(ctx, password.From{Key: address, Known: true}, in.Password)
	if err != nil {
		return refuse(err)
	}
	var session store.Session
	user, err := write(a.store, nobody, func(tx *store.WriteTx) (chat.User, error) {
		user, err := tx.ResetFor(in.Code)
		if err != nil {
			return chat.User{}, err
		}
		if err := tx.EndReset(user.ID); err != nil {
			return chat.User{}, err
		}
		if err := tx.SetPasswordHash(user.ID, hash); err != nil {
			return chat.User{}, err
		}
		if err := tx.EndAllSessions(user.ID, chat.CloseSignedOut); err != nil {
			return chat.User{}, err
		}
		session = a.newSession(user.ID)
		return user, tx.AddSession(session)
	})
	return user, session, err
}
