// The HTTP API: the table of every address. The handlers are in package web, in the file of their noun. Each
// one reads the type of its input and answers the type of its result; docs/protocol.md describes both. A
// route also says who may call it, which scope a program's token needs, and how many changes it counts as.

package main

import (
	"net/http"

	"parley/actions"
	"parley/chat"
	"parley/metrics"
	"parley/socket"
	"parley/socketio"
	"parley/ui"
	"parley/web"
)

// raw writes the answer to a request by itself, or returns an error.
type raw = func(http.ResponseWriter, *http.Request) error

// routes is the table of contents of the API.
func routes(s *web.Server, live *live, scrape raw) []web.Route {
	const free, counts = 0, 1
	page := ui.Handler()
	var table []web.Route
	table = []web.Route{
		web.Get("/api/server", web.Anyone, "", free, s.ShowServer),
		web.Create("/api/setup", web.Anyone, "", free, s.SetUp),
		web.Create("/api/register", web.Anyone, "", free, s.Register),
		web.Post("/api/login", web.Anyone, "", free, s.Login),
		web.Post("/api/invites/check", web.Anyone, "", free, s.CheckInvite),

		web.Post("/api/logout", web.SignedIn, "", free, s.Logout),
		web.Get("/api/me", web.SignedIn, "", free, s.ShowMe),
		web.Patch("/api/me", web.SignedIn, "", free, s.ChangeProfile),
		web.Post("/api/me/password", web.SignedIn, "", free, s.ChangePassword),

		web.Get("/api/users", web.SignedIn, chat.ScopeRead, free, s.ListUsers),
		web.Get("/api/users/:user", web.SignedIn, chat.ScopeAdmin, free, s.ShowAccount),
		web.Patch("/api/users/:user", web.SignedInOrOperator, chat.ScopeAdmin, free, s.ChangeUser),
		web.Post("/api/users/:user/deactivate", web.SignedInOrOperator, chat.ScopeAdmin, free, s.DeactivateUser),
		web.Post("/api/users/:user/reactivate", web.SignedInOrOperator, chat.ScopeAdmin, free, s.ReactivateUser),
		web.Delete("/api/users/:user/sessions", web.SignedIn, chat.ScopeAdmin, free, s.EndSessions),
		web.Create("/api/users/:user/reset", web.SignedInOrOperator, "", free, s.CreateReset),
		web.Post("/api/reset/check", web.Anyone, "", free, s.CheckReset),
		web.Post("/api/reset", web.Anyone, "", free, s.UseReset),
		web.Patch("/api/server", web.SignedIn, chat.ScopeAdmin, free, s.ChangeServer),
		web.Get("/api/invites", web.SignedIn, chat.ScopeAdmin, free, s.ListInvites),
		web.Create("/api/invites", web.SignedIn, chat.ScopeAdmin, free, s.CreateInvite),
		web.Delete("/api/invites/:invite", web.SignedIn, chat.ScopeAdmin, free, s.EndInvite),
		web.Get("/api/reports", web.SignedIn, chat.ScopeAdmin, free, s.ListReports),
		web.Get("/api/reports/:report", web.SignedIn, chat.ScopeAdmin, free, s.ShowReport),
		web.Post("/api/reports/:report/close", web.SignedIn, chat.ScopeAdmin, counts, s.CloseReport),
		web.Get("/api/audit", web.SignedIn, chat.ScopeAdmin, free, s.ListAudit),

		web.Get("/api/rooms", web.SignedIn, chat.ScopeRead, free, s.ListRooms),
		web.Get("/api/rooms/public", web.SignedIn, chat.ScopeRead, free, s.ListPublicRooms),
		web.Create("/api/rooms", web.SignedIn, chat.ScopePost, counts, s.CreateRoom),
		web.Post("/api/directs", web.SignedIn, chat.ScopePost, counts, s.CreateDirect),
		web.Get("/api/rooms/:room", web.SignedIn, chat.ScopeRead, free, s.ShowRoom),
		web.Patch("/api/rooms/:room", web.SignedIn, chat.ScopePost, counts, s.ChangeRoom),
		web.Post("/api/rooms/:room/join", web.SignedIn, chat.ScopePost, counts, s.JoinRoom),
		web.Post("/api/rooms/:room/leave", web.SignedIn, chat.ScopePost, counts, s.LeaveRoom),
		web.Get("/api/rooms/:room/members", web.SignedIn, chat.ScopeRead, free, s.ListMembers),
		web.Post("/api/rooms/:room/members", web.SignedIn, chat.ScopePost, counts, s.AddMembers),
		web.Patch("/api/rooms/:room/members/:user", web.SignedIn, chat.ScopePost, free, s.ChangeMember),
		web.Delete("/api/rooms/:room/members/:user", web.SignedIn, chat.ScopePost, free, s.RemoveMember),

		web.Get("/api/rooms/:room/messages", web.SignedIn, chat.ScopeRead, free, s.ListMessages),
		web.Create("/api/rooms/:room/messages", web.SignedIn, chat.ScopePost, counts, s.PostMessage),
		web.Patch("/api/rooms/:room/messages/:seq", web.SignedIn, chat.ScopePost, counts, s.EditMessage),
		web.Delete("/api/rooms/:room/messages/:seq", web.SignedIn, chat.ScopePost, counts, s.DeleteMessage),
		web.Post("/api/rooms/:room/messages/:seq/report", web.SignedIn, "", counts, s.ReportMessage),
		web.Put("/api/rooms/:room/messages/:seq/reactions/:emoji", web.SignedIn, chat.ScopePost, counts, s.AddReaction),
		web.Delete("/api/rooms/:room/messages/:seq/reactions/:emoji", web.SignedIn, chat.ScopePost, counts, s.RemoveReaction),
		web.Put("/api/rooms/:room/read", web.SignedIn, chat.ScopeRead, free, s.MarkRead),
		web.Post("/api/changes", web.SignedIn, chat.ScopeRead, free, s.ListChanges),

		web.Create("/api/notifications", web.SignedIn, chat.ScopeNotify, counts, s.Notify).Within(actions.MaxNotificationBytes),
		web.Get("/api/notifications", web.SignedIn, chat.ScopeRead, free, s.ListNotifications),
		web.Put("/api/notifications/read", web.SignedIn, chat.ScopeRead, counts, s.ReadNotifications),

		web.Get("/api/tokens", web.SignedInOrOperator, "", free, s.ListTokens),
		web.Create("/api/tokens", web.SignedInOrOperator, "", free, s.CreateToken),
		web.Delete("/api/tokens/:token", web.SignedInOrOperator, "", free, s.EndToken),

		web.OpenAPI("/api/openapi.json", version, &table),
		web.Raw(http.MethodGet, "/healthz", s.Alive),
		web.Raw(http.MethodGet, "/readyz", s.Ready),
		web.Raw(http.MethodGet, metrics.Path, scrape),
		web.Raw(http.MethodGet, socket.Path, live.socket(s.Visit)),
		web.Raw(http.MethodGet, socketio.Path+"*", web.Handled(live.clients)),
		web.Raw(http.MethodPost, socketio.Path+"*", web.Handled(live.clients)),
		web.Raw(http.MethodOptions, socketio.Path+"*", web.Handled(live.clients)),
		web.Raw(http.MethodGet, "/*", web.Handled(page)),
		web.Raw(http.MethodHead, "/*", web.Handled(page)),
	}
	return table
}
