package socketio

import (
	"bytes"
	"testing"
)

func TestPacketsOfABodyAreRead(t *testing.T) {
	for part, want := range map[string]packet{
		"0":         {kind: packetOpen, data: []byte{}},
		"2probe":    {kind: packetPing, data: []byte("probe")},
		"4":         {kind: packetMessage, data: []byte{}},
		"4小明":       {kind: packetMessage, data: []byte("小明")},
		"6":         {kind: packetNoop, data: []byte{}},
		"b":         {kind: packetMessage, binary: true, data: []byte{}},
		"bAQIDBA==": {kind: packetMessage, binary: true, data: []byte{1, 2, 3, 4}},
	} {
		got, err := decodePart([]byte(part))
		if err != nil || got.kind != want.kind || got.binary != want.binary || !bytes.Equal(got.data, want.data) {
			t.Errorf("%q: got %v %v", part, got, err)
		}
	}
	for _, part := range []string{"", "7", "abc", "bAQIDBA", "bAQI DBA=", "bAQID\nBA==", "b-_-_", "4\xff", "\x004"} {
		if got, err := decodePart([]byte(part)); err == nil {
			t.Errorf("%q: got %v", part, got)
		}
	}
}

func TestABodyIsPacketsWithSeparators(t *testing.T) {
	frames := []frame{{op: opText, data: []byte("4hello")}, {op: opBinary, data: []byte{1, 2, 3, 4}}, textFrame(packetPing, "")}
	if got := string(appendBody(nil, frames)); got != "4hello\x1ebAQIDBA==\x1e2" {
		t.Errorf("got %q", got)
	}
}

// FuzzBody decodes a body, encodes it again, and compares.
func FuzzBody(f *testing.F) {
	for _, seed := range []string{"4hello", "4a\x1e4b", "4hello\x1ebAQIDBA==", "2probe\x1e5", "", "\x1e", "b", "b=", "9"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		var frames []frame
		for part := range bytes.SplitSeq(body, []byte{separator}) {
			p, err := decodePart(part)
			if err != nil {
				return
			}
			if p.binary {
				frames = append(frames, frame{op: opBinary, data: p.data})
			} else {
				frames = append(frames, textFrame(p.kind, string(p.data)))
			}
		}
		again := appendBody(nil, frames)
		for part := range bytes.SplitSeq(again, []byte{separator}) {
			p, err := decodePart(part)
			if err != nil || p.binary != (frames[0].op == opBinary) ||
				p.binary && !bytes.Equal(p.data, frames[0].data) || !p.binary && !bytes.Equal(part, frames[0].data) {
				t.Fatalf("%q was written as %q", body, again)
			}
			frames = frames[1:]
		}
		if len(frames) > 0 {
			t.Fatalf("%q lost %d packets", body, len(frames))
		}
	})
}
