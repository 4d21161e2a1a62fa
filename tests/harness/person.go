package harness

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"

	"parley/chat"
	"parley/internal/wait"
	"parley/web"
)

// GoodPassword is everyone's.
const GoodPassword = "correct horse battery"

// WrongCode has the form of the codes in links, and is none.
const WrongCode = "WRONGWRONGWRONGWRONGWRONGW"

// Account is what somebody registers with.
func Account(name string) chat.NewAccount {
	return chat.NewAccount{Name: name, DisplayName: strings.ToUpper(name[:1]) + name[1:], Password: GoodPassword}
}

// Person is someone with a browser.
type Person struct {
	P      *Program
	Name   string
	User   chat.User
	Client *http.Client
	Origin string // what the browser says of the page that asks; empty for no browser
	Bearer string // instead of the cookie
	// Address is where the person's requests come from, as a proxy tells the server; empty when there is no proxy.
	Address string
}

// Visitor is someone who has not signed in.
func (p *Program) Visitor(t testing.TB, name string) *Person {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	transport := &http.Transport{}
	if p.Through != nil {
		transport = p.Through.Clone()
	}
	t.Cleanup(transport.CloseIdleConnections)
	client := &http.Client{Jar: jar, Transport: transport, Timeout: wait.Patience}
	return &Person{P: p, Name: name, Origin: p.URL, Client: client}
}

// Device is another browser in which the person signs in.
func (who *Person) Device(t testing.TB) *Person {
	t.Helper()
	other := who.P.Visitor(t, who.Name)
	var in chat.SignedIn
	other.Post(t, "/api/login", chat.Login{Name: who.Name, Password: GoodPassword}, http.StatusOK, &in)
	other.User = in.User
	return other
}

// Token signs the person in once more and gives the token of that login.
func (who *Person) Token(t testing.TB) string {
	t.Helper()
	var in chat.SignedIn
	login := chat.Login{Name: who.Name, Password: GoodPassword, Token: true}
	who.P.Visitor(t, who.Name).Post(t, "/api/login", login, http.StatusOK, &in)
	return in.Token
}

// WithBearer is the person, or a program, with a token and without a browser.
func (who *Person) WithBearer(t testing.TB, token string) *Person {
	t.Helper()
	other := who.P.Visitor(t, who.Name)
	other.User, other.Origin, other.Bearer = who.User, "", token
	return other
}

// On gives the person, with their cookie, at the program after a restart.
func (who *Person) On(p *Program) *Person {
	old, _ := url.Parse(who.P.URL)
	now, _ := url.Parse(p.URL)
	who.Client.Jar.SetCookies(now, who.Client.Jar.Cookies(old))
	moved := *who
	moved.P, moved.Origin = p, p.URL
	return &moved
}

// Call makes a request and decodes the answer into out; it fails the test on another status.
func (who *Person) Call(t testing.TB, method, path string, in any, wantStatus int, out any) {
	t.Helper()
	status, body := who.Try(t, method, path, in)
	if status != wantStatus {
		t.Fatalf("%s %s: got status %d, want %d: %s", method, path, status, wantStatus, body)
	}
	if out == nil {
		return
	}
	if err := json.Unmarshal(body, out); err != nil {
		t.Fatalf("%s %s: %v: %s", method, path, err, body)
	}
}

// Try makes a request and gives what came back. in is sent as JSON, or as it is when it is a string.
func (who *Person) Try(t testing.TB, method, path string, in any) (status int, body []byte) {
	t.Helper()
	var sent io.Reader
	if text, ok := in.(string); ok {
		sent = strings.NewReader(text)
	} else if in != nil {
		encoded, err := json.Marshal(in)
		if err != nil {
			t.Fatal(err)
		}
		sent = bytes.NewReader(encoded)
	}
	req, err := http.NewRequest(method, who.P.URL+path, sent)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	if who.Origin != "" {
		req.Header.Set("Origin", who.Origin)
	}
	if who.Bearer != "" {
		req.Header.Set("Authorization", "Bearer "+who.Bearer)
	}
	if who.Address != "" {
		req.Header.Set("X-Forwarded-For", who.Address)
	}
	resp, err := who.Client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err = io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	who.P.CheckAnswer(t, method, path, resp, body)
	return resp.StatusCode, body
}

// Get reads an address.
func (who *Person) Get(t testing.TB, path string, out any) {
	t.Helper()
	who.Call(t, http.MethodGet, path, nil, http.StatusOK, out)
}

// Post posts to an address.
func (who *Person) Post(t testing.TB, path string, in any, wantStatus int, out any) {
	t.Helper()
	who.Call(t, http.MethodPost, path, in, wantStatus, out)
}

// Refused makes a request and checks that it is refused with the code, and the status that goes with it.
func (who *Person) Refused(t testing.TB, code chat.Code, method, path string, in any) *chat.Error {
	t.Helper()
	status, body := who.Try(t, method, path, in)
	var got chat.Error
	if err := json.Unmarshal(body, &got); err != nil {
		t.Fatalf("%s %s: status %d: %v: %s", method, path, status, err, body)
	}
	if got.Code != code || status != web.StatusOf(code) {
		t.Fatalf("%s %s: got %d %q (%s), want %d %q", method, path, status, got.Code, got.Message, web.StatusOf(code), code)
	}
	return &got
}

// Room finds one of the person's rooms by its name.
func (who *Person) Room(t testing.TB, name string) chat.RoomState {
	t.Helper()
	var list chat.Rooms
	who.Get(t, "/api/rooms", &list)
	for _, room := range list.Rooms {
		if room.Name == name {
			return room
		}
	}
	t.Fatalf("%s is not in a room %q: %+v", who.Name, name, list.Rooms)
	return chat.RoomState{}
}

// Creates makes a room of the person's.
func (who *Person) Creates(t testing.TB, kind chat.RoomKind, name string) chat.RoomState {
	t.Helper()
	var room chat.RoomState
	who.Post(t, "/api/rooms", chat.NewRoom{Kind: kind, Name: name}, http.StatusCreated, &room)
	return room
}

// Direct opens the direct room with others.
func (who *Person) Direct(t testing.TB, others ...*Person) chat.RoomState {
	t.Helper()
	var in chat.NewDirect
	for _, other := range others {
		in.UserIDs = append(in.UserIDs, other.User.ID)
	}
	var room chat.RoomState
	who.Post(t, "/api/directs", in, http.StatusOK, &room)
	return room
}

// Adds brings others into a room.
func (who *Person) Adds(t testing.TB, room chat.RoomID, others ...*Person) {
	t.Helper()
	var in chat.NewMembers
	for _, other := range others {
		in.UserIDs = append(in.UserIDs, other.User.ID)
	}
	who.Post(t, RoomPath(room)+"/members", in, http.StatusOK, nil)
}

// Asks sets who brings the person into rooms.
func (who *Person) Asks(t testing.TB, adding chat.Adding) {
	t.Helper()
	who.Call(t, http.MethodPatch, "/api/me", chat.ProfileChange{Adding: &adding}, http.StatusOK, nil)
}

// Says posts over HTTP.
func (who *Person) Says(t testing.TB, room chat.RoomID, body string) chat.MessageSent {
	t.Helper()
	var sent chat.MessageSent
	who.Post(t, MessagesPath(room), Draft(body), http.StatusCreated, &sent)
	return sent
}

// Draft is a message that was not sent before.
func Draft(body string) chat.Draft { return chat.Draft{ClientID: chat.NewClientID(), Body: body} }

// Reports reports a message to the owner and the admins.
func (who *Person) Reports(t testing.TB, room chat.RoomID, seq int64) {
	t.Helper()
	path := fmt.Sprintf("%s/messages/%d/report", RoomPath(room), seq)
	who.Post(t, path, chat.NewReport{}, http.StatusNoContent, nil)
}

// History is a page of a room.
func (who *Person) History(t testing.TB, room chat.RoomID, query string) chat.Page {
	t.Helper()
	var page chat.Page
	who.Get(t, MessagesPath(room)+query, &page)
	return page
}

// RoomPath is the address of a room.
func RoomPath(room chat.RoomID) string { return fmt.Sprintf("/api/rooms/%d", room) }

// MessagesPath is the address of a room's messages.
func MessagesPath(room chat.RoomID) string { return RoomPath(room) + "/messages" }

// MessagePath is the address of a message.
func MessagePath(room chat.RoomID, seq int64) string {
	return fmt.Sprintf("%s/%d", MessagesPath(room), seq)
}

// Bodies lists what messages say.
func Bodies(messages []chat.Message) []string {
	list := make([]string, len(messages))
	for i, m := range messages {
		list[i] = m.Body
	}
	return list
}

// AsJSON writes a value as a request has it.
func AsJSON(t testing.TB, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
