package harness

import (
	"fmt"
	"net/http"
	"testing"

	"parley/chat"
)

// AllScopes are those that a token can have.
func AllScopes() []chat.Scope {
	return []chat.Scope{chat.ScopeRead, chat.ScopePost, chat.ScopeNotify, chat.ScopeAdmin}
}

// MakesToken makes a token for a program.
func (who *Person) MakesToken(t testing.TB, in chat.NewToken) chat.Token {
	t.Helper()
	var token chat.Token
	who.Post(t, "/api/tokens", in, http.StatusCreated, &token)
	return token
}

// Bot is the program that comes with a token.
func (p *Program) Bot(t testing.TB, token chat.Token) *Person {
	t.Helper()
	bot := p.Visitor(t, token.Bot.Name)
	bot.User, bot.Bearer, bot.Origin = token.Bot, token.Token, ""
	return bot
}

// Makes makes a program with those scopes, and in those rooms only when some are named.
func (who *Person) Makes(t testing.TB, name string, scopes []chat.Scope, rooms ...chat.RoomID) *Person {
	t.Helper()
	return who.P.Bot(t, who.MakesToken(t, chat.NewToken{Bot: name, Scopes: scopes, RoomIDs: rooms}))
}

// TokenPath is the address of a token.
func TokenPath(token chat.Token) string { return fmt.Sprintf("/api/tokens/%d", token.ID) }

// Gives makes someone an admin, or a plain member again.
func (who *Person) Gives(t testing.TB, user chat.UserID, role chat.Role) {
	t.Helper()
	who.Call(t, http.MethodPatch, fmt.Sprintf("/api/users/%d", user), chat.RoleChange{Role: role}, http.StatusOK, nil)
}

// Notifies sends a notification to people by their names.
func (who *Person) Notifies(t testing.TB, key, title string, to ...string) chat.NotificationSent {
	t.Helper()
	var sent chat.NotificationSent
	in := chat.NewNotification{To: to, Title: title, Key: key}
	who.Post(t, "/api/notifications", in, http.StatusCreated, &sent)
	return sent
}
