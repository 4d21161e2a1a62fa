// Answers that are made part by part: what one client makes the server hold, and how they end when a part fails.

package web

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"

	"parley/access"
	"parley/chat"
	"parley/internal/budget"
)

// inParts starts a server with a route that answers in so many parts of so many bytes, and then fails with err. It
// returns the answer, with its body yet to be read, and the server's budget. made counts the parts.
func inParts(t *testing.T, parts, size int, err error, made *atomic.Int64) (*http.Response, *budget.Budget) {
	t.Helper()
	p := start(t, Site{}, func(*Server) []Route {
		return []Route{Get("/api/parts", SignedIn, "", access.Cost{}, func(*Request, None) (Parts[chat.Rooms], error) {
			return func() ([]byte, bool, error) {
				switch n := int(made.Add(1)); {
				case n <= parts:
					return bytes.Repeat([]byte{'x'}, size), n < parts || err != nil, nil
				default:
					return nil, false, err
				}
			}, nil
		})}
	})
	server := httptest.NewServer(p.echo)
	t.Cleanup(server.Close)
	r, reqErr := http.NewRequest(http.MethodGet, server.URL+"/api/parts", nil)
	if reqErr != nil {
		t.Fatal(reqErr)
	}
	r.Host = "home.example"
	r.Header.Set("Authorization", bearer(p.token(t, p.login))[1])
	resp, reqErr := server.Client().Do(r)
	if reqErr != nil {
		t.Fatal(reqErr)
	}
	t.Cleanup(func() { resp.Body.Close() })
	return resp, p.echo.JSONSerializer.(plainJSON).unread
}

// A client that reads nothing makes the server hold one part of a long answer, however long it is.
func TestOfAnAnswerInPartsOnePartIsHeld(t *testing.T) {
	t.Parallel()
	const parts, size = 64, 1 << 20
	var made atomic.Int64
	resp, unread := inParts(t, parts, size, nil, &made)
	if resp.ContentLength != -1 || resp.Header.Get("Cache-Control") != uncached {
		t.Errorf("the headers are %v", resp.Header)
	}
	got, piece := 0, make([]byte, size/2)
	for {
		if used := unread.Used(); used > size {
			t.Fatalf("%d bytes are held", used)
		}
		const buffered = 16 // MiB that the system may have taken
		if ahead := int(made.Load()) - got/size; ahead > buffered {
			t.Fatalf("%d parts are made ahead", ahead)
		}
		n, err := resp.Body.Read(piece)
		if got += n; err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if got != parts*size {
		t.Errorf("got %d bytes", got)
	}
}

// When a part fails after others were sent, the client does not take those for all.
func TestAnAnswerWhoseNextPartFailsIsBrokenOff(t *testing.T) {
	t.Parallel()
	var made atomic.Int64
	resp, unread := inParts(t, 3, 100_000, errors.New("the disk is gone"), &made)
	body, err := io.ReadAll(resp.Body)
	if err == nil {
		t.Errorf("got %d bytes as if they were all", len(body))
	}
	if used := unread.Used(); used != 0 {
		t.Errorf("%d bytes are counted", used)
	}
}

// When the first part fails, the answer is an error as any other.
func TestAnAnswerWhoseFirstPartFailsIsAnError(t *testing.T) {
	t.Parallel()
	var made atomic.Int64
	resp, _ := inParts(t, 0, 0, chat.Errorf(chat.NotFound, "there is none"), &made)
	body, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusNotFound || resp.Header.Get("Content-Type") != "application/problem+json" {
		t.Errorf("got %d %s, %v", resp.StatusCode, body, err)
	}
}

// The rooms of the caller are one answer, and each is in it once.
func TestTheRoomsOfTheCallerAreWhole(t *testing.T) {
	t.Parallel()
	p := start(t, Site{}, func(s *Server) []Route {
		return []Route{Get("/api/rooms", SignedIn, "", access.Cost{}, s.ListRooms)}
	})
	ann := bearer(p.token(t, p.login))
	for n := range 100 {
		topic := string(bytes.Repeat([]byte("𝄞"), 1024))
		if _, err := p.actions.CreateRoom(p.ann(), chat.NewRoom{Kind: chat.Private, Name: fmt.Sprint("room", n), Topic: topic}); err != nil {
			t.Fatal(err)
		}
	}
	answer := p.asks(t, http.MethodGet, "/api/rooms", "", ann...)
	var list chat.Rooms
	if err := chat.DecodeLoosely(answer.Body.Bytes(), &list); err != nil {
		t.Fatal(err)
	}
	last, named := chat.RoomID(0), map[string]int{}
	for _, room := range list.Rooms {
		if room.ID <= last {
			t.Errorf("room %d comes after %d", room.ID, last)
		}
		last = room.ID
		named[room.Name]++
	}
	for n := range 100 {
		if named[fmt.Sprint("room", n)] != 1 {
			t.Errorf("room %d is there %d times", n, named[fmt.Sprint("room", n)])
		}
	}
}
