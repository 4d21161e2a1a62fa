package chat

import (
	"encoding/json"
	"errors"
	"io"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"
)

func TestTextsThatAreNoTextAreRefusedByTheirField(t *testing.T) {
	t.Parallel()
	type inner struct {
		Name string `json:"name"`
	}
	type in struct {
		Body  string            `json:"body,omitempty"`
		List  []inner           `json:"list,omitempty"`
		Any   json.RawMessage   `json:"any,omitempty"`
		Named map[string]string `json:"named,omitempty"`
	}
	for text, field := range map[string]string{
		`{"body":"\ud800"}`: "body", `{"body":"\udc00\ud800"}`: "body", `{"body":"a\uD83D"}`: "body",
		`{"body":"\u0000"}`: "body", "{\"body\":\"\xff\"}": "body", "{\"body\":\"\xed\xa0\x80\"}": "body",
		`{"list":[{"name":"a"},{"name":"\ud800"}]}`: "list.name", `{"any":{"x":["\ud800"]}}`: "any.x",
		"{\"body\":\"\\ufffd\xff\"}": "body", `{"b\ud800":1}`: "", `{"list":[{"n\u0000":1}]}`: "list",
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

// What breaks off after a whole value says why: a body that is too long may have spaces at its end.
func TestWhatBreaksOffAfterAValueSaysWhy(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	for text, end := range map[string]error{`{}  `: broken, `{} {`: broken, `{}`: broken} {
		dec := json.NewDecoder(io.MultiReader(strings.NewReader(text), iotest.ErrReader(end)))
		if err := Decode(dec, &struct{}{}); errors.Is(err, broken) != (text != `{} {`) {
			t.Errorf("%q: got %v", text, err)
		}
	}
	for text, want := range map[string]bool{`{} `: true, `{} {}`: false, `{} x`: false, `{}]`: false} {
		if err := Decode(json.NewDecoder(strings.NewReader(text)), &struct{}{}); (err == nil) != want {
			t.Errorf("%q: got %v", text, err)
		}
	}
}

// Thousands of fields in each other cost as much as they are long: nobody holds the paths to all of them.
func TestFieldsInEachOtherCostNoMoreThanTheyAreLong(t *testing.T) { // not parallel: it counts what is allocated
	const name = "seven.."
	deep := strings.Repeat(`{"`+name+`":`, maxDepth-1)
	whole := deep + `"\u00e9"` + strings.Repeat("}", maxDepth-1)
	broken := deep + `"\ud800"` + strings.Repeat("}", maxDepth-1)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	if err := DecodeLoosely([]byte(whole), &struct{}{}); err != nil {
		t.Error(err)
	}
	err := DecodeLoosely([]byte(broken), &struct{}{})
	runtime.ReadMemStats(&after)
	const most = 32 << 20 // the paths would have 350 MiB each time
	if used := after.TotalAlloc - before.TotalAlloc; used > most {
		t.Errorf("%d bytes took %d, want at most %d", len(whole)+len(broken), used, most)
	}
	var refused *Error
	if !errors.As(err, &refused) || refused.Field != strings.TrimSuffix(strings.Repeat(name+".", maxDepth-1), ".") {
		t.Errorf("got %.100v, want the whole path to the text refused", err)
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

// Only what the decoder refuses for its depth is said to be too deep: it has no error of its own for that.
func TestTooManyValuesInEachOtherAreToldFromOtherErrors(t *testing.T) {
	t.Parallel()
	const deep, wrong = "too many values in each other", "cannot stand there"
	lists := strings.Repeat("[", maxDepth)
	for name, c := range map[string]struct{ text, want string }{
		"lists":                             {lists + "[", deep},
		"objects and a list":                {strings.Repeat(`{"a":`, maxDepth) + "[", deep},
		"after another value":               {`"first" ` + lists + "[", deep},
		"beside lists that end":             {"[[[]]," + lists, deep},
		"one less, and then an error":       {lists + "x", wrong},
		"brackets in a text":                {`["` + lists + `\"[[", x`, wrong},
		"an error after a value and spaces": {`"first" ` + "   [x", wrong},
	} {
		dec := json.NewDecoder(strings.NewReader(c.text))
		if strings.HasPrefix(c.text, `"first"`) {
			if err := dec.Decode(new(string)); err != nil {
				t.Fatal(err)
			}
		}
		var refused *Error
		if err := Decode(dec, new(any)); !errors.As(err, &refused) || !strings.Contains(refused.Message, c.want) {
			t.Errorf("%s: got %v, want that it is %s", name, err, c.want)
		}
	}
}
