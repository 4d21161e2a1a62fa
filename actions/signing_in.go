// Signing in and out: sessions, and the check of a password.

package actions

import (
	"context"
	"crypto/rand"
	"time"

	"parley/access"
	"parley/chat"
	"parley/internal/password"
	"parley/store"
)

func (a *Actions) newSession(user chat.UserID) store.Session {
	return store.Session{
		ID: chat.SessionID(rand.Text()), User: user,
		ExpiresAt: a.now().Add(sessionLife).UnixMilli(),
	}
}

// SignIn starts a session. address is the range that the attempt counts for, and devices are what the browser
// shows of earlier sign-ins: see Device. A wrong password and a name that nobody has get the same answer after the
// same time, so that nobody can find out which names exist. Only a password that was checked and was wrong counts as
// an attempt.
func (a *Actions) SignIn(
	ctx context.Context, address string, in chat.Login, devices ...string,
) (chat.User, store.Session, error) {
	refuse := func(err error) (chat.User, store.Session, error) { return chat.User{}, store.Session{}, err }
	name, err := checkName("name", in.Name)
	if err != nil { // as everybody knows, nobody can have that name: there is no password to check
		return refuse(errWrongCredentials)
	}
	account, err := read(ctx, a.store, func(tx *store.Tx) (store.Account, error) { return tx.AccountByName(name.Key) })
	unknown := chat.IsCode(err, chat.NotFound)
	if err != nil && !unknown {
		return refuse(err)
	}
	device := a.deviceOf(account, devices)
	giveBack, err := a.attempts.signIn(name.Key, address, device)
	if err != nil {
		return refuse(err)
	}
	from := password.From{Key: address, Known: device != ""}
	if device != "" {
		from.Key = "device " + device
	}
	var rehash string
	if unknown {
		if err = a.hasher.VerifyNothing(ctx, from, in.Password); err == nil {
			err = errWrongCredentials
		}
	} else {
		failed, tooMany := a.attempts.succeed(account.User.ID)
		if tooMany != nil {
			giveBack()
			return refuse(tooMany)
		}
		if rehash, err = a.verify(ctx, from, account, in.Password); err != nil {
			failed()
		}
	}
	if !chat.IsCode(err, chat.WrongCredentials) {
		giveBack()
	}
	if err != nil {
		return refuse(err)
	}
	session := a.newSession(account.User.ID)
	err = a.store.WriteAndWait(func(tx *store.WriteTx) error {
		if err := stillVerified(tx, account); err != nil {
			return err
		}
		if rehash != "" {
			if err := tx.SetPasswordHash(account.User.ID, rehash); err != nil {
				return err
			}
		}
		return tx.AddSession(session)
	})
	return account.User, session, err
}

var errWrongCredentials = chat.Errorf(chat.WrongCredentials, "the name or the password is wrong")

// errDeactivated is only for those who know the password.
var errDeactivated = chat.Errorf(chat.Deactivated, "this account is deactivated; ask who looks after the server")

// verify checks a password; WrongCredentials when it is wrong. It returns a new hash when the stored one was
// not made with today's effort.
func (a *Actions) verify(
	ctx context.Context, from password.From, account store.Account, given string,
) (rehash string, err error) {
	ok, stale, err := a.hasher.Verify(ctx, from, account.PasswordHash, given)
	if err != nil {
		return "", err
	}
	if !ok {
		return "", errWrongCredentials
	}
	if stale {
		return a.hasher.Hash(ctx, from, given)
	}
	return "", nil
}

// stillVerified refuses to go on when the password has been replaced, or the account deactivated, since the
// password was verified.
func stillVerified(tx *store.WriteTx, account store.Account) error {
	now, err := tx.AccountOf(account.User.ID)
	if err == nil && now.PasswordHash != account.PasswordHash {
		err = errWrongCredentials
	}
	if err == nil && now.User.Deactivated {
		err = errDeactivated
	}
	return err
}

// SignOut ends the caller's session and closes its sockets.
func (a *Actions) SignOut(by access.Caller) error {
	return a.store.WriteAndWait(func(tx *store.WriteTx) error { return tx.EndSession(by.User, by.Session) })
}

// SignedIn returns the user of a session; SignedOut when the session ended.
func (a *Actions) SignedIn(ctx context.Context, session chat.SessionID) (chat.User, error) {
	return read(ctx, a.store, func(tx *store.Tx) (chat.User, error) { return tx.SessionUser(session) })
}

// Me returns the user of a session, as SignedIn does, and who brings the user into rooms.
func (a *Actions) Me(ctx context.Context, session chat.SessionID) (user chat.User, adding chat.Adding, err error) {
	user, err = read(ctx, a.store, func(tx *store.Tx) (chat.User, error) {
		user, err := tx.SessionUser(session)
		if err == nil {
			adding, err = tx.Adding(user.ID)
		}
		return user, err
	})
	return user, adding, err
}

// Prolong makes a session last for sessionLife from now, and returns its new end.
func (a *Actions) Prolong(session chat.SessionID) (expiresAt time.Time, err error) {
	expiresAt = a.now().Add(sessionLife)
	return expiresAt, a.store.WriteAndWait(func(tx *store.WriteTx) error {
		return tx.ProlongSession(session, expiresAt.UnixMilli())
	})
}
