// Requests whose data is wrong, at every door: what is refused, by which code, and which field the answer names.

package tests

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
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

// A field that is left out is none that is empty: 0 would be the first place, and no list nothing at all.
func TestAFieldThatIsMissingIsNamedAtEveryDoor(t *testing.T) {
	t.Parallel()
	p := harness.Start(t, "--messages-burst=100000", "--messages-per-second=100000")
	ann := p.SetUp(t)
	asked := 0
	names := func(where, field string, answer []byte) {
		t.Helper()
		asked++
		var got chat.Error
		if err := json.Unmarshal(answer, &got); err != nil || got.Code != chat.Invalid || got.Field != field {
			t.Errorf("%s without %s: got %s, want it named", where, field, answer)
		}
	}
	var api struct {
		Components struct{ Schemas map[string]schema }
	}
	p.Visitor(t, "anyone").Get(t, "/api/openapi.json", &api)
	for _, route := range harness.Routes(t) {
		body := api.Components.Schemas[route.Body]
		for _, field := range body.Required {
			_, answer := ann.Try(t, route.Method, someAddress(route), body.without(field))
			names(route.Method+" "+route.Path, field, answer)
		}
	}
	sock := ann.Dial(t)
	for event, fields := range map[string]string{
		"message.send": "room_id client_id body", "message.edit": "room_id seq body", "message.delete": "room_id seq",
		"reaction.add": "room_id seq emoji", "reaction.remove": "room_id seq emoji", "room.join": "room_id",
		"room.leave": "room_id", "room.hide": "room_id", "favorite.add": "room_id", "favorite.remove": "room_id",
		"room.read": "room_id read_seq", "room.changes": "rooms", "typing.start": "room_id",
		"presence.set": "state", "presence.watch": "user_ids",
		"room_invitation.accept": "room_id", "room_invitation.decline": "room_id",
	} {
		for field := range strings.FieldsSeq(fields) {
			given := map[string]any{
				"room_id": 1, "seq": 1, "client_id": chat.NewClientID(), "body": "x", "emoji": "👍", "read_seq": 0,
				"rooms": []any{}, "state": "online", "user_ids": []any{},
			}
			maps.DeleteFunc(given, func(name string, _ any) bool {
				return name == field || !slices.Contains(strings.Fields(fields), name)
			})
			names(event, field, sock.Answer(t, sock.Send(t, event, given)).Data)
		}
	}
	sock.SendRaw(t, `{"event":"room.changes","id":"list","data":{"rooms":[{"room_id":1}]}}`)
	names("room.changes", "rooms.rev", sock.Answer(t, "list").Data)
	if asked < 60 {
		t.Errorf("asked only %d times", asked)
	}
}

// schema is the type of a body, as the OpenAPI document has it.
type schema struct {
	Properties map[string]struct{ Type string }
	Required   []string
}

// without is a body of that type with every required field but one.
func (s schema) without(field string) map[string]any {
	blanks := map[string]any{"integer": 0, "array": []any{}, "boolean": false}
	body := map[string]any{}
	for _, name := range s.Required {
		body[name] = ""
		if blank, ok := blanks[s.Properties[name].Type]; ok {
			body[name] = blank
		}
	}
	if _, ok := body["client_id"]; ok {
		body["client_id"] = chat.NewClientID()
	}
	delete(body, field)
	return body
}

func TestALineThatIsNoEventEndsTheSocketInPlainWords(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	ann := p.SetUp(t)
	deep := `{"event":"message.send","id":"1","data":` + strings.Repeat(`[`, 10_001) + strings.Repeat(`]`, 10_001) + `}`
	for _, line := range []string{`nonsense`, `[]`, `{"data":{}}`, `{"event":5}`, `{"event":"ping","more":1}`, `{"Event":"ping"}`, deep} {
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
	plain := ann.Plain(t)
	plain.SendRaw(t, `{"event":"sendMessage","id":"","data":{"message":"x"}}`)
	plain.ExpectClosed(t, chat.ClosePolicy)
	for _, id := range []string{strings.Repeat("x", 65), `\ud800`, `x\udc00`, ""} {
		sock := ann.Dial(t)
		sock.SendRaw(t, `{"event":"ping","id":"`+id+`"}`)
		sock.ExpectClosed(t, chat.ClosePolicy)
		if !strings.Contains(sock.Close.Text, "an id is a text of 1 to 64 bytes") {
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
	plain.SendRaw(t, `{"event":"privateMessage","id":"oneself","data":{"toUserId":"ann","message":"x"}}`)
	if answer := string(plain.Answer(t, "oneself").Data); !strings.Contains(answer, `"field":"toUserId"`) {
		t.Errorf("to oneself: got %s, want the field as its client knows it", answer)
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
