package chat

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
)

func TestTextsThatAreNoTextAreRefusedByTheirField(t *testing.T) {
	t.Parallel()
	type inner struct {
		Name string `json:"name"`
	}
	type in struct {
		Body  string            `json:"body"`
		List  []inner           `json:"list"`
		Any   json.RawMessage   `json:"any"`
		Named map[string]string `json:"named"`
	}
	for text, field := range map[string]string{
		`{"body":"\ud800"}`: "body", `{"body":"\udc00\ud800"}`: "body", `{"body":"a\uD83D"}`: "body",
		`{"body":"\u0000"}`: "body", "{\"body\":\"\xff\"}": "body", "{\"body\":\"\xed\xa0\x80\"}": "body",
		`{"list":[{"name":"a"},{"name":"\ud800"}]}`: "list.name", `{"any":{"x":["\ud800"]}}`: "any.x",
		"{\"body\":\"\\ufffd\xff\"}": "body",
	} {
		err := Decode(json.NewDecoder(strings.NewReader(text)), &in{})
		var refused *Error
		if !errors.As(err, &refused) || refused.Code != Invalid || refused.Field != field {
			t.Errorf("%q: got %v, want the field %s refused", text, err, field)
		}
	}
	for _, text := range []string{
		`{"body":"\ud83d\ude00"}`, `{"body":"\ufffd"}`, `{"body":"` + "\ufffd" + `"}`, `{"body":"\\ud800"}`,
		`{"body":"小明 \u5c0f \" \\"}`, `{"any":[1,true,null,{"a":"\u00e9"}],"body":""}`, ` { "list" : [ ] } `,
	} {
		if err := Decode(json.NewDecoder(strings.NewReader(text)), &in{}); err != nil {
			t.Errorf("%q: got %v", text, err)
		}
	}
}

func FuzzTheTextsOfAnyValueAreChecked(f *testing.F) {
	f.Add([]byte(`{"a":["\ud800",{"b":"\u0000"}],"c":1.5e3}`))
	f.Fuzz(func(t *testing.T, value []byte) {
		if !json.Valid(value) {
			return
		}
		if checkTexts(value) == nil && strings.ContainsRune(string(value), 0) {
			t.Errorf("%q has NUL", value)
		}
	})
}
