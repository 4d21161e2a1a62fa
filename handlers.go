// The HTTP API: every address there is. Each handler stands in the folder web, in the file of its noun; what it
// reads and answers are the types of its input and its answer, which docs/protocol.md describes. A route says who
// gets through to it, what the token of a program must be for, and how many changes it counts as.

package main

import (
	"net/http"

	"parley/actions"
	"parley/chat"
	"parley/socketio"
	"parley/ui"
)

// addresses are those of what is not the API, for what else has to know them.
const (
	socketPath  = "/ws"
	metricsPath = "/metrics"
)

// raw answers a request by itself, or with an error.
type raw = func(http.ResponseWriter, *http.Request) error

// routes is the contents page of the API.
func routes(s *Server, live *live, metrics raw) []Route {
	const free, counts = 0, 1
	page := ui.Handler()
	return []Route{
		Get("/api/server", Anyone, "", free, s.ShowServer),
		Create("/api/setup", Anyone, "", free, s.SetUp),
		Create("/api/register", Anyone, "", free, s.Register),
		Post("/api/login", Anyone, "", free, s.Login),
		Post("/api/invites/check", Anyone, "", free, s.CheckInvite),

		Post("/api/logout", SignedIn, "", free, s.Logout),
		Get("/api/me", SignedIn, "", free, s.ShowMe),
		Patch("/api/me", SignedIn, "", free, s.ChangeProfile),
		Post("/api/me/password", SignedIn, "", free, s.ChangePassword),

		Get("/api/users", SignedIn, chat.ScopeRead, free, s.ListUsers),
		Patch("/api/users/:user", SignedIn, chat.ScopeAdmin, free, s.ChangeUser),
		Patch("/api/server", SignedIn, chat.ScopeAdmin, free, s.ChangeServer),
		Get("/api/invites", SignedIn, chat.ScopeAdmin, free, s.ListInvites),
		Create("/api/invites", SignedIn, chat.ScopeAdmin, free, s.CreateInvite),
		Delete("/api/invites/:invite", SignedIn, chat.ScopeAdmin, free, s.EndInvite),

		Get("/api/rooms", SignedIn, chat.ScopeRead, free, s.ListRooms),
		Get("/api/rooms/public", SignedIn, chat.ScopeRead, free, s.ListPublicRooms),
		Create("/api/rooms", SignedIn, chat.ScopePost, counts, s.CreateRoom),
		Post("/api/directs", SignedIn, chat.ScopePost, counts, s.CreateDirect),
		Get("/api/rooms/:room", SignedIn, chat.ScopeRead, free, s.ShowRoom),
		Patch("/api/rooms/:room", SignedIn, chat.ScopePost, counts, s.ChangeRoom),
		Post("/api/rooms/:room/join", SignedIn, chat.ScopePost, counts, s.JoinRoom),
		Post("/api/rooms/:room/leave", SignedIn, chat.ScopePost, counts, s.LeaveRoom),
		Get("/api/rooms/:room/members", SignedIn, chat.ScopeRead, free, s.ListMembers),
		Post("/api/rooms/:room/members", SignedIn, chat.ScopePost, counts, s.AddMembers),
		Patch("/api/rooms/:room/members/:user", SignedIn, chat.ScopePost, free, s.ChangeMember),
		Delete("/api/rooms/:room/members/:user", SignedIn, chat.ScopePost, free, s.RemoveMember),

		Get("/api/rooms/:room/messages", SignedIn, chat.ScopeRead, free, s.ListMessages),
		Create("/api/rooms/:room/messages", SignedIn, chat.ScopePost, counts, s.PostMessage),
		Patch("/api/rooms/:room/messages/:seq", SignedIn, chat.ScopePost, counts, s.EditMessage),
		Delete("/api/rooms/:room/messages/:seq", SignedIn, chat.ScopePost, counts, s.DeleteMessage),
		Put("/api/rooms/:room/messages/:seq/reactions/:emoji", SignedIn, chat.ScopePost, counts, s.AddReaction),
		Delete("/api/rooms/:room/messages/:seq/reactions/:emoji", SignedIn, chat.ScopePost, counts, s.RemoveReaction),
		Put("/api/rooms/:room/read", SignedIn, chat.ScopeRead, free, s.MarkRead),
		Post("/api/changes", SignedIn, chat.ScopeRead, free, s.ListChanges),

		Create("/api/notifications", SignedIn, chat.ScopeNotify, counts, s.Notify).Within(actions.MaxNotificationBytes),
		Get("/api/notifications", SignedIn, chat.ScopeRead, free, s.ListNotifications),
		Put("/api/notifications/read", SignedIn, chat.ScopeRead, counts, s.ReadNotifications),

		Get("/api/tokens", SignedInOrOperator, "", free, s.ListTokens),
		Create("/api/tokens", SignedInOrOperator, "", free, s.CreateToken),
		Delete("/api/tokens/:token", SignedInOrOperator, "", free, s.EndToken),

		Raw(http.MethodGet, "/healthz", s.Alive),
		Raw(http.MethodGet, "/readyz", s.Ready),
		Raw(http.MethodGet, metricsPath, metrics),
		Raw(http.MethodGet, socketPath, live.socket(s.Visit)),
		Raw(http.MethodGet, socketio.Path+"*", Handled(live.clients)),
		Raw(http.MethodPost, socketio.Path+"*", Handled(live.clients)),
		Raw(http.MethodOptions, socketio.Path+"*", Handled(live.clients)),
		Raw(http.MethodGet, "/*", Handled(page)),
		Raw(http.MethodHead, "/*", Handled(page)),
	}
}
