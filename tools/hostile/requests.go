// What floods over HTTP ask for.

package hostile

import (
	"fmt"
	"net/http"
	"strings"

	"parley/chat"
)

// request is one request as the attacker. A nil body is none.
type request struct {
	method, path string
	body         any
}

func readsPage(t *Target, _ int64) request { return request{http.MethodGet, page(t), nil} }

func takesName(_ *Target, n int64) request {
	return request{http.MethodPatch, "/api/me", chat.ProfileChange{DisplayName: new(fmt.Sprint("name ", n))}}
}

func makesRoom(_ *Target, n int64) request {
	return request{http.MethodPost, "/api/rooms", chat.NewRoom{Kind: chat.Private, Name: fmt.Sprint("room", n)}}
}

func addsAndTakesOut(t *Target, n int64) request {
	members := fmt.Sprintf("/api/rooms/%d/members", t.Room)
	if n%2 == 0 {
		return request{http.MethodDelete, fmt.Sprintf("%s/%d", members, t.Victim.ID), nil}
	}
	return request{http.MethodPost, members, chat.NewMembers{UserIDs: []chat.UserID{t.Victim.ID}}}
}

func blocksAndEndsThat(t *Target, n int64) request {
	method := http.MethodPut
	if n%2 == 0 {
		method = http.MethodDelete
	}
	return request{method, fmt.Sprintf("/api/me/blocks/%d", t.Victim.ID), nil}
}

func invites(*Target, int64) request {
	return request{http.MethodPost, "/api/invites", chat.NewInvite{}}
}

func notifies(t *Target, n int64) request {
	return request{http.MethodPost, "/api/notifications", chat.NewNotification{
		To: []string{t.Victim.Name}, Title: "attack", Body: strings.Repeat("x", 2_000), Key: fmt.Sprint("attack", n),
	}}
}
