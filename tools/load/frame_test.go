package load

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// serverFrame is a frame as servers send it, without a mask.
func serverFrame(head byte, payload string) []byte {
	f := appendFrame(nil, 0, []byte(payload))
	f[0], f[1] = head, f[1]&^maskBit
	mask := bytes.Index(f[2:], []byte{0, 0, 0, 0}) + 2
	if len(payload) >= 1<<16 {
		mask = 10
	}
	return append(f[:mask:mask], payload...)
}

// messages takes apart a stream of bytes that comes in these pieces.
func messages(pieces ...[]byte) (found []string, err error) {
	var a assembler
	for _, data := range pieces {
		data = a.join(data)
		for {
			f, n, err := nextFrame(data)
			if err != nil {
				return found, err
			}
			if n == 0 {
				break
			}
			data = data[n:]
			if f.op >= opClose {
				found = append(found, fmt.Sprintf("%x:%s", f.op, f.payload))
				continue
			}
			message, complete, err := a.whole(f)
			if err != nil {
				return found, err
			}
			if complete {
				found = append(found, string(message))
			}
		}
		a.keep(data)
	}
	return found, nil
}

func TestFramesAreFoundHoweverTheirBytesCome(t *testing.T) {
	t.Parallel()
	medium, large := strings.Repeat("m", 300), strings.Repeat("l", 1<<16)
	stream := slices.Concat(
		serverFrame(finalBit|opText, "short"),
		serverFrame(finalBit|opText, ""),
		serverFrame(opText, "in "),
		serverFrame(finalBit|opPing, "between"),
		serverFrame(opContinuation, "three "),
		serverFrame(finalBit|opContinuation, "parts"),
		serverFrame(finalBit|opText, medium),
		serverFrame(finalBit|opText, large),
		serverFrame(finalBit|opText, "last"),
	)
	want := []string{"short", "", "9:between", "in three parts", medium, large, "last"}
	for cut := range len(stream) {
		if cut > 500 && cut < len(stream)-500 && cut%997 != 0 {
			continue // all places in the middle of the large one are alike
		}
		got, err := messages(slices.Clone(stream[:cut]), slices.Clone(stream[cut:]))
		if err != nil || !slices.Equal(got, want) {
			t.Fatalf("cut at %d: got %d messages, %v", cut, len(got), err)
		}
	}
	var bytewise [][]byte
	for _, b := range stream[:1000] {
		bytewise = append(bytewise, []byte{b})
	}
	got, err := messages(append(bytewise, stream[1000:])...)
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("byte by byte: got %d messages, %v", len(got), err)
	}
}

func TestABrokenStreamIsRefused(t *testing.T) {
	t.Parallel()
	for name, stream := range map[string][]byte{
		"masked":                  appendFrame(nil, opText, []byte("text")),
		"compressed":              {finalBit | 0x40 | opText, 0},
		"longer than any message": {finalBit | opText, 127, 1, 0, 0, 0, 0, 0, 0, 0},
		"a part without a first":  serverFrame(finalBit|opContinuation, "part"),
		"a message within one":    slices.Concat(serverFrame(opText, "a"), serverFrame(finalBit|opText, "b")),
	} {
		if got, err := messages(stream); err == nil {
			t.Errorf("%s: got %q without an error", name, got)
		}
	}
}

func TestOurFramesAreMaskedByZero(t *testing.T) {
	t.Parallel()
	for size, head := range map[int]string{
		5: "\x81\x85\x00\x00\x00\x00", 300: "\x81\xfe\x01\x2c\x00\x00\x00\x00",
		1 << 16: "\x81\xff\x00\x00\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00",
	} {
		payload := strings.Repeat("x", size)
		if got := appendFrame(nil, opText, []byte(payload)); string(got) != head+payload {
			t.Errorf("%d bytes begin with %q, want %q", size, got[:len(head)], head)
		}
	}
}

func FuzzFrames(f *testing.F) {
	f.Add(serverFrame(finalBit|opText, "text"), 3)
	f.Add(serverFrame(finalBit|opText, strings.Repeat("x", 200)), 2)
	f.Add(slices.Concat(serverFrame(opText, "a"), serverFrame(finalBit|opContinuation, "b")), 4)
	f.Fuzz(func(t *testing.T, stream []byte, cut int) {
		cut = min(max(cut, 0), len(stream))
		whole, err := messages(slices.Clone(stream))
		pieces, err2 := messages(slices.Clone(stream[:cut]), slices.Clone(stream[cut:]))
		if !slices.Equal(whole, pieces) || (err == nil) != (err2 == nil) {
			t.Errorf("in one: %q, %v; cut at %d: %q, %v", whole, err, cut, pieces, err2)
		}
	})
}
