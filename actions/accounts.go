// Accounts: setting up, registering, signing in and out, one's own profile.

package actions

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"time"

	"parley/access"
	"parley/chat"
	"parley/store"
)

// sessionLife is how long a login lasts without being renewed.
const sessionLife = 30 * 24 * time.Hour

// newCode makes a secret that fits in a link: 26 characters with 130 random bits.
func newCode() string { return rand.Text() }

// SetupCode is the one-time code for the link that makes the owner's account, empty once it exists.
func (a *Actions) SetupCode() string {
	if a.setUp.Load() {
		return ""
	}
	return a.setupCode
}

// SetUp makes the owner's account, names the server, and makes the rooms that are there from the start.
// Without the code nobody can, wherever they come from.
func (a *Actions) SetUp(ctx context.Context, address string, in chat.Setup) (chat.User, store.Session, error) {
	refuse := func(err error) (chat.User, store.Session, error) { return chat.User{}, store.Session{}, err }
	if a.setUp.Load() {
		return refuse(errAlreadySetUp)
	}
	giveBack, err := a.try("", address)
	if err != nil {
		return refuse(err)
	}
	if subtle.ConstantTimeCompare([]byte(in.Code), []byte(a.setupCode)) != 1 {
		return refuse(&chat.Error{
			Code: chat.Forbidden, Field: "code",
			Message: "open the link that the server printed when it started",
		})
	}
	giveBack()
	serverName, err := checkRequiredLine("server_name", in.ServerName, maxDisplayName)
	if err != nil {
		return refuse(err)
	}
	user, session, err := a.addAccount(ctx, in.NewAccount, chat.RoleOwner, func(tx *store.WriteTx) error {
		hasUsers, err := tx.HasUsers()
		if err != nil {
			return err
		}
		if hasUsers {
			return errAlreadySetUp
		}
		return a.furnish(tx, serverName)
	})
	if err == nil {
		a.setUp.Store(true)
	}
	return user, session, err
}

var (
	errAlreadySetUp = chat.Errorf(chat.AlreadySetUp, "this server has an owner already")
	errNotSetUp     = chat.Errorf(chat.Forbidden, "this server has not been set up yet")
)

// furnish gives a new server its name and the two rooms for everyone.
func (a *Actions) furnish(tx *store.WriteTx, serverName string) error {
	server := chat.Server{
		Name: serverName, Version: a.version, Registration: chat.RegistrationInvite, SetUp: true,
	}
	if err := tx.SetServer(server); err != nil {
		return err
	}
	general := store.StoredName{Shown: "general", Key: "general"}
	if _, err := tx.AddRoom(chat.Public, general, "", true); err != nil {
		return err
	}
	announcements := store.StoredName{Shown: "announcements", Key: "announcements"}
	_, err := tx.AddRoom(chat.Announcements, announcements, "", true)
	return err
}

// Register makes an account in the way the server allows.
func (a *Actions) Register(
	ctx context.Context, address string, in chat.Registering,
) (chat.User, store.Session, error) {
	giveBack, err := a.try("", address)
	if err != nil {
		return chat.User{}, store.Session{}, err
	}
	user, session, err := a.addAccount(ctx, in.NewAccount, chat.RoleMember, func(tx *store.WriteTx) error {
		server, err := tx.Server()
		if err != nil {
			return err
		}
		hasUsers, err := tx.HasUsers()
		switch {
		case err != nil:
			return err
		case !hasUsers:
			return errNotSetUp
		case server.Registration == chat.RegistrationOpen:
			return nil
		case server.Registration == chat.RegistrationInvite && in.Invite != "":
			return tx.UseInvite(in.Invite)
		case server.Registration == chat.RegistrationInvite:
			return &chat.Error{Code: chat.Forbidden, Field: "invite", Message: "registering needs an invite"}
		}
		return chat.Errorf(chat.Forbidden, "registration is closed on this server")
	})
	if err == nil {
		giveBack()
	}
	return user, session, err
}

// addAccount makes an account and its first session once allowed says so, in one transaction, and makes
// it a member of the rooms that are for everyone: as their owner when it owns the server.
func (a *Actions) addAccount(
	ctx context.Context, in chat.NewAccount, role chat.Role, allowed func(*store.WriteTx) error,
) (chat.User, store.Session, error) {
	refuse := func(err error) (chat.User, store.Session, error) { return chat.User{}, store.Session{}, err }
	name, err := checkName("name", in.Name)
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
	hash, err := a.hasher.Hash(ctx, in.Password)
	if err != nil {
		return refuse(err)
	}
	var session store.Session
	user, err := write(a.store, func(tx *store.WriteTx) (chat.User, error) {
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

// joinRoomsForEveryone makes a new user a member of them: as their owner when they own the server.
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
		if err := tx.Join(room, user.ID, role); err != nil {
			return err
		}
	}
	return nil
}

func (a *Actions) newSession(user chat.UserID) store.Session {
	return store.Session{
		ID: chat.SessionID(rand.Text()), User: user,
		ExpiresAt: a.now().Add(sessionLife).UnixMilli(),
	}
}

// SignIn starts a session. A wrong password and an unknown name are answered alike, in time too.
func (a *Actions) SignIn(ctx context.Context, address string, in chat.Login) (chat.User, store.Session, error) {
	refuse := func(err error) (chat.User, store.Session, error) { return chat.User{}, store.Session{}, err }
	key := "" // what can be nobody's name is counted for the address only, and not remembered
	if name, err := checkName("name", in.Name); err == nil {
		key = name.Key
	}
	giveBack, err := a.try(key, address)
	if err != nil {
		return refuse(err)
	}
	account, err := read(ctx, a.store, func(tx *store.Tx) (store.Account, error) { return tx.AccountByName(key) })
	if chat.IsCode(err, chat.NotFound) {
		if err := a.hasher.VerifyNothing(ctx, in.Password); err != nil {
			return refuse(err)
		}
		return refuse(errWrongCredentials)
	}
	if err != nil {
		return refuse(err)
	}
	rehash, err := a.verify(ctx, account, in.Password)
	if err != nil {
		return refuse(err)
	}
	giveBack()
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

// verify checks a password and gives a new hash when the stored one was made with less effort.
func (a *Actions) verify(ctx context.Context, account store.Account, password string) (rehash string, err error) {
	ok, stale, err := a.hasher.Verify(ctx, account.PasswordHash, password)
	if err != nil {
		return "", err
	}
	if !ok {
		return "", errWrongCredentials
	}
	if stale {
		return a.hasher.Hash(ctx, password)
	}
	return "", nil
}

// stillVerified refuses what was begun with a password that has been replaced since it was verified.
func stillVerified(tx *store.WriteTx, account store.Account) error {
	now, err := tx.AccountOf(account.User.ID)
	if err == nil && now.PasswordHash != account.PasswordHash {
		err = errWrongCredentials
	}
	return err
}

// try counts an attempt at a secret, for an account (when it has a key) and for an address. It is given
// back when the attempt was a right one; guesses that run side by side are counted all the same.
func (a *Actions) try(accountKey, address string) (giveBack func(), err error) {
	if ok, wait := a.addressTries.Allow(address); !ok {
		return nil, tooManyAttempts(wait, a.limits.SignInAttempts)
	}
	if accountKey == "" {
		return func() { a.addressTries.GiveBack(address) }, nil
	}
	if ok, wait := a.accountTries.Allow(accountKey); !ok {
		return nil, tooManyAttempts(wait, a.limits.SignInAttempts)
	}
	return func() {
		a.addressTries.GiveBack(address)
		a.accountTries.GiveBack(accountKey)
	}, nil
}

func tooManyAttempts(wait time.Duration, limit int) error {
	return &chat.Error{
		Code: chat.TooManyAttempts, Limit: int64(limit), RetryAfter: wait.Milliseconds(),
		Message: "too many attempts; wait a moment",
	}
}

// SignOut ends the caller's session and closes its sockets.
func (a *Actions) SignOut(by access.Caller) error {
	return a.store.WriteAndWait(func(tx *store.WriteTx) error { return tx.EndSession(by.User, by.Session) })
}

// SignedIn gives whose session it is; SignedOut when it ended.
func (a *Actions) SignedIn(ctx context.Context, session chat.SessionID) (chat.User, error) {
	return read(ctx, a.store, func(tx *store.Tx) (chat.User, error) { return tx.SessionUser(session) })
}

// Prolong lets a session live on from now and gives its new end.
func (a *Actions) Prolong(session chat.SessionID) (expiresAt time.Time, err error) {
	expiresAt = a.now().Add(sessionLife)
	return expiresAt, a.store.WriteAndWait(func(tx *store.WriteTx) error {
		return tx.ProlongSession(session, expiresAt.UnixMilli())
	})
}

// ChangeProfile gives the caller another display name and tells everyone.
func (a *Actions) ChangeProfile(by access.Caller, in chat.ProfileChange) (chat.User, error) {
	if err := by.MustBePerson(); err != nil {
		return chat.User{}, err
	}
	display, err := checkRequiredLine("display_name", in.DisplayName, maxDisplayName)
	if err != nil {
		return chat.User{}, err
	}
	return write(a.store, func(tx *store.WriteTx) (chat.User, error) {
		user, err := tx.User(by.User)
		if err != nil || user.DisplayName == display {
			return user, err
		}
		user.DisplayName = display
		return user, tx.SetProfile(user)
	})
}

// ChangePassword replaces the caller's password and ends every other session of theirs.
func (a *Actions) ChangePassword(ctx context.Context, by access.Caller, address string, in chat.PasswordChange) error {
	if err := by.MustBePerson(); err != nil {
		return err
	}
	if err := checkPassword("new", in.New); err != nil {
		return err
	}
	account, err := read(ctx, a.store, func(tx *store.Tx) (store.Account, error) { return tx.AccountOf(by.User) })
	if err != nil {
		return err
	}
	giveBack, err := a.try(Fold(account.User.Name), address)
	if err != nil {
		return err
	}
	if _, err := a.verify(ctx, account, in.Current); err != nil {
		return err
	}
	giveBack()
	hash, err := a.hasher.Hash(ctx, in.New)
	if err != nil {
		return err
	}
	return a.store.WriteAndWait(func(tx *store.WriteTx) error {
		if err := stillVerified(tx, account); err != nil {
			return err
		}
		if err := tx.SetPasswordHash(by.User, hash); err != nil {
			return err
		}
		return tx.EndOtherSessions(by.User, by.Session)
	})
}
