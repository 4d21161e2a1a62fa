// Tokens of programs: making, listing and ending them, and finding out which program a token belongs to.

package actions

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"fmt"
	"slices"
	"strings"
	"time"

	"parley/access"
	"parley/chat"
	"parley/store"
)

// tokenPrefix is how a program's token begins. It makes a token easy to recognize, also for scanners that
// look for secrets in published code.
const tokenPrefix = "parley_"

// The bounds of a token.
const (
	maxTokenRooms = 100
	maxTokenLife  = 10 * 365 * 24 * time.Hour
	tokenUseEvery = time.Minute // how often a use of a token is stored
)

// newProgramToken makes a secret of 256 random bits.
func newProgramToken() string {
	secret := make([]byte, 32)
	rand.Read(secret) // never fails
	return tokenPrefix + base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(secret)
}

// IsProgramToken tells whether a token is that of a program, and not that of a login.
func IsProgramToken(token string) bool { return strings.HasPrefix(token, tokenPrefix) }

// Program returns the caller that a program's token stands for, and when the token expires. It fails with
// SignedOut when the token was ended, expired or never existed. At most every tokenUseEvery it stores that
// the token is used.
func (a *Actions) Program(ctx context.Context, token string) (access.Caller, time.Time, error) {
	use, err := read(ctx, a.store, func(tx *store.Tx) (store.TokenUse, error) { return tx.TokenUse(token) })
	if err != nil {
		return access.Caller{}, time.Time{}, err
	}
	ago := a.now().UnixMilli() - use.LastUsedAt // less than nothing when the clock was ahead then
	if ago < 0 || ago >= tokenUseEvery.Milliseconds() {
		a.KeepTokenUsed(use.Grant.Token)
	}
	by := access.Caller{User: use.Session.User, Session: use.Session.ID, Grant: &use.Grant}
	return by, time.UnixMilli(use.Session.ExpiresAt), nil
}

// KeepTokenUsed stores that a token is used now. It does not wait, and does nothing when that cannot be
// stored: nothing depends on it.
func (a *Actions) KeepTokenUsed(id chat.TokenID) {
	a.store.WriteTo(store.Of(), func(tx *store.WriteTx) error { return tx.SetTokenUsed(id) }, func(error) {})
}

// mustKeepTokens refuses everyone except the operator and the owner and the admins of the server. It refuses
// programs, whatever their role: a program that could make tokens would keep its access through them after
// its own token ended.
func mustKeepTokens(tx *store.Tx, by access.Caller) error {
	if err := by.MustBePerson(); err != nil {
		return err
	}
	return administers(tx, by)
}

// Tokens returns a page of the tokens that work: those made before the given one, or the newest. The owner and
// the admins of the server may, and the operator.
func (a *Actions) Tokens(ctx context.Context, by access.Caller, before chat.TokenID) (chat.Tokens, error) {
	return readFor(ctx, a, by, func(tx *store.Tx) (chat.Tokens, error) {
		if err := mustKeepTokens(tx, by); err != nil {
			return chat.Tokens{}, err
		}
		return tx.Tokens(before, PageBytes)
	})
}

// EndToken makes a token stop working, and closes its sockets. The owner and the admins of the server may,
// and the operator.
func (a *Actions) EndToken(by access.Caller, id chat.TokenID) error {
	return a.change(by, func(tx *store.WriteTx) error {
		if err := mustKeepTokens(&tx.Tx, by); err != nil {
			return err
		}
		bot, err := tx.EndToken(id)
		if err != nil {
			return err
		}
		return tx.Audit(by, chat.AuditEntry{Act: chat.ActEndToken, UserID: bot, Detail: number(id)})
	})
}

// tokenDraft is a token to be made. Everything that can be checked without the database has been checked.
type tokenDraft struct {
	bot   store.StoredName
	token chat.Token
	life  time.Duration // 0 for a token that does not expire
}

func checkToken(in chat.NewToken) (tokenDraft, error) {
	var draft tokenDraft
	var err error
	if draft.bot, err = checkName("bot", in.Bot); err != nil {
		return draft, err
	}
	if draft.token.Bot.DisplayName, err = checkLine("display_name", in.DisplayName, maxDisplayName); err != nil {
		return draft, err
	}
	if draft.token.Bot.DisplayName == "" {
		draft.token.Bot.DisplayName = draft.bot.Shown
	}
	if draft.token.Name, err = checkLine("name", in.Name, maxDisplayName); err != nil {
		return draft, err
	}
	if draft.token.Name == "" {
		draft.token.Name = draft.bot.Shown
	}
	if draft.token.Scopes, err = checkScopes(in.Scopes); err != nil {
		return draft, err
	}
	if in.RoomIDs != nil && (len(in.RoomIDs) == 0 || len(in.RoomIDs) > maxTokenRooms) {
		return draft, chat.InvalidField("room_ids", "name 1 to %d rooms, or leave room_ids out for all rooms", maxTokenRooms)
	}
	draft.token.RoomIDs = slices.Compact(slices.Sorted(slices.Values(in.RoomIDs)))
	if in.ExpiresIn < 0 || in.ExpiresIn > int64(maxTokenLife/time.Second) {
		return draft, chat.InvalidField("expires_in", "use 1 to %d seconds", int64(maxTokenLife/time.Second))
	}
	draft.life = time.Duration(in.ExpiresIn) * time.Second
	return draft, nil
}

// allScopes lists every scope, in the order in which scopes are stored and shown.
var allScopes = []chat.Scope{chat.ScopeRead, chat.ScopePost, chat.ScopeNotify, chat.ScopeAdmin}

func checkScopes(scopes []chat.Scope) ([]chat.Scope, error) {
	var kept []chat.Scope
	for _, scope := range allScopes {
		if slices.Contains(scopes, scope) {
			kept = append(kept, scope)
		}
	}
	for _, scope := range scopes {
		if !slices.Contains(allScopes, scope) {
			return nil, chat.InvalidField("scopes", "%q is none of read, post, notify and admin", scope)
		}
	}
	if len(kept) == 0 {
		return nil, chat.InvalidField("scopes", "name one or more of read, post, notify and admin")
	}
	return kept, nil
}

// AddToken makes a token for a program, and makes the program's bot when there is none. The owner and the
// admins of the server may, and the operator. For an existing bot only its maker and the operator may, since
// the bot may be in rooms that another admin may not see.
func (a *Actions) AddToken(by access.Caller, in chat.NewToken) (chat.Token, error) {
	draft, err := checkToken(in)
	if err != nil {
		return chat.Token{}, err
	}
	secret := newProgramToken()
	return write(a.store, by, func(tx *store.WriteTx) (chat.Token, error) {
		if err := mustKeepTokens(&tx.Tx, by); err != nil {
			return chat.Token{}, err
		}
		token := draft.token
		token.Token, token.CreatedBy = secret, by.User
		var err error
		if token.Bot, err = botFor(tx, by, draft); err != nil {
			return chat.Token{}, err
		}
		for _, room := range token.RoomIDs {
			if err := bringIntoRoom(tx, by, token.Bot.ID, room); err != nil {
				return chat.Token{}, err
			}
		}
		session := a.newSession(token.Bot.ID)
		session.ExpiresAt = store.Never
		if draft.life > 0 {
			session.ExpiresAt = a.now().Add(draft.life).UnixMilli()
			token.ExpiresAt = session.ExpiresAt
		}
		if token, err = tx.AddToken(session, token); err != nil {
			return chat.Token{}, err
		}
		return token, tx.Audit(by, chat.AuditEntry{
			Act: chat.ActToken, UserID: token.Bot.ID, Detail: fmt.Sprint(token.ID, token.Scopes),
		})
	})
}

// botFor returns the bot that a token is for, and makes it when there is none. It gives the bot the role that
// the token needs.
func botFor(tx *store.WriteTx, by access.Caller, draft tokenDraft) (chat.User, error) {
	role := chat.RoleMember
	if slices.Contains(draft.token.Scopes, chat.ScopeAdmin) {
		role = chat.RoleAdmin
	}
	// Setting the server up makes its first user, so a bot must not be made before that.
	hasUsers, err := tx.HasUsers()
	if err == nil && !hasUsers {
		err = errNotSetUp
	}
	if err != nil {
		return chat.User{}, err
	}
	bot, err := tx.UserByName(draft.bot.Key)
	if chat.IsCode(err, chat.NotFound) {
		if err := checkLookalikes("bot", draft.bot.Shown); err != nil {
			return chat.User{}, err
		}
		if bot, err = tx.AddBot(draft.bot, draft.token.Bot.DisplayName, role, by.User); err != nil {
			return chat.User{}, err
		}
		return bot, joinRoomsForEveryone(tx, bot)
	}
	if err != nil {
		return chat.User{}, err
	}
	if !bot.Bot {
		return chat.User{}, &chat.Error{Code: chat.NameTaken, Field: "bot", Message: "a person has that name"}
	}
	if err := access.MustBeActive("bot", bot); err != nil {
		return chat.User{}, err
	}
	maker, err := tx.MadeBy(bot.ID)
	if err != nil {
		return chat.User{}, err
	}
	if maker != by.User && !by.Operator {
		return chat.User{}, &chat.Error{
			Code: chat.Forbidden, Field: "bot", Message: "only the person who made this program can make tokens for it",
		}
	}
	if role == chat.RoleAdmin && bot.Role != role {
		bot.Role = role
		return bot, tx.SetProfile(bot)
	}
	return bot, nil
}

// bringIntoRoom makes a bot a member of a room that its token is for. The maker of the token must be able to
// see the room.
func bringIntoRoom(tx *store.WriteTx, by access.Caller, bot chat.UserID, id chat.RoomID) error {
	if by.Operator {
		by = access.Caller{User: bot} // the operator has no account, so look with the eyes of the bot
	}
	found, err := tx.RoomFor(by, id)
	if err != nil {
		return err
	}
	if found.Kind == chat.Direct {
		return chat.InvalidField("room_ids", "a token cannot be for a direct room")
	}
	if err := access.MustBeInUse(found.Standing); err != nil {
		return err
	}
	return join(tx, id, bot, roleOfNext(found.Room), bot)
}

// endAdminTokensBy ends the tokens with the scope admin or notify that a user made, when the user is no
// longer an admin. Otherwise the user could go on to do with them what only the owner and the admins may do.
func endAdminTokensBy(tx *store.WriteTx, maker chat.User) error {
	if maker.Role.Administers() {
		return nil
	}
	tokens, err := tx.AdminTokensBy(maker.ID)
	if err != nil {
		return err
	}
	return endTokens(tx, tokens)
}

func endTokens(tx *store.WriteTx, tokens []chat.TokenID) error {
	for _, id := range tokens {
		if _, err := tx.EndToken(id); err != nil {
			return err
		}
	}
	return nil
}
