package web

import (
	"context"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"parley/access"
	"parley/chat"
	"parley/internal/wait"
)

func TestRequestsUnderWayAreBounded(t *testing.T) {
	t.Parallel()
	hold := make(chan struct{})
	begun := make(chan struct{}, 2*maxAddressRequests)
	p := start(t, Site{}, func(s *Server) []Route {
		waits := func(*Request, None) (None, error) { begun <- struct{}{}; <-hold; return None{}, nil }
		return []Route{
			Delete("/api/mine", SignedIn, "", access.Cost{}, waits),
			Delete("/api/any", Anyone, "", access.Cost{}, waits),
			Delete("/api/free", SignedIn, "", access.Cost{}, func(*Request, None) (None, error) { return None{}, nil }),
			Raw(http.MethodGet, "/raw", func(w http.ResponseWriter, _ *http.Request) error { return ok(w) }),
		}
	})
	ann, bot := bearer(p.token(t, p.login)), bearer(p.makes(t, chat.ScopeRead).Token)
	from := func(address, path string, headers []string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(http.MethodDelete, home+path, nil)
		if path == "/raw" {
			r.Method = http.MethodGet
		}
		r.RemoteAddr = address
		for i := 0; i < len(headers); i += 2 {
			r.Header.Set(headers[i], headers[i+1])
		}
		w := httptest.NewRecorder()
		p.echo.ServeHTTP(w, r)
		return w
	}
	var held sync.WaitGroup
	holds := func(n int, address, path string, headers []string) {
		for range n {
			held.Go(func() {
				checkAnswer(t, path, from(address, path, headers), http.StatusNoContent, "")
			})
		}
		for range n {
			<-begun
		}
	}
	holds(maxPersonRequests, "10.0.0.1:1", "/api/mine", ann)
	tooMany := from("10.0.0.2:1", "/api/free", ann)
	checkAnswer(t, "one more of ann's", tooMany, http.StatusTooManyRequests, chat.RateLimited)
	if tooMany.Header().Get("Retry-After") != "1" {
		t.Errorf("the headers are %v", tooMany.Header())
	}
	checkAnswer(t, "somebody else's", from("10.0.0.1:1", "/api/free", bot), http.StatusNoContent, "")

	holds(maxAddressRequests-maxPersonRequests, "10.0.0.1:1", "/api/any", nil)
	for _, path := range []string{"/api/any", "/api/free", "/raw", "/nowhere"} {
		checkAnswer(t, path+" from the full address", from("10.0.0.1:1", path, bot), http.StatusTooManyRequests, chat.RateLimited)
	}
	checkAnswer(t, "from another address", from("10.0.0.2:1", "/raw", nil), http.StatusOK, "")
	close(hold)
	held.Wait()
	checkAnswer(t, "afterwards", from("10.0.0.1:1", "/api/free", ann), http.StatusNoContent, "")
	if len(p.addresses.counts) != 0 || len(p.people.counts) != 0 {
		t.Errorf("still counted: %v %v", p.addresses.counts, p.people.counts)
	}
}

// While too much waits to be read, an answer is refused with a code; a small error can always be told.
func TestAnswersCountInTheTotal(t *testing.T) {
	t.Parallel()
	p := start(t, Site{}, func(s *Server) []Route {
		return []Route{Get("/api/me", SignedIn, "", access.Cost{}, s.ShowMe)}
	})
	ann := bearer(p.token(t, p.login))
	unread := p.echo.JSONSerializer.(plainJSON).unread
	all := int(unread.Limit())
	unread.Add(all)
	full := p.asks(t, http.MethodGet, "/api/me", "", ann...)
	checkAnswer(t, "while it is full", full, http.StatusServiceUnavailable, chat.Busy)
	if full.Header().Get("Retry-After") != "1" || full.Header().Get("Content-Type") != "application/problem+json" {
		t.Errorf("the headers are %v", full.Header())
	}
	unread.Add(-all)
	checkAnswer(t, "afterwards", p.asks(t, http.MethodGet, "/api/me", "", ann...), http.StatusOK, "")
	if used := unread.Used(); used != 0 {
		t.Errorf("%d bytes are counted after all answers", used)
	}
}

func TestFewAnswersAreMadeAtOnceAndFewerOfOnePerson(t *testing.T) {
	t.Parallel()
	hold := make(chan struct{})
	begun := make(chan chat.UserID, 2*maxMaking)
	p := start(t, Site{}, func(s *Server) []Route {
		waits := func(r *Request, _ None) (None, error) { begun <- r.By.User; <-hold; return None{}, nil }
		return []Route{
			Get("/api/slow", SignedIn, "", access.Cost{}, waits),
			Delete("/api/change", SignedIn, "", access.Cost{}, func(*Request, None) (None, error) { return None{}, nil }),
		}
	})
	ann, bot := bearer(p.token(t, p.login)), bearer(p.makes(t, chat.ScopeRead).Token)
	var held sync.WaitGroup
	for range maxMaking + 3 {
		held.Go(func() {
			checkAnswer(t, "a read", p.asks(t, http.MethodGet, "/api/slow", "", ann...), http.StatusNoContent, "")
		})
	}
	for range maxPersonMaking {
		<-begun
	}
	wait.Until(t, "ann's others wait", func() bool {
		p.turns.mu.Lock()
		defer p.turns.mu.Unlock()
		return p.turns.people[p.login.User].asking == maxMaking+3
	})
	if len(begun) != 0 {
		t.Error("more of ann's answers are made at once")
	}
	checkAnswer(t, "a change", p.asks(t, http.MethodDelete, "/api/change", "", ann...), http.StatusNoContent, "")
	held.Go(func() {
		checkAnswer(t, "another's read", p.asks(t, http.MethodGet, "/api/slow", "", bot...), http.StatusNoContent, "")
	})
	if by := <-begun; by == p.login.User {
		t.Error("ann's were before another's")
	}
	close(hold)
	held.Wait()
	if len(p.turns.all) != 0 || len(p.turns.people) != 0 {
		t.Errorf("%d places are still taken by %v", len(p.turns.all), p.turns.people)
	}

	all := newTurns()
	for who := range chat.UserID(maxMaking) {
		if _, err := all.take(t.Context(), who); err != nil {
			t.Fatal(err)
		}
	}
	ended, end := context.WithCancel(t.Context())
	end()
	if _, err := all.take(ended, 100); err == nil || len(all.people) != maxMaking {
		t.Errorf("%d people have turns, %v", len(all.people), err)
	}
}
