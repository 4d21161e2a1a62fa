// Requests whose data is wrong, at every door: what is refused, by which code, and which field the answer names.

package tests

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"parley/chat"
	"parley/tests/harness"
)

const oneID = `"client_id":"0192f7a0-0000-7000-8000-000000000001"`

// wrongMessages are messages to the room 1 that are refused. The fields of HTTP are those of the socket but room_id.
var wrongMessages = []struct {
	name, data string
	code       chat.Code
	field      string
	says       string
}{
	{"a wrong type", `{` + oneID + `,"body":5}`, chat.Invalid, "body", "want a text here, and this is a number"},
	{"an object for a text", `{` + oneID + `,"body":{}}`, chat.Invalid, "body", "want a text here, and this is an object"},
	{"no client_id", `{"body":"x"}`, chat.Invalid, "client_id", ""},
	{"a client_id that is none", `{"client_id":"1","body":"x"}`, chat.Invalid, "client_id", "UUID"},
	{"a number for a client_id", `{"client_id":1,"body":"x"}`, chat.Invalid, "client_id", "want a text here"},
	{"no body", `{` + oneID + `}`, chat.Invalid, "body", ""},
	{"an unknown field", `{` + oneID + `,"body":"x","bdoy":"y"}`, chat.BadRequest, "bdoy", `there is no field "bdoy"`},
	{"a list", `[1]`, chat.Invalid, "", "want an object here, and this is a list"},
	{"a text", `"x"`, chat.Invalid, "", "want an object here, and this is a text"},
	{"a value in too many others", strings.Repeat(`{"a":`, 10_001) + `1` + strings.Repeat(`}`, 10_001), chat.BadRequest, "", "too many values in each other"},
}

func TestWrongDataIsRefusedByItsFieldAtEveryDoor(t *testing.T) {
	t.Parallel()
	p := harness.Start(t, "--messages-burst=100000", "--messages-per-second=100000")
	ann := p.SetUp(t)
	general := ann.Room(t, "general").ID
	check := func(door, name string, answer []byte, code chat.Code, field, says string) {
		t.Helper()
		var got chat.Error
		if err := json.Unmarshal(answer, &got); err != nil {
			t.Fatalf("%s, %s: %v: %s", door, name, err, answer)
		}
		if got.Code != code || got.Field != field || !strings.Contains(got.Message, says) || goWords.MatchString(got.Message) {
			t.Errorf("%s, %s: got %s, want %s of the field %q: %s", door, name, answer, code, field, says)
		}
	}
	sock := ann.Dial(t)
	for _, c := range wrongMessages {
		_, answer := ann.Try(t, http.MethodPost, harness.MessagesPath(general), c.data)
		check("HTTP", c.name, answer, c.code, c.field, c.says)
		if strings.Count(c.data, "{") > 1000 {
			continue // not a line that can be read: see the next test
		}
		data := c.data
		if rest, object := strings.CutPrefix(data, "{"); object {
			data = fmt.Sprintf(`{"room_id":%d,%s`, general, rest)
		}
		sock.SendRaw(t, fmt.Sprintf(`{"event":"message.send","id":"x","data":%s}`, data))
		check("the socket", c.name, sock.Answer(t, "x").Data, c.code, c.field, c.says)
	}
	for text, says := range map[string]string{
		"": "it ends too early", `{"body":`: "it ends too early", `{"body":x}`: "what stands at byte 9 cannot stand there",
		`{} {}`: "more than one JSON value", "\x00": "what stands at byte 1 cannot stand there",
	} {
		_, answer := ann.Try(t, http.MethodPost, harness.MessagesPath(general), text)
		check("HTTP", text, answer, chat.BadRequest, "", says)
	}
}

func TestALineThatIsNoEventEndsTheSocketInPlainWords(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	ann := p.SetUp(t)
	deep := `{"event":"message.send","id":"1","data":` + strings.Repeat(`[`, 10_001) + strings.Repeat(`]`, 10_001) + `}`
	for _, line := range []string{`nonsense`, `[]`, `{"data":{}}`, `{"event":5}`, `{"event":"ping","more":1}`, deep} {
		sock := ann.Dial(t)
		sock.SendRaw(t, line)
		sock.ExpectClosed(t, chat.ClosePolicy)
		if !strings.Contains(sock.Close.Text, "want one JSON object with an event a line") {
			t.Errorf("%.50s: closed with %q", line, sock.Close.Text)
		}
	}
}

// The answer to such an id would come under another one, and whoever waits for it would wait for ever.
func TestAnIDThatNoAnswerCanCarryEndsTheSocket(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	ann := p.SetUp(t)
	for _, id := range []string{strings.Repeat("x", 65), `\ud800`, `x\udc00`} {
		sock := ann.Dial(t)
		sock.SendRaw(t, `{"event":"ping","id":"`+id+`"}`)
		sock.ExpectClosed(t, chat.ClosePolicy)
		if !strings.Contains(sock.Close.Text, "an id is a text of at most 64 bytes") {
			t.Errorf("%q: closed with %q", id, sock.Close.Text)
		}
	}
}

// What asks for nothing changes nothing, at every address that changes some of what there is.
func TestAChangeOfNothingIsAccepted(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	ann := p.SetUp(t)
	room := ann.Creates(t, chat.Public, "plans").ID
	for _, path := range []string{"/api/me", "/api/server", fmt.Sprintf("/api/rooms/%d", room)} {
		if status, body := ann.Try(t, http.MethodPatch, path, "{}"); status != http.StatusOK {
			t.Errorf("PATCH %s: %d %s", path, status, body)
		}
	}
}

func TestWrongDataInAGatewaysNamesIsRefusedByItsField(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	ann := p.SetUp(t)
	bob := p.SignUp(t, ann, "bob")
	plain := ann.Plain(t)
	poller := bob.Polls(t, "&token="+bob.Token(t), "")
	poller.Wants(t, `40/chat,{"sid":`)
	for i, c := range []struct{ event, data, says string }{
		{"sendMessage", `{"message":5}`, "message: want a text here, and this is a number"},
		{"sendMessage", `[]`, "want an object here, and this is a list"},
		{"sendMessage", `{}`, "a message may not be empty"},
		{"privateMessage", `{"toUserId":true,"message":"x"}`, "toUserId: want a login name or an id here"},
		{"privateMessage", `{"toUserId":["bob"],"message":"x"}`, "toUserId: want a login name or an id here"},
		{"roomMessage", `{"room":{},"message":"x"}`, "room: want a text here, and this is an object"},
		{"noSuch", `{}`, `there is no event \"noSuch\"`},
	} {
		plain.SendRaw(t, fmt.Sprintf(`{"event":%q,"id":"%d","data":%s}`, c.event, i, c.data))
		if answer := string(plain.Answer(t, fmt.Sprint(i)).Data); !strings.Contains(answer, c.says) || goWords.MatchString(answer) {
			t.Errorf("%s %s: got %s, want %q", c.event, c.data, answer, c.says)
		}
		poller.Send(t, fmt.Sprintf(`42/chat,%d[%q,%s]`, i, c.event, c.data))
		poller.Wants(t, c.says)
	}
	plain.SendRaw(t, `{"event":"sendMessage","id":"empty","data":{}}`)
	if answer := string(plain.Answer(t, "empty").Data); !strings.Contains(answer, `"field":"message"`) {
		t.Errorf("without a message: got %s, want the field as its client knows it", answer)
	}
}

func TestAnUnknownSubprotocolIsRefusedWithTheKnownOnes(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	ann := p.SetUp(t)
	_, resp, err := ann.Upgrade(nil, "graphql-ws", "parley.v0")
	if err == nil || resp == nil || resp.StatusCode != http.StatusBadRequest {
		t.Fatalf("got %v (%v), want it refused with 400", err, resp)
	}
	body := make([]byte, 1024)
	n, _ := resp.Body.Read(body)
	if text := string(body[:n]); !strings.Contains(text, chat.Subprotocol) || !strings.Contains(text, "graphql-ws") {
		t.Errorf("the answer is %s", text)
	}
	sock, _, err := ann.Upgrade(nil, "parley.v0", chat.Subprotocol)
	if err != nil {
		t.Fatal(err)
	}
	defer sock.Conn.Close()
	if got := sock.Conn.Subprotocol(); got != chat.Subprotocol {
		t.Errorf("of two, the server chose %q", got)
	}
}
