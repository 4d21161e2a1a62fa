// Socket.IO packets: each is one Engine.IO message, followed by one message for each of its attachments.

package socketio

import (
	"bytes"
	"encoding/json"
	"slices"
	"strconv"
)

// The kinds of Socket.IO packets, as they are on the wire.
const (
	kindConnect      = '0'
	kindDisconnect   = '1'
	kindEvent        = '2'
	kindAck          = '3'
	kindConnectError = '4'
	kindBinaryEvent  = '5'
	kindBinaryAck    = '6'
)

// maxAttachments bounds the attachments of a packet that a client sends. It is the bound that other servers
// have.
const maxAttachments = 10

// reserved lists the events that only the clients' library itself may raise.
var reserved = []string{
	"connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener",
}

// Data is what comes with an event or an acknowledgment. Each of Args is valid JSON. An object
// {"_placeholder":true,"num":N} in them stands for the attachment with the index N. A Receiver may keep and
// modify the Data that it is given. Data that was passed to this package must not be modified any more.
type Data struct {
	Args        []json.RawMessage
	Attachments [][]byte
}

// Values makes Data of values, without attachments. It fails when one of them cannot be marshaled as JSON.
func Values(values ...any) (Data, error) {
	args := make([]json.RawMessage, len(values))
	for i, value := range values {
		var err error
		if args[i], err = json.Marshal(value); err != nil {
			return Data{}, err
		}
	}
	return Data{Args: args}, nil
}

// message is a packet that came in.
type message struct {
	kind        byte // for an event or acknowledgment with attachments, the kind without them
	namespace   string
	id          uint64
	hasID       bool // for an event: its sender wants an acknowledgment; true for every acknowledgment
	auth        json.RawMessage
	event       string
	data        Data
	attachments int // how many attachments have to follow
}

// decodeMessage decodes the text of a packet. Its attachments come in later messages.
func decodeMessage(text []byte) (m message, err error) {
	if len(text) == 0 {
		return m, errMalformed
	}
	m.kind, text = text[0], text[1:]
	binary := m.kind == kindBinaryEvent || m.kind == kindBinaryAck
	if binary {
		count, rest, found := bytes.Cut(text, []byte{'-'})
		if m.attachments, err = strconv.Atoi(string(count)); err != nil || !found || !digits(count) ||
			m.attachments > maxAttachments {
			return m, errMalformed
		}
		m.kind, text = m.kind-kindBinaryEvent+kindEvent, rest
	}
	m.namespace = "/"
	if len(text) > 0 && text[0] == '/' {
		namespace, rest, _ := bytes.Cut(text, []byte{','})
		m.namespace, text = string(namespace), rest
	}
	if n := leadingDigits(text); n > 0 {
		if m.id, err = strconv.ParseUint(string(text[:n]), 10, 64); err != nil {
			return m, errMalformed
		}
		m.hasID, text = true, text[n:]
	}
	if err := m.decodePayload(text); err != nil {
		return m, err
	}
	if binary && !m.placesFit() {
		return m, errMalformed
	}
	return m, nil
}

// decodePayload decodes the part after the head. Its form depends on the kind.
func (m *message) decodePayload(text []byte) error {
	switch m.kind {
	case kindConnect:
		m.auth = json.RawMessage("{}")
		if len(text) > 0 {
			var object map[string]json.RawMessage
			if json.Unmarshal(text, &object) != nil || object == nil {
				return errMalformed
			}
			m.auth = text
		}
		return nil
	case kindDisconnect:
		if len(text) > 0 {
			return errMalformed
		}
		return nil
	case kindEvent, kindAck:
		if json.Unmarshal(text, &m.data.Args) != nil || m.data.Args == nil {
			return errMalformed
		}
	default: // also a connect error, which only servers may send
		return errMalformed
	}
	if m.kind == kindAck {
		if !m.hasID {
			return errMalformed
		}
		return nil
	}
	if len(m.data.Args) == 0 || m.data.Args[0][0] != '"' || json.Unmarshal(m.data.Args[0], &m.event) != nil ||
		slices.Contains(reserved, m.event) {
		return errMalformed
	}
	m.data.Args = m.data.Args[1:]
	return nil
}

func digits(text []byte) bool { return len(text) > 0 && leadingDigits(text) == len(text) }

func leadingDigits(text []byte) int {
	n := 0
	for n < len(text) && '0' <= text[n] && text[n] <= '9' {
		n++
	}
	return n
}

// placesFit tells whether each placeholder stands for one of the attachments that follow.
func (m *message) placesFit() bool {
	for _, arg := range m.data.Args {
		var value any
		if json.Unmarshal(arg, &value) != nil || !placesFit(value, m.attachments) {
			return false
		}
	}
	return true
}

func placesFit(value any, attachments int) bool {
	switch value := value.(type) {
	case []any:
		for _, inner := range value {
			if !placesFit(inner, attachments) {
				return false
			}
		}
	case map[string]any:
		if value["_placeholder"] == true {
			num, ok := value["num"].(float64)
			return ok && num >= 0 && num < float64(attachments) && num == float64(int(num))
		}
		for _, inner := range value {
			if !placesFit(inner, attachments) {
				return false
			}
		}
	}
	return true
}

// head is the beginning of an outgoing packet.
type head struct {
	kind      byte
	namespace string
	id        uint64
	hasID     bool
}

// frames encodes a packet with a head and data. An event also has its name.
func (h head) frames(event string, data Data) []frame {
	if len(data.Attachments) > 0 {
		h.kind += kindBinaryEvent - kindEvent
	}
	text := h.append(nil, len(data.Attachments))
	text = append(text, '[')
	if h.kind == kindEvent || h.kind == kindBinaryEvent {
		text = append(text, quoted(event)...)
	}
	for _, arg := range data.Args {
		if text[len(text)-1] != '[' {
			text = append(text, ',')
		}
		text = append(text, arg...)
	}
	frames := []frame{{op: opText, data: append(text, ']')}}
	for _, attachment := range data.Attachments {
		frames = append(frames, frame{op: opBinary, data: attachment})
	}
	return frames
}

// frame encodes a packet with a head and a payload.
func (h head) frame(payload []byte) frame {
	return frame{op: opText, data: append(h.append(nil, 0), payload...)}
}

// append appends the head of a packet with so many attachments.
func (h head) append(text []byte, attachments int) []byte {
	text = append(text, packetMessage, h.kind)
	if attachments > 0 {
		text = append(strconv.AppendInt(text, int64(attachments), 10), '-')
	}
	if h.namespace != "/" {
		text = append(append(text, h.namespace...), ',')
	}
	if h.hasID {
		text = strconv.AppendUint(text, h.id, 10)
	}
	return text
}

// quoted returns a text as a JSON string.
func quoted(text string) []byte {
	quoted, _ := json.Marshal(text) // a string can always be marshaled
	return quoted
}
