package chat

import (
	"bytes"
	"encoding/json"
	"iter"
)

// Subprotocol is the WebSocket subprotocol of the native wire: text frames that hold one or more
// events, one JSON object per line.
const Subprotocol = "parley.v1"

// Names of the two answers to a request that carries an id.
const (
	ReplyEvent = "reply"
	ErrorEvent = "error"
)

// Frame is one event on the wire, in either direction. ID is any string of at most 64 bytes that
// the client chose; a request with one gets exactly one "reply" or "error" with the same.
type Frame struct {
	Event string          `json:"event"`
	ID    string          `json:"id,omitempty"`
	Data  json.RawMessage `json:"data,omitempty"`
}

// Close codes beyond those of RFC 6455. They tell a client whether to come back.
const (
	CloseRestart     = 1012 // come back at once, with jitter
	CloseLater       = 1013 // come back later
	CloseSignedOut   = 4001 // the session ended: sign in again
	CloseBanned      = 4003 // do not come back
	CloseSlow        = 4008 // fell behind: come back and ask for what was missed
	CloseTooMany     = 4009 // too many sockets of this user or address: come back later
	ClosePolicy      = 1008 // the client broke the protocol: do not come back
	CloseTooBig      = 1009 // a frame beyond the limit
	CloseInvalidText = 1007 // not UTF-8
)

// Encode makes the line that carries an event: one JSON object without a newline. The text in it is
// not escaped for HTML, since no browser parses it as such.
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

// Lines cuts a frame into its events, each a line that is not blank.
func Lines(frame []byte) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		for line := range bytes.SplitSeq(frame, []byte{'\n'}) {
			if len(bytes.TrimSpace(line)) > 0 && !yield(line) {
				return
			}
		}
	}
}
