package web

import (
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"parley/access"
	"parley/chat"
)

func TestARouteAsksForItsScope(t *testing.T) {
	t.Parallel()
	var by access.Caller
	note := func(r *Request, _ None) (None, error) {
		by = r.By
		return None{}, nil
	}
	p := start(t, Site{}, func(*Server) []Route {
		return []Route{
			Post("/api/post", SignedIn, chat.ScopePost, access.Changes(3), note),
			Post("/api/any", SignedIn, "", access.Cost{}, note),
			Post("/api/anyone", Anyone, chat.ScopePost, access.Changes(1), note), // has no caller to ask
		}
	})
	reader, poster := p.makes(t, chat.ScopeRead), p.makes(t, chat.ScopePost)
	refused := p.asks(t, http.MethodPost, "/api/post", "", bearer(reader.Token)...)
	checkAnswer(t, "without the scope", refused, http.StatusForbidden, chat.Forbidden)
	if by.User != 0 {
		t.Errorf("the handler ran for %+v", by)
	}
	checkAnswer(t, "with the scope", p.asks(t, http.MethodPost, "/api/post", "", bearer(poster.Token)...), http.StatusNoContent, "")
	if by.User != poster.Bot.ID || by.Grant == nil || by.Grant.Token != poster.ID {
		t.Errorf("the handler ran for %+v", by)
	}
	checkAnswer(t, "a person", p.asks(t, http.MethodPost, "/api/post", "", cookie(p.token(t, p.login))...), http.StatusNoContent, "")
	if by.User != p.login.User || by.Session != p.login.ID || by.Grant != nil {
		t.Errorf("the handler ran for %+v", by)
	}
	checkAnswer(t, "any token", p.asks(t, http.MethodPost, "/api/any", "", bearer(reader.Token)...), http.StatusNoContent, "")
	if by.User != reader.Bot.ID {
		t.Errorf("the handler ran for %+v", by)
	}
	checkAnswer(t, "nobody", p.asks(t, http.MethodPost, "/api/anyone", ""), http.StatusNoContent, "")
	if by != (access.Caller{}) {
		t.Errorf("the handler ran for %+v", by)
	}
}

// list is a request with a list.
type list struct {
	All []int `json:"all"`
}

func (l list) Elements() int { return len(l.All) }

// A route takes its cost from whoever asks, before it reads the request and before its handler runs. Who is not
// signed in shares the reads of their address.
func TestARouteTakesItsCostBeforeAnythingRuns(t *testing.T) {
	t.Parallel()
	ran := 0
	run := func(*Request, None) (None, error) { ran++; return None{}, nil }
	p := start(t, Site{}, func(*Server) []Route {
		return []Route{
			Post("/api/three", SignedIn, "", access.Changes(3), run),
			Post("/api/list", SignedIn, "", access.Changes(1).AndOnePer(2), func(*Request, list) (None, error) { ran++; return None{}, nil }),
			Get("/api/anyone", Anyone, "", access.Reads(10), run),
		}
	}, func(l *access.Limits) { l.MessagesPerSecond, l.MessagesBurst, l.ReadsPerSecond = 0.001, 10, 1 })
	session := cookie(p.token(t, p.login))
	want := func(what string, w *httptest.ResponseRecorder, code chat.Code, runs int) {
		t.Helper()
		status := http.StatusNoContent
		if code != "" {
			status = StatusOf(code)
		}
		checkAnswer(t, what, w, status, code)
		if ran != runs {
			t.Errorf("%s: handlers ran %d times, want %d", what, ran, runs)
		}
	}
	want("three of ten", p.asks(t, http.MethodPost, "/api/three", "", session...), "", 1)
	want("one of seven, in vain", p.asks(t, http.MethodPost, "/api/list", `{"all":[1,2,x]}`, session...), chat.BadRequest, 1)
	want("seven of six", p.asks(t, http.MethodPost, "/api/list", `{"all":[1,2,3,4,5,6,7,8,9,10,11,12]}`, session...), chat.RateLimited, 1)
	want("six of six", p.asks(t, http.MethodPost, "/api/list", `{"all":[1,2,3,4,5,6,7,8,9,10]}`, session...), "", 2)
	want("three of none", p.asks(t, http.MethodPost, "/api/three", "", session...), chat.RateLimited, 2)
	want("one of none, unread", p.asks(t, http.MethodPost, "/api/list", "nonsense", session...), chat.RateLimited, 2)
	want("the reads of an address", p.asks(t, http.MethodGet, "/api/anyone", ""), "", 3)
	want("no more", p.asks(t, http.MethodGet, "/api/anyone", ""), chat.RateLimited, 3)
	defer func() {
		if recover() == nil {
			t.Error("a route whose list costs, without a list, is taken")
		}
	}()
	Post("/api/none", SignedIn, "", access.Changes(1).AndOnePer(2), run)
}

// topic is an input of everything that one can have.
type topic struct {
	Room  chat.RoomID `path:"room"`
	Word  string      `path:"word"`
	Since int64       `query:"since"`
	Find  string      `query:"find"`
	In    chat.NewText
}

func TestThePartsOfARequestAreRead(t *testing.T) {
	t.Parallel()
	var got topic
	p := start(t, Site{}, func(*Server) []Route {
		return []Route{Put("/api/rooms/:room/:word", Anyone, "", access.Cost{}, func(_ *Request, in topic) (topic, error) {
			got = in
			return in, nil
		})}
	})
	const body = `{"body":"text"}`
	for _, c := range []struct {
		path, body, kind string
		status           int
		code             chat.Code
		want             topic
	}{
		{"/7/%F0%9F%91%8D?since=3&find=a%26b", body, "application/json", 200, "", topic{7, "👍", 3, "a&b", chat.NewText{Body: "text"}}},
		{"/0/a%2Fb", body, "Application/JSON; charset=utf-8", 200, "", topic{0, "a/b", 0, "", chat.NewText{Body: "text"}}},
		{"/-1/x", body, "application/json", 404, chat.NotFound, topic{}},
		{"/x/x", body, "application/json", 404, chat.NotFound, topic{}},
		{"/1.5/x", body, "application/json", 404, chat.NotFound, topic{}},
		{"/9223372036854775807/x", body, "application/json", 200, "", topic{1<<63 - 1, "x", 0, "", chat.NewText{Body: "text"}}},
		{"/9223372036854775808/x", body, "application/json", 404, chat.NotFound, topic{}},
		{"/1/x?since=-1", body, "application/json", 422, chat.Invalid, topic{}},
		{"/1/x?since=x", body, "application/json", 422, chat.Invalid, topic{}},
		{"/1/x", body, "text/plain", 400, chat.BadRequest, topic{}},
		{"/1/x", body, "application/jsonp", 400, chat.BadRequest, topic{}},
		{"/1/x", body, "", 400, chat.BadRequest, topic{}},
		{"/1/x", body + "{}", "application/json", 400, chat.BadRequest, topic{}},
		{"/1/x", `{"body":"text","more":1}`, "application/json", 400, chat.BadRequest, topic{}},
		{"/1/x", ``, "application/json", 400, chat.BadRequest, topic{}},
	} {
		got = topic{}
		w := p.asks(t, http.MethodPut, "/api/rooms"+c.path, c.body, "Content-Type", c.kind)
		checkAnswer(t, c.path+" "+c.body+" "+c.kind, w, c.status, c.code)
		if got != c.want {
			t.Errorf("%s %s: read %+v, want %+v", c.path, c.body, got, c.want)
		}
	}
}

func TestBodiesAreBounded(t *testing.T) {
	t.Parallel()
	text := func(*Request, chat.NewText) (None, error) { return None{}, nil }
	p := start(t, Site{}, func(*Server) []Route {
		return []Route{
			Post("/api/anyone", Anyone, "", access.Cost{}, text), Post("/api/people", SignedIn, "", access.Cost{}, text),
			Post("/api/keys", SignedInOrOperator, "", access.Cost{}, text), Post("/api/wide", SignedIn, "", access.Cost{}, text).Within(200 << 10),
			Post("/api/narrow", Anyone, "", access.Cost{}, text).Within(100),
		}
	})
	token := p.token(t, p.login)
	for path, most := range map[string]int{
		"/api/anyone": 16 << 10, "/api/people": 128 << 10, "/api/keys": 128 << 10, "/api/wide": 200 << 10, "/api/narrow": 100,
	} {
		for more, status := range map[int]int{0: http.StatusNoContent, 1: http.StatusRequestEntityTooLarge} {
			const frame = `{"body":""}`
			body := strings.Repeat(" ", most-len(frame)+more) + frame
			w := p.asks(t, http.MethodPost, path, body, bearer(token)...)
			checkAnswer(t, path+" with "+strconv.Itoa(most+more)+" bytes", w, status, "")
			if more > 0 && !strings.Contains(w.Body.String(), `"limit":`+strconv.Itoa(most)) {
				t.Errorf("%s: got %s, want the limit %d", path, w.Body, most)
			}
		}
	}
}

// A panic ends its request, and no other.
func TestAHandlerThatPanicsIsAFaultOfTheServer(t *testing.T) {
	t.Parallel()
	p := start(t, Site{}, func(*Server) []Route {
		return []Route{
			Get("/api/panics", Anyone, "", access.Cost{}, func(*Request, None) (None, error) { panic("secret") }),
			Get("/api/fine", Anyone, "", access.Cost{}, nothing),
		}
	})
	for range 2 {
		w := p.asks(t, http.MethodGet, "/api/panics", "")
		checkAnswer(t, "a panic", w, http.StatusInternalServerError, chat.Internal)
		if strings.Contains(w.Body.String(), "secret") {
			t.Errorf("the answer is %s", w.Body)
		}
		checkAnswer(t, "afterwards", p.asks(t, http.MethodGet, "/api/fine", ""), http.StatusNoContent, "")
	}
	checkAnswer(t, "an address that is none", p.asks(t, http.MethodGet, "/api/none", ""), http.StatusNotFound, chat.NotFound)
	checkAnswer(t, "a method that is none", p.asks(t, http.MethodPost, "/api/fine", ""), http.StatusNotFound, chat.NotFound)
}

func TestARefusalTellsWhenToComeAgain(t *testing.T) {
	t.Parallel()
	var wait int64
	p := start(t, Site{}, func(*Server) []Route {
		return []Route{Get("/api/later", Anyone, "", access.Cost{}, func(*Request, None) (None, error) {
			return None{}, &chat.Error{Code: chat.RateLimited, RetryAfter: wait}
		})}
	})
	for ms, want := range map[int64]string{0: "1", 1: "1", 999: "1", 1000: "1", 1001: "2", 180_000: "180"} {
		wait = ms
		w := p.asks(t, http.MethodGet, "/api/later", "")
		checkAnswer(t, "later", w, http.StatusTooManyRequests, chat.RateLimited)
		if got := w.Header().Get("Retry-After"); got != want {
			t.Errorf("%d ms: Retry-After is %q, want %q", ms, got, want)
		}
	}
}
