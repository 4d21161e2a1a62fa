// Fuzzing frames: splits any frame into lines, decodes each line as an event, and its data as the request
// that belongs to the event.

package chat

import (
	"bytes"
	"encoding/json"
	"reflect"
	"testing"
	"unicode/utf8"
)

func FuzzFrames(f *testing.F) {
	for name := range Requests {
		f.Add([]byte(`{"event":"` + name + `","id":"1","data":{}}`))
	}
	for _, frame := range []string{
		"", "\n", "{}\n{}", `{"event":"message.send","data":{"room_id":1,"client_id":"019ab000-0000-7000-8000-0000000000a1","body":"x"}}`,
		`{"event":"room.changes","data":{"rooms":[{"room_id":1,"rev":-1}]}}`, `{"event":"ping","data":null}`, "{\"event\":\"\xff\"}",
		`{"event":"message.send","data":{"client_id":"x"}}`, `{"event":"reaction.add","data":{"seq":9223372036854775807}}`, "\r\n{\"event\":\"ping\"}\r",
	} {
		f.Add([]byte(frame))
	}
	f.Fuzz(func(t *testing.T, frame []byte) {
		total := 0
		for line := range Lines(frame) {
			total += len(line)
			if bytes.ContainsRune(line, '\n') || len(bytes.TrimSpace(line)) == 0 {
				t.Errorf("%q is not one line with something in it", line)
			}
			var event Frame
			if json.Unmarshal(line, &event) != nil {
				continue
			}
			request, known := Requests[event.Event]
			if !known {
				continue
			}
			in := reflect.New(reflect.TypeOf(request.Data))
			if Decode(json.NewDecoder(bytes.NewReader(event.Data)), in.Interface()) != nil {
				continue
			}
			// Encoding the decoded data gives one line, which decodes to the same data again.
			again, err := Encode(event.Event, event.ID, in.Elem().Interface())
			if err != nil || bytes.ContainsRune(again, '\n') || !utf8.Valid(again) {
				t.Fatalf("%q became %q %v", line, again, err)
			}
			var second Frame
			other := reflect.New(reflect.TypeOf(request.Data))
			if err := json.Unmarshal(again, &second); err != nil {
				t.Fatalf("%q: %v", again, err)
			}
			if err := Decode(json.NewDecoder(bytes.NewReader(second.Data)), other.Interface()); err != nil {
				t.Fatalf("%q: %v", again, err)
			}
			one, err := json.Marshal(in.Interface())
			if err != nil {
				t.Fatal(err)
			}
			two, err := json.Marshal(other.Interface())
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(one, two) || second.ID != event.ID {
				t.Errorf("%q became %s and then %s", line, one, two)
			}
		}
		if total > len(frame) {
			t.Errorf("%d bytes of lines came of %d", total, len(frame))
		}
	})
}
