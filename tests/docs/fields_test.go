package docs

import (
	"encoding/json"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"parley/chat"
	"parley/tests/harness"
)

// fieldsOf are the fields that a type has in JSON, each with its own type.
func fieldsOf(of reflect.Type) map[string]reflect.Type {
	for of.Kind() == reflect.Pointer || of.Kind() == reflect.Slice {
		of = of.Elem()
	}
	fields := map[string]reflect.Type{}
	if of.Kind() != reflect.Struct {
		return fields
	}
	for i := range of.NumField() {
		field := of.Field(i)
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		switch {
		case name == "-" || !field.IsExported():
		case name == "" && field.Anonymous:
			maps.Copy(fields, fieldsOf(field.Type))
		default:
			fields[name] = field.Type
		}
	}
	return fields
}

var (
	innerFields = regexp.MustCompile("`(\\w+\\??)` (?:\\[\\{([^}]*)\\}\\]|\\(([^)]*)\\))")
	values      = regexp.MustCompile(": `\\w+`(?: or `\\w+`)*")
)

// wrongFields compares the fields that a cell of the document has in back quotes with those of a type, both ways. A
// cell may list the fields of a field too: `inbox` (`seq`, `unread`), and its values: `state`: `online` or `away`.
// A field that is left out when it is empty has a question mark.
func wrongFields(cell string, of reflect.Type) (wrong []string) {
	fields := fieldsOf(of)
	compare := func(where string, got []string, of reflect.Type) {
		want := fieldsOf(of)
		for _, marked := range got {
			name := strings.TrimSuffix(marked, "?")
			if want[name] == nil {
				wrong = append(wrong, where+name+" is no field")
			} else if mayBeLeftOut(of, name) != (name != marked) {
				wrong = append(wrong, where+name+" has its question mark wrong")
			}
		}
		for _, name := range slices.Sorted(maps.Keys(want)) {
			if !slices.Contains(got, name) && !slices.Contains(got, name+"?") {
				wrong = append(wrong, where+name+" is missing")
			}
		}
	}
	for _, found := range innerFields.FindAllStringSubmatch(cell, -1) {
		name := strings.TrimSuffix(found[1], "?")
		if field := fields[name]; field != nil {
			compare(name+".", harness.Codes(found[2]+found[3]), field)
		}
	}
	cell = values.ReplaceAllString(innerFields.ReplaceAllString(cell, "`$1`"), "")
	compare("", harness.Codes(cell), of)
	return wrong
}

func TestTheProtocolNamesTheFieldsOfObjects(t *testing.T) {
	t.Parallel()
	objects := map[string]any{
		"message": chat.Message{}, "reaction": chat.Reaction{}, "room": chat.Room{}, "user": chat.User{},
		"a room in `welcome`, and as a member gets it": chat.RoomState{}, "member": chat.Member{}, "server": chat.Server{},
		"limits": chat.Limits{}, "changes of a room, in the answer of `room.changes`": chat.RoomChanges{},
	}
	ofRoom := ""
	for _, row := range harness.Table(harness.Section(t, "docs/protocol.md", "## Objects")) {
		name, cell := strings.TrimSpace(row[0]), row[1]
		of := reflect.TypeOf(objects[name])
		if of == nil {
			t.Fatalf("no object is known as %q", name)
		}
		delete(objects, name)
		if name == "room" {
			ofRoom = cell
		}
		if strings.Contains(cell, "those of a room") {
			cell += ofRoom
		}
		for _, wrong := range wrongFields(cell, of) {
			t.Errorf("%s: %s", name, wrong)
		}
	}
	for name := range objects {
		t.Errorf("%s is not in the document", name)
	}
}

// mayBeLeftOut tells whether a field of a type is left out of JSON when it is empty.
func mayBeLeftOut(of reflect.Type, name string) bool {
	for of.Kind() == reflect.Pointer || of.Kind() == reflect.Slice {
		of = of.Elem()
	}
	for i := range of.NumField() {
		field := of.Field(i)
		tag, options, _ := strings.Cut(field.Tag.Get("json"), ",")
		if field.Anonymous && mayBeLeftOut(field.Type, name) || tag == name && strings.Contains(options, "omit") {
			return true
		}
	}
	return false
}

func TestTheProtocolNamesTheFieldsOfEvents(t *testing.T) {
	t.Parallel()
	for _, row := range harness.Table(harness.Section(t, "docs/protocol.md", "## Events")) {
		for _, event := range harness.Codes(row[0]) {
			for _, wrong := range wrongFields(row[2], reflect.TypeOf(chat.ServerEvents[event])) {
				t.Errorf("%s: %s", event, wrong)
			}
		}
	}
}

func TestTheProtocolNamesTheFieldsOfRequestsAndReplies(t *testing.T) {
	t.Parallel()
	var before reflect.Type // what the row above replies
	for _, row := range harness.Table(harness.Section(t, "docs/protocol.md", "## Requests")) {
		data, reply := row[len(row)-2], row[len(row)-1]
		for _, event := range harness.Codes(row[0]) {
			request := chat.Requests[event]
			for _, wrong := range wrongFields(data, reflect.TypeOf(request.Data)) {
				t.Errorf("%s: %s", event, wrong)
			}
			out := reflect.TypeOf(request.Reply)
			switch {
			case strings.HasPrefix(reply, "the same"):
				if out != before {
					t.Errorf("%s replies with %v, not with %v as the row above", event, out, before)
				}
			case strings.HasPrefix(reply, "the room, as in `room.added`"):
				if added := fieldsOf(reflect.TypeOf(chat.RoomAdded{}))["room"]; out != added {
					t.Errorf("%s replies with %v, not with %v", event, out, added)
				}
			case strings.HasPrefix(reply, "`{}`"):
				if fields := fieldsOf(out); len(fields) > 0 {
					t.Errorf("%s replies with %v", event, fields)
				}
			default:
				for _, wrong := range wrongFields(reply, out) {
					t.Errorf("the reply to %s: %s", event, wrong)
				}
			}
			before = out
		}
	}
}

func TestAFieldThatIsDeletedFromTheDocumentIsMissed(t *testing.T) {
	t.Parallel()
	const whole = "`presence` [{`user_id`, `state`, `last_seen_at`}], `online`; at most once a second"
	of := reflect.TypeFor[chat.PresenceChanged]()
	if wrong := wrongFields(whole, of); len(wrong) > 0 {
		t.Fatalf("the whole cell: %q", wrong)
	}
	for cell, want := range map[string]string{
		strings.Replace(whole, "`online`", "", 1):          "online is missing",
		strings.Replace(whole, "`state`, ", "", 1):         "presence.state is missing",
		strings.Replace(whole, "`online`", "`onlime`", 1):  "onlime is no field,online is missing",
		strings.Replace(whole, "`state`", "`mood`", 1):     "presence.mood is no field,presence.state is missing",
		strings.Replace(whole, "`state`", "`state?`", 1):   "presence.state has its question mark wrong",
		strings.Replace(whole, "`online`", "`online?`", 1): "online has its question mark wrong",
	} {
		if got := strings.Join(wrongFields(cell, of), ","); got != want {
			t.Errorf("%s: got %q, want %q", cell, got, want)
		}
	}
}

// schema is a type of the API, as the OpenAPI document has it.
type schema struct {
	Properties map[string]json.RawMessage
	Required   []string
}

// The query of a route is in the same cell. What is optional has a question mark, in a body.
func TestTheProtocolNamesTheFieldsOfBodies(t *testing.T) {
	t.Parallel()
	var api struct {
		Components struct{ Schemas map[string]schema }
	}
	p := harness.Start(t)
	p.Visitor(t, "anyone").Get(t, "/api/openapi.json", &api)
	cells := map[string]string{}
	for _, row := range harness.Table(harness.Section(t, "docs/protocol.md", "## HTTP")) {
		cells[row[0]] = row[len(row)-2]
	}
	for _, route := range harness.Routes(t) {
		name := "`" + documented(route) + "`"
		cell, ok := cells[name]
		if route.Body == "" && len(route.Params) == 0 || !ok {
			continue
		}
		var want []string
		body := api.Components.Schemas[route.Body]
		if route.Body != "" && len(body.Properties) == 0 {
			t.Errorf("%s: the OpenAPI document has no %s", name, route.Body)
		}
		for field := range body.Properties {
			if !slices.Contains(body.Required, field) {
				field += "?"
			}
			want = append(want, field)
		}
		for _, param := range route.Params {
			if param.In == "query" {
				want = append(want, param.Name)
			}
		}
		harness.Same(t, name, harness.Codes(values.ReplaceAllString(cell, "")), want)
	}
}
