// The HTTP API: the table of every address. The handlers are in package web, in the file of their noun. Each
// one reads the type of its input and answers the type of its result; docs/protocol.md describes both. A
// route also says who may call it, which scope a program's token needs, and what it takes from the budget of
// its caller before anything runs: changes or reads.

package main

import (
	"net/http"

	"parley/access"
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
	free, changes, reads := access.Cost{}, access.Changes, access.Reads
	page := ui.Handler(s.HasLogin)
	var table []web.Route
	table = []web.Route{
		web.Get("/api/server", web.Anyone, "", reads(1), s.ShowServer),
		web.Create("/api/setup", web.Anyone, "", reads(10), s.SetUp),
		web.Create("/api/register", web.Anyone, "", reads(10), s.Register),
		web.Post("/api/login", web.Anyone, "", free, s.Login),
		web.Post("/api/invites/check", web.Anyone, "", reads(1), s.CheckInvite),

		web.Post("/api/logout", web.SignedIn, "", free, s.Logout),
		web.Get("/api/me", web.SignedIn, "", reads(1), s.ShowMe),
		web.Patch("/api/me", web.SignedIn, "", changes(10), s.ChangeProfile),
		web.Post("/api/me/password", web.SignedIn, "", free, s.ChangePassword),
		web.Get("/api/me/blocks", web.SignedIn, "", reads(1), s.ListBlocks),
		web.Put("/api/me/blocks/:user", web.SignedIn, "", changes(5), s.Block),
		web.Delete("/api/me/blocks/:user", web.SignedIn, "", changes(5), s.Unblock),
		web.Get("/api/me/room-invitations", web.SignedIn, chat.ScopeRead, reads(1), s.ListRoomInvitations),
		web.Post("/api/me/room-invitations/:room/accept", web.SignedIn, chat.ScopePost, changes(1), s.AcceptRoomInvitation),
		web.Post("/api/me/room-invitations/:room/decline", web.SignedIn, chat.ScopePost, changes(1), s.DeclineRoomInvitation),

		web.Get("/api/users", web.SignedIn, chat.ScopeRead, reads(2), s.ListUsers),
		web.Get("/api/users/:user", web.SignedIn, chat.ScopeAdmin, reads(1), s.ShowAccount),
		web.Patch("/api/users/:user", web.SignedInOrOperator, chat.ScopeAdmin, changes(10), s.ChangeUser),
		web.Post("/api/users/:user/deactivate", web.SignedInOrOperator, chat.ScopeAdmin, changes(10), s.DeactivateUser),
		web.Post("/api/users/:user/reactivate", web.SignedInOrOperator, chat.ScopeAdmin, changes(10), s.ReactivateUser),
		web.Delete("/api/users/:user/sessions", web.SignedIn, chat.ScopeAdmin, changes(1), s.EndSessions),
		web.Create("/api/users/:user/reset", web.SignedInOrOperator, "", changes(2), s.CreateReset),
		web.Post("/api/reset/check", web.Anyone, "", reads(1), s.CheckReset),
		web.Post("/api/reset", web.Anyone, "", reads(10), s.ChoosePassword),
		web.Patch("/api/server", web.SignedIn, chat.ScopeAdmin, changes(10), s.ChangeServer),
		web.Get("/api/invites", web.SignedIn, chat.ScopeAdmin, reads(1), s.ListInvites),
		web.Create("/api/invites", web.SignedIn, chat.ScopeAdmin, changes(2), s.CreateInvite),
		web.Delete("/api/invites/:invite", web.SignedIn, chat.ScopeAdmin, changes(1), s.EndInvite),
		web.Get("/api/reports", web.SignedIn, chat.ScopeAdmin, reads(2), s.ListReports),
		web.Get("/api/reports/:report", web.SignedIn, chat.ScopeAdmin, reads(2), s.ShowReport),
		web.Post("/api/reports/:report/close", web.SignedIn, chat.ScopeAdmin, changes(1), s.CloseReport),
		web.Get("/api/server/rooms", web.SignedIn, chat.ScopeAdmin, reads(10), s.ListAllRooms),
		web.Patch("/api/server/rooms/:room", web.SignedIn, chat.ScopeAdmin, changes(2), s.ChangeAnyRoom),
		web.Delete("/api/server/rooms/:room", web.SignedIn, chat.ScopeAdmin, changes(10), s.DeleteAnyRoom),
		web.Get("/api/server/rooms/:room/members", web.SignedIn, chat.ScopeAdmin, reads(2), s.ListAnyMembers),
		web.Patch("/api/server/rooms/:room/members/:user", web.SignedIn, chat.ScopeAdmin, changes(2), s.ChangeAnyMember),
		web.Delete("/api/server/rooms/:room/members/:user", web.SignedIn, chat.ScopeAdmin, changes(2), s.TakeOut),
		web.Get("/api/audit", web.SignedIn, chat.ScopeAdmin, reads(2), s.ListAudit),

		web.Get("/api/rooms", web.SignedIn, chat.ScopeRead, reads(10), s.ListRooms),
		web.Get("/api/rooms/public", web.SignedIn, chat.ScopeRead, reads(10), s.ListPublicRooms),
		web.Create("/api/rooms", web.SignedIn, chat.ScopePost, changes(2), s.CreateRoom),
		web.Post("/api/directs", web.SignedIn, chat.ScopePost, changes(1).AndOnePer(4), s.CreateDirect),
		web.Get("/api/rooms/:room", web.SignedIn, chat.ScopeRead, reads(1), s.ShowRoom),
		web.Patch("/api/rooms/:room", web.SignedIn, chat.ScopePost, changes(2), s.ChangeRoom),
		web.Delete("/api/rooms/:room", web.SignedIn, chat.ScopePost, changes(10), s.DeleteRoom),
		web.Post("/api/rooms/:room/join", web.SignedIn, chat.ScopePost, changes(1), s.JoinRoom),
		web.Post("/api/rooms/:room/leave", web.SignedIn, chat.ScopePost, changes(1), s.LeaveRoom),
		web.Post("/api/rooms/:room/hide", web.SignedIn, chat.ScopePost, changes(1), s.HideRoom),
		web.Put("/api/rooms/:room/favorite", web.SignedIn, chat.ScopePost, changes(1), s.AddFavorite),
		web.Delete("/api/rooms/:room/favorite", web.SignedIn, chat.ScopePost, changes(1), s.RemoveFavorite),
		web.Get("/api/rooms/:room/members", web.SignedIn, chat.ScopeRead, reads(2), s.ListMembers),
		web.Get("/api/rooms/:room/asked", web.SignedIn, chat.ScopeRead, reads(2), s.ListAsked),
		web.Post("/api/rooms/:room/members", web.SignedIn, chat.ScopePost, changes(1).AndOnePer(4), s.AddMembers),
		web.Patch("/api/rooms/:room/members/:user", web.SignedIn, chat.ScopePost, changes(2), s.ChangeMember),
		web.Delete("/api/rooms/:room/members/:user", web.SignedIn, chat.ScopePost, changes(2), s.RemoveMember),

		web.Get("/api/rooms/:room/messages", web.SignedIn, chat.ScopeRead, reads(2), s.ListMessages),
		web.Create("/api/rooms/:room/messages", web.SignedIn, chat.ScopePost, changes(1), s.PostMessage),
		web.Patch("/api/rooms/:room/messages/:seq", web.SignedIn, chat.ScopePost, changes(1), s.EditMessage),
		web.Delete("/api/rooms/:room/messages/:seq", web.SignedIn, chat.ScopePost, changes(1), s.DeleteMessage),
		web.Post("/api/rooms/:room/messages/:seq/report", web.SignedIn, "", changes(2), s.ReportMessage),
		web.Put("/api/rooms/:room/messages/:seq/reactions/:emoji", web.SignedIn, chat.ScopePost, changes(1), s.AddReaction),
		web.Delete("/api/rooms/:room/messages/:seq/reactions/:emoji", web.SignedIn, chat.ScopePost, changes(1), s.RemoveReaction),
		web.Put("/api/rooms/:room/read", web.SignedIn, chat.ScopeRead, changes(1), s.MarkRead),
		web.Post("/api/changes", web.SignedIn, chat.ScopeRead, reads(2).AndOnePer(20), s.ListChanges),

		web.Create("/api/notifications", web.SignedIn, chat.ScopeNotify, changes(1).AndOnePer(100), s.Notify).Within(actions.MaxNotificationBytes),
		web.Get("/api/notifications", web.SignedIn, chat.ScopeRead, reads(2), s.ListNotifications),
		web.Put("/api/notifications/read", web.SignedIn, chat.ScopeRead, changes(1), s.ReadNotifications),

		web.Get("/api/hosts", web.SignedInOrOperator, "", reads(1), s.ListHosts),
		web.Create("/api/hosts", web.SignedInOrOperator, "", changes(2), s.AddHost),
		web.Delete("/api/hosts/:host", web.SignedInOrOperator, "", changes(1), s.RemoveHost),

		web.Get("/api/tokens", web.SignedInOrOperator, "", reads(1), s.ListTokens),
		web.Create("/api/tokens", web.SignedInOrOperator, "", changes(2), s.CreateToken),
		web.Delete("/api/tokens/:token", web.SignedInOrOperator, "", changes(1), s.EndToken),

		web.OpenAPI("/api/openapi.json", version, &table),
		web.Raw(http.MethodGet, "/healthz", s.Alive),
		web.Raw(http.MethodGet, "/readyz", s.Ready),
		web.Raw(http.MethodGet, metrics.Path, scrape),
		web.Raw(http.MethodGet, socket.Path, live.socket(s.Visit)),
		web.Raw(http.MethodGet, socketio.Path+"*", web.Handled(live.clients)),
		web.Raw(http.MethodPost, socketio.Path+"*", web.Handled(live.clients)),
		web.Raw(http.MethodOptions, socketio.Path+"*", web.Handled(live.clients)),
		web.Raw(http.MethodGet, "/*", web.Handled(page)),
	}
	return table
}
