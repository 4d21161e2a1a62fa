// Accounts: setting the server up, registering, and the caller's own profile and password. Signing in is in
// signing_in.go.

package actions

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"time"

	"parley/access"
	"parley/chat"
	"parley/internal/password"
	"parley/store"
)

// sessionLife is how long a session lasts after the login or the last renewal.
const sessionLife = 30 * 24 * time.Hour

// The codes that newCode makes.
const (
	codeChars    = 26
	codeAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
)

// newCode makes a secret for a link, with 130 random bits.
func newCode() string { return rand.Text() }

// SetupCode returns the one-time code for the link that makes the owner's account; empty when the account
// exists.
func (a *Actions) SetupCode() string {
	if a.setUp.Load() {
		return ""
	}
	return a.setupCode
}

// SetUp makes the owner's account, names the server, makes its first rooms, and confirms the host under which its
// owner opened it, if that has to be; empty for none. It needs the code from the link, from whatever address the
// request comes.
func (a *Actions) SetUp(ctx context.Context, address, host string, in chat.Setup) (chat.User, store.Session, error) {
	refuse := func(err error) (chat.User, store.Session, error) { return chat.User{}, store.Session{}, err }
	if a.setUp.Load() {
		return refuse(errAlreadySetUp)
	}
	err := a.attempts.code(address, in.Code, func() error {
		if subtle.ConstantTimeCompare([]byte(in.Code), []byte(a.setupCode)) != 1 {
			return errWrongSetupCode
		}
		return nil
	})
	if err != nil {
		return refuse(err)
	}
	serverName, err := checkRequiredLine("server_name", in.ServerName, maxDisplayName)
	if err != nil {
		return refuse(err)
	}
	confirms := host != "" && !access.NeedsNoConfirming(host)
	from := password.From{Key: address, Known: true}
	user, session, err := a.addAccount(ctx, from, in.NewAccount, chat.RoleOwner, func(tx *store.WriteTx) error {
		hasUsers, err := tx.HasUsers()
		if err == nil && hasUsers {
			err = errAlreadySetUp
		}
		if err == nil {
			err = a.furnish(tx, serverName, in.Language)
		}
		if err == nil && confirms {
			_, err = confirm(tx, access.Caller{Operator: true}, host)
		}
		return err
	})
	if err != nil {
		return refuse(err)
	}
	if confirms {
		a.rememberHost(host)
	}
	a.setUp.Store(true)
	return user, session, nil
}

var (
	errAlreadySetUp = chat.Errorf(chat.AlreadySetUp, "this server has an owner already")
	errNotSetUp     = chat.Errorf(chat.Forbidden, "this server has not been set up yet")

	errWrongSetupCode = &chat.Error{
		Code: chat.Forbidden, Field: "code", Message: "open the link that the server printed when it started",
	}
)

// Register makes an account and its first session, if the server's setting for registration allows it.
func (a *Actions) Register(
	ctx context.Context, address string, in chat.Registering,
) (chat.User, store.Session, error) {
	// A password is hashed only for somebody who may register, so that nobody else can keep the server busy.
	needsInvite, err := read(ctx, a.store, func(tx *store.Tx) (bool, error) { return mayRegister(tx, in) })
	if err == nil && needsInvite {
		_, err = a.CheckInvite(ctx, address, chat.InviteCode{Code: in.Invite})
	}
	if err != nil {
		return chat.User{}, store.Session{}, err
	}
	from := password.From{Key: address}
	return a.addAccount(ctx, from, in.NewAccount, chat.RoleMember, func(tx *store.WriteTx) error {
		needsInvite, err := mayRegister(&tx.Tx, in)
		if err == nil && needsInvite {
			err = tx.UseInvite(in.Invite)
		}
		return err
	})
}

// mayRegister refuses to make an account when the server has no owner yet, when registration is closed, and
// when it needs an invite and in has none. It tells whether the invite has to be one that works.
func mayRegister(tx *store.Tx, in chat.Registering) (needsInvite bool, err error) {
	server, err := tx.Server()
	if err != nil {
		return false, err
	}
	hasUsers, err := tx.HasUsers()
	switch {
	case err != nil:
		return false, err
	case !hasUsers:
		return false, errNotSetUp
	case server.Registration == chat.RegistrationOpen:
		return false, nil
	case server.Registration == chat.RegistrationInvite && in.Invite != "":
		return true, nil
	case server.Registration == chat.RegistrationInvite:
		return false, &chat.Error{Code: chat.Forbidden, Field: "invite", Message: "registering needs an invite"}
	}
	return false, chat.Errorf(chat.Forbidden, "registration is closed on this server")
}

// addAccount makes an account with its first session, and makes it a member of the rooms for everyone. It
// does all of it in one transaction, in which it first calls allowed: with an error from there, it does
// nothing.
func (a *Actions) addAccount(
	ctx context.Context, from password.From, in chat.NewAccount, role chat.Role, allowed func(*store.WriteTx) error,
) (chat.User, store.Session, error) {
	refuse := func(err error) (chat.User, store.Session, error) { return chat.User{}, store.Session{}, err }
	name, err := checkNewName("name", in.Name)
	if err != nil {
		return refuse(err)
	}
	display, err := checkLine("display_name", in.DisplayName, maxDisplayName)
	if err != nil {
		return refuse(err)
	}
	if display == "" {
		display = name.Shown
	}
	if err := checkPassword("password", in.Password); err != nil {
		return refuse(err)
	}
	// A name that is taken is not worth the time that hashing takes.
	_, err = read(ctx, a.store, func(tx *store.Tx) (chat.Done, error) { return chat.Done{}, tx.MustBeFree(name) })
	if err != nil {
		return refuse(err)
	}
	hash, err := a.hasher.Hash(ctx, from, in.Password)
	if err != nil {
		return refuse(err)
	}
	var session store.Session
	user, err := write(a.store, nobody, func(tx *store.WriteTx) (chat.User, error) {
		if err := allowed(tx); err != nil {
			return chat.User{}, err
		}
		user, err := tx.AddUser(name, display, role, hash)
		if err != nil {
			return chat.User{}, err
		}
		if err := joinRoomsForEveryone(tx, user); err != nil {
			return chat.User{}, err
		}
		session = a.newSession(user.ID)
		return user, tx.AddSession(session)
	})
	return user, session, err
}

// joinRoomsForEveryone makes a new user a member of the rooms for everyone. The owner of the server becomes
// an owner of these rooms.
func joinRoomsForEveryone(tx *store.WriteTx, user chat.User) error {
	rooms, err := tx.RoomsForEveryone()
	if err != nil {
		return err
	}
	role := chat.MemberPlain
	if user.Role == chat.RoleOwner {
		role = chat.MemberOwner
	}
	for _, room := range rooms {
		if err := tx.Join(room, user.ID, role, 0); err != nil {
			return err
		}
	}
	return nil
}

// ChangeProfile gives the caller another display name and tells everyone, or changes who brings them into rooms
// and tells the caller's sockets. Programs may not.
func (a *Actions) ChangeProfile(by access.Caller, in chat.ProfileChange) (chat.User, error) {
	if err := by.MustBePerson(); err != nil {
		return chat.User{}, err
	}
	if in.Adding != nil && *in.Adding != chat.AddingAnyone && *in.Adding != chat.AddingAsk {
		return chat.User{}, chat.InvalidField("adding", "use anyone or ask")
	}
	if in.DisplayName != nil {
		display, err := checkRequiredLine("display_name", *in.DisplayName, maxDisplayName)
		if err != nil {
			return chat.User{}, err
		}
		in.DisplayName = &display
	}
	return write(a.store, by, func(tx *store.WriteTx) (chat.User, error) {
		user, err := tx.User(by.User)
		if err == nil && in.Adding != nil {
			err = tx.SetAdding(user.ID, *in.Adding)
		}
		if err != nil || in.DisplayName == nil || user.DisplayName == *in.DisplayName {
			return user, err
		}
		user.DisplayName = *in.DisplayName
		return user, tx.SetProfile(user)
	})
}

// ChangePassword replaces the caller's password, ends every session of the caller, and starts the one that it
// returns. If asked to, it also ends the tokens that the caller made for programs. Programs may not.
func (a *Actions) ChangePassword(
	ctx context.Context, by access.Caller, in chat.PasswordChange,
) (store.Session, error) {
	refuse := func(err error) (store.Session, error) { return store.Session{}, err }
	if err := by.MustBePerson(); err != nil {
		return refuse(err)
	}
	if err := checkPassword("new", in.New); err != nil {
		return refuse(err)
	}
	account, err := read(ctx, a.store, func(tx *store.Tx) (store.Account, error) { return tx.AccountOf(by.User) })
	if err != nil {
		return refuse(err)
	}
	giveBack, err := a.attempts.signedIn(by)
	if err != nil {
		return refuse(err)
	}
	failed, err := a.attempts.succeed(by.User)
	if err != nil {
		giveBack()
		return refuse(err)
	}
	from := password.From{Key: payer(by), Known: true}
	if _, err = a.verify(ctx, from, account, in.Current); err != nil {
		failed()
	}
	if !chat.IsCode(err, chat.WrongCredentials) {
		giveBack()
	}
	if err != nil {
		return refuse(err)
	}
	hash, err := a.hasher.Hash(ctx, from, in.New)
	if err != nil {
		return refuse(err)
	}
	return write(a.store, by, func(tx *store.WriteTx) (store.Session, error) {
		if err := stillVerified(tx, account); err != nil {
			return refuse(err)
		}
		if err := tx.SetPasswordHash(by.User, hash); err != nil {
			return refuse(err)
		}
		if err := tx.EndAllSessions(by.User, chat.CloseSignedOut); err != nil {
			return refuse(err)
		}
		if err := tx.EndReset(by.User); err != nil { // whoever may have the link, the password is right again
			return refuse(err)
		}
		if in.EndTokens {
			if err := endTokensBy(tx, by.User); err != nil {
				return refuse(err)
			}
		}
		session := a.newSession(by.User)
		return session, tx.AddSession(session)
	})
}

// endTokensBy ends the tokens that a user made for programs, and closes their sockets.
func endTokensBy(tx *store.WriteTx, user chat.UserID) error {
	tokens, err := tx.TokensBy(user)
	if err != nil {
		return err
	}
	for _, id := range tokens {
		if _, err := tx.EndToken(id); err != nil {
			return err
		}
	}
	return nil
}
