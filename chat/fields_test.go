package chat

import (
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"
)

func TestAFieldThatIsMissingIsRefusedByItsName(t *testing.T) {
	t.Parallel()
	type element struct {
		ID   int64 `json:"id"`
		Note *element
	}
	type inner struct {
		Text string `json:"text"`
	}
	type in struct {
		inner
		List  []element       `json:"list"`
		One   *element        `json:"one,omitempty"`
		Any   json.RawMessage `json:"any,omitempty"`
		Named ClientID        `json:"named,omitempty"`
		Mine  string          `json:"-"`
	}
	for text, want := range map[string]string{
		`null`: "text", `{}`: "text", `{"list":[]}`: "text", `{"text":"x"}`: "list", `{"text":null,"list":[]}`: "text",
		`{"text":"x","list":null}`: "list", `{"text":"x","list":[{"id":1},{}]}`: "list.id",
		`{"text":"x","list":[null]}`: "list.id", `{"text":"x","list":[{"id":null}]}`: "list.id",
		`{"text":"x","list":[],"one":{}}`: "one.id",
	} {
		err := DecodeValue([]byte(text), &in{})
		var refused *Error
		if !errors.As(err, &refused) || refused.Code != Invalid || refused.Field != want {
			t.Errorf("%s: got %v, want %s refused as invalid", text, err, want)
		}
		if err := DecodeLoosely([]byte(text), &in{}); err != nil {
			t.Errorf("%s, loosely: got %v", text, err)
		}
	}
	for _, text := range []string{
		`{"text":"","list":[]}`, ` { "list" : [ { "id" : 0 } , {"id":-1} ] , "text" : "\"}" } `,
		`{"text":"x","list":[],"one":null,"any":{"id":[null,"]"]},"named":"0192f7a0-0000-7000-8000-000000000001"}`,
		`{"t\u0065xt":"","list":[]}`,
	} {
		if err := DecodeValue([]byte(text), &in{}); err != nil {
			t.Errorf("%s: got %v", text, err)
		}
	}
}

// The decoder takes names in another case for those of fields.
func TestANameInAnotherCaseIsNoField(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`{"Room_id":1}`: "Room_id", `{"room_id":1,"ROOM_ID":2}`: "ROOM_ID", `{"room_id":1,"room_\u0131d":2}`: "room_ıd",
	} {
		err := DecodeValue([]byte(text), &RoomAt{})
		var refused *Error
		if !errors.As(err, &refused) || refused.Code != BadRequest || refused.Field != want {
			t.Errorf("%s: got %v, want %s refused as no field", text, err, want)
		}
	}
	err := DecodeValue([]byte(`{"rooms":[{"room_id":1,"Rev":1}]}`), &ChangesSince{})
	var refused *Error
	if !errors.As(err, &refused) || refused.Code != BadRequest || refused.Field != "Rev" {
		t.Errorf("in a list: got %v", err)
	}
	if err := DecodeFrame([]byte(`{"Event":"ping"}`), &Frame{}); err == nil {
		t.Error("a frame with an Event is taken for one with an event")
	}
}

// Everybody may send 128 KiB of names, and each message is checked.
func TestNoNameThatIsCheckedTakesMemory(t *testing.T) {
	value := []byte(`{"rooms":[` + strings.Repeat(`{"room_id":1,"rev":1,"rev":2},`, 1000) + `{"room_id":1,"rev":1}]}`)
	of := reflect.TypeFor[*ChangesSince]()
	if allocations := testing.AllocsPerRun(10, func() {
		if err := checkFields(value, of); err != nil {
			t.Error(err)
		}
	}); allocations > 50 {
		t.Errorf("checking 1,000 rooms allocated %v times", allocations)
	}
}
