// Users: accounts, profiles, and the numbers of changes to them.

package store

import (
	"encoding/json"

	"parley/chat"
	"parley/internal/lookalike"
)

const userCols = `u.id, u.name, u.display_name, u.role, u.created_at, u.made_by IS NOT NULL,
	u.deactivated_at <> 0`

func scanUser(row scanner, u *chat.User, rest ...any) error {
	return row.Scan(append(into(&u.ID, &u.Name, &u.DisplayName, &u.Role, &u.CreatedAt, &u.Bot, &u.Deactivated), rest...)...)
}

// User returns a user; NotFound when there is none.
func (tx *Tx) User(id chat.UserID) (chat.User, error) {
	var u chat.User
	found, err := tx.one(func(row scanner) error { return scanUser(row, &u) }, `
		SELECT `+userCols+`
		FROM users u
		WHERE u.id = $1`, id)
	if err == nil && !found {
		err = errNoUser
	}
	return u, err
}

var errNoUser = chat.Errorf(chat.NotFound, "there is no such person")

// Account is a user together with the hash that checks a password.
type Account struct {
	User         chat.User
	PasswordHash string
}

// AccountByName finds a person's account by the folded name; NotFound when there is none. It finds no bots,
// since nobody can sign in as one.
func (tx *Tx) AccountByName(key string) (Account, error) {
	return tx.account(`u.name_key = $1 AND u.made_by IS NULL`, key)
}

// AccountOf returns a user's account; NotFound when there is none.
func (tx *Tx) AccountOf(id chat.UserID) (Account, error) {
	return tx.account(`u.id = $1`, id)
}

func (tx *Tx) account(where string, arg any) (Account, error) {
	var a Account
	found, err := tx.one(func(row scanner) error { return scanUser(row, &a.User, &a.PasswordHash) }, `
		SELECT `+userCols+`, u.password_hash
		FROM users u
		WHERE `+where, arg)
	if err == nil && !found {
		err = errNoUser
	}
	return a, err
}

// changedUser is a user, and the directory number of the last change of the profile.
type changedUser struct {
	chat.User
	directory int64
}

func scanChangedUser(row scanner) (u changedUser, err error) {
	err = scanUser(row, &u.User, &u.directory)
	return u, err
}

// UsersSince lists the users who are new or whose profile changed after a directory number, in the order of
// these changes. It reads no further than the user who brings the sum to maxBytes. Then More is true, and
// Directory is the number of the last change in the list.
func (tx *Tx) UsersSince(directory int64, maxBytes int) (page chat.Users, err error) {
	list, more, err := pageOf[changedUser]{
		maxBytes: maxBytes, endless: true, scan: scanChangedUser, size: func(u changedUser) int { return userBytes(u.User) },
	}.read(tx, `
		SELECT `+userCols+`, u.directory
		FROM users u
		WHERE u.directory > $1
		ORDER BY u.directory`, directory)
	page.Users, page.More = make([]chat.User, 0, len(list)), more
	for _, u := range list {
		page.Users, page.Directory = append(page.Users, u.User), u.directory
	}
	return page, err
}

// UserByName finds a person or a bot by the folded name; NotFound when there is none.
func (tx *Tx) UserByName(key string) (chat.User, error) {
	var u chat.User
	found, err := tx.one(func(row scanner) error { return scanUser(row, &u) }, `
		SELECT `+userCols+`
		FROM users u
		WHERE u.name_key = $1`, key)
	if err == nil && !found {
		err = errNoUser
	}
	return u, err
}

// UserIDs finds the ids of users by their folded names. It leaves out names that nobody has.
func (tx *Tx) UserIDs(keys []string) (map[string]chat.UserID, error) {
	list, err := json.Marshal(keys)
	if err != nil {
		return nil, err
	}
	ids := make(map[string]chat.UserID, len(keys))
	err = tx.rows(func(row scanner) error {
		var key string
		var id chat.UserID
		err := row.Scan(&key, &id)
		ids[key] = id
		return err
	}, `
		SELECT name_key, id
		FROM users
		WHERE name_key IN `+tx.sql.Texts("$1"), string(list))
	return ids, err
}

// MadeBy returns the user who made a bot; 0 when the server's command line made it.
func (tx *Tx) MadeBy(bot chat.UserID) (maker chat.UserID, err error) {
	err = tx.row(into(&maker), `SELECT made_by FROM users WHERE id = $1`, bot)
	return maker, err
}

var errNameTaken = &chat.Error{Code: chat.NameTaken, Field: "name", Message: "someone has that name"}

// AddBot makes the user of a program, and tells everyone. It fails with NameTaken when somebody has that
// name.
func (tx *WriteTx) AddBot(
	name StoredName, displayName string, role chat.Role, madeBy chat.UserID,
) (chat.User, error) {
	return tx.addUser(name, chat.User{DisplayName: displayName, Role: role, Bot: true}, "", &madeBy)
}

// AddUser makes a person's account, and tells everyone. It fails with NameTaken when somebody has that name.
func (tx *WriteTx) AddUser(
	name StoredName, displayName string, role chat.Role, passwordHash string,
) (chat.User, error) {
	return tx.addUser(name, chat.User{DisplayName: displayName, Role: role}, passwordHash, nil)
}

// MustBeFree returns an error that says so when somebody has that login name, or one that looks the same.
func (tx *Tx) MustBeFree(name StoredName) error {
	var taken bool
	err := tx.row(into(&taken), `SELECT EXISTS (SELECT 1 FROM users WHERE name_key = $1)`, name.Key)
	if err == nil && taken {
		err = errNameTaken
	}
	if err == nil {
		err = tx.mustNotLookLikeAnother(name)
	}
	return err
}

func (tx *WriteTx) addUser(
	name StoredName, u chat.User, passwordHash string, madeBy *chat.UserID,
) (chat.User, error) {
	if err := tx.MustBeFree(name); err != nil {
		return chat.User{}, err
	}
	directory, err := tx.raiseDirectory()
	if err != nil {
		return chat.User{}, err
	}
	u.Name, u.CreatedAt = name.Shown, tx.stamp
	id, err := tx.returning(`
		INSERT INTO users (name, name_key, skeleton, display_name, role, password_hash, created_at, directory, made_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		RETURNING id`, name.Shown, name.Key, lookalike.Skeleton(name.Shown), u.DisplayName, u.Role, passwordHash, tx.stamp,
		directory, madeBy)
	u.ID = chat.UserID(id)
	if err != nil {
		return chat.User{}, err
	}
	tx.tellUser(u, directory)
	return u, nil
}

// SetProfile stores the display name and the role of a user, and tells everyone.
func (tx *WriteTx) SetProfile(u chat.User) error {
	directory, err := tx.raiseDirectory()
	if err != nil {
		return err
	}
	err = tx.runOne(`
		UPDATE users
		SET display_name = $2, role = $3, directory = $4
		WHERE id = $1`, u.ID, u.DisplayName, u.Role, directory)
	if err != nil {
		return err
	}
	tx.tellUser(u, directory)
	return nil
}

// SetDeactivated deactivates a user, or makes them active again, as u says, and tells everyone.
func (tx *WriteTx) SetDeactivated(u chat.User) error {
	directory, err := tx.raiseDirectory()
	if err != nil {
		return err
	}
	since := int64(0)
	if u.Deactivated {
		since = tx.stamp
	}
	err = tx.runOne(`
		UPDATE users
		SET deactivated_at = $2, directory = $3
		WHERE id = $1`, u.ID, since, directory)
	if err != nil {
		return err
	}
	tx.tellUser(u, directory)
	return nil
}

// OtherServerOwners counts the active owners of the server except the user but.
func (tx *Tx) OtherServerOwners(but chat.UserID) (n int, err error) {
	err = tx.row(into(&n), `
		SELECT count(*)
		FROM users
		WHERE role = 'owner' AND id <> $1 AND deactivated_at = 0`, but)
	return n, err
}

// AccountState returns what those who look after the server see of an account; NotFound when there is none.
func (tx *Tx) AccountState(id chat.UserID) (chat.Account, error) {
	var a chat.Account
	found, err := tx.one(func(row scanner) error {
		return scanUser(row, &a.User, &a.LastSeenAt, &a.Sessions, &a.ResetUntil, &a.Deleting)
	}, `
		SELECT `+userCols+`, u.last_seen_at,
			(SELECT count(*) FROM sessions s WHERE s.user_id = u.id AND s.expires_at > $2),
			coalesce((SELECT r.expires_at FROM resets r WHERE r.user_id = u.id AND r.expires_at > $2), 0),
			EXISTS (SELECT 1 FROM erasures e WHERE e.user_id = u.id)
		FROM users u
		WHERE u.id = $1`, id, tx.now)
	if err == nil && !found {
		err = errNoUser
	}
	return a, err
}

func (tx *WriteTx) tellUser(u chat.User, directory int64) {
	tx.tell(chat.Change{
		Event: "user.changed", Data: chat.UserChanged{User: u, Directory: directory},
		Directory: directory,
	})
}

// SetPasswordHash replaces the hash that checks a user's password.
func (tx *WriteTx) SetPasswordHash(user chat.UserID, hash string) error {
	return tx.runOne(`
		UPDATE users
		SET password_hash = $2
		WHERE id = $1`, user, hash)
}

// LastSeen returns when each of the users was last seen, in UTC milliseconds; 0 for never. It leaves out
// users who do not exist.
func (tx *Tx) LastSeen(users []chat.UserID) (map[chat.UserID]int64, error) {
	seen := make(map[chat.UserID]int64, len(users))
	for _, user := range users {
		var at int64
		err := tx.row(into(&at), `SELECT last_seen_at FROM users WHERE id = $1`, user)
		if isNoRow(err) {
			continue
		}
		if err != nil {
			return nil, err
		}
		seen[user] = at
	}
	return seen, nil
}

// SetLastSeen stores when users were last seen, in UTC milliseconds.
func (tx *WriteTx) SetLastSeen(seen map[chat.UserID]int64) error {
	for user, at := range seen {
		if err := tx.numbersUser(user); err != nil {
			return err
		}
		_, err := tx.runKeepingRights(`
			UPDATE users
			SET last_seen_at = $2
			WHERE id = $1`, user, at)
		if err != nil {
			return err
		}
	}
	return nil
}

// HasUsers tells whether there is any user, that is, whether the server has been set up.
func (tx *Tx) HasUsers() (has bool, err error) {
	err = tx.row(into(&has), `SELECT EXISTS (SELECT 1 FROM users)`)
	return has, err
}

func (tx *Tx) userRev(user chat.UserID) (rev int64, err error) {
	err = tx.row(into(&rev), `SELECT rev FROM users WHERE id = $1`, user)
	return rev, orNotFound(err, "person")
}

// raiseUserRev gives a change that is private to a user the next user_rev, and returns it.
func (tx *WriteTx) raiseUserRev(user chat.UserID) (int64, error) {
	if err := tx.numbersUser(user); err != nil {
		return 0, err
	}
	rev, err := tx.returningKeepingRights(`
		UPDATE users
		SET rev = rev + 1
		WHERE id = $1
		RETURNING rev`, user)
	return rev, orNotFound(err, "person")
}

// raiseDirectory gives a change to a user's profile the next directory number, and returns it.
func (tx *WriteTx) raiseDirectory() (int64, error) {
	return tx.returning(`
		UPDATE server
		SET directory = directory + 1
		RETURNING directory`)
}
