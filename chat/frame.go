// The native wire: frames, their lines, and the codes that close a socket.

package chat

import (
	"bytes"
	"encoding/json"
	"errors"
	"iter"
	"slices"
	"strings"
)

// Subprotocol is the WebSocket subprotocol of the native wire. Each text frame holds one or more events, one
// JSON object per line.
const Subprotocol = "parley.v1"

// DeltasParam is the query parameter with which a client asks for deltas, at the address of the socket and at
// that of POST /api/changes. Its value is a list of kinds with commas between; AskForDeltas has those that
// there are.
const (
	DeltasParam  = "changes"
	AskForDeltas = "reactions"
)

// AsksForDeltas tells whether the value of DeltasParam asks for deltas of reactions. It ignores kinds that it
// does not know, so that a client can ask for one that only later versions have.
func AsksForDeltas(value string) bool {
	for kind := range strings.SplitSeq(value, ",") {
		if kind == AskForDeltas {
			return true
		}
	}
	return false
}

// The names of the two answers to a request that carries an id.
const (
	ReplyEvent = "reply"
	ErrorEvent = "error"
)

// Frame is one event on the wire, in either direction. ID is a string of 1 to 64 bytes that the client
// chooses. A request with an ID gets exactly one "reply" or "error" with the same ID.
type Frame struct {
	Event string          `json:"event"`
	ID    string          `json:"id,omitempty"`
	Data  json.RawMessage `json:"data,omitempty"`
}

// The codes that close a socket. They tell a client whether to reconnect. 1007 to 1009 are from RFC 6455,
// 1012 and 1013 from IANA's registry of WebSocket close codes, and 4001 and above are Parley's own.
const (
	CloseRestart     = 1012 // reconnect at once, after a short random wait
	CloseLater       = 1013 // reconnect later
	CloseSignedOut   = 4001 // the session ended: sign in again
	CloseBanned      = 4003 // do not reconnect
	CloseSlow        = 4008 // the client fell behind: reconnect and ask for what it missed
	CloseTooMany     = 4009 // too many sockets of this user or address: reconnect later
	ClosePolicy      = 1008 // the client broke the protocol: do not reconnect
	CloseTooBig      = 1009 // a frame was longer than the limit
	CloseInvalidText = 1007 // a text frame was not UTF-8
)

// Encode returns the line that carries an event: one JSON object without a newline. It does not escape text
// for HTML, since no browser parses the line as HTML.
func Encode(event, id string, data any) ([]byte, error) {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	err := enc.Encode(struct {
		Event string `json:"event"`
		ID    string `json:"id,omitempty"`
		Data  any    `json:"data,omitempty"`
	}{event, id, data})
	return bytes.TrimSuffix(buf.Bytes(), []byte{'\n'}), err
}

// EncodeWelcome is Encode for a welcome, room by room as in AppendRooms.
func EncodeWelcome(welcome Welcome) ([]byte, error) {
	rooms := welcome.Rooms
	welcome.Rooms = []RoomState{}
	around, err := Encode("welcome", "", welcome)
	if err != nil {
		return nil, err
	}
	// Inside a string this cannot stand, since its quotes would be escaped there.
	before, after, found := bytes.Cut(around, []byte(`"rooms":[]`))
	if !found {
		return nil, errors.New("a welcome without rooms")
	}
	line, err := AppendRooms(append(before[:len(before):len(before)], `"rooms":[`...), rooms)
	return append(append(line, ']'), after...), err
}

// AppendRooms appends the JSON of rooms to p, with commas between them. It encodes one room after the other, since
// the encoder holds what it encodes a second time, and somebody may be in thousands of rooms.
func AppendRooms(p []byte, rooms []RoomState) ([]byte, error) {
	var one bytes.Buffer
	enc := json.NewEncoder(&one)
	enc.SetEscapeHTML(false)
	for i := range rooms {
		one.Reset()
		if err := enc.Encode(&rooms[i]); err != nil {
			return nil, err
		}
		if i == 0 {
			const more = 16 // a longer seq of another room
			p = slices.Grow(p, len(rooms)*(one.Len()+more))
		} else {
			p = append(p, ',')
		}
		p = append(p, bytes.TrimSuffix(one.Bytes(), []byte{'\n'})...)
	}
	return p, nil
}

// Lines splits a frame into its events, one per line. It skips blank lines.
func Lines(frame []byte) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		for line := range bytes.SplitSeq(frame, []byte{'\n'}) {
			if len(bytes.TrimSpace(line)) > 0 && !yield(line) {
				return
			}
		}
	}
}
