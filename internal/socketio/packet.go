// Engine.IO packets: a WebSocket frame holds one, and the body of a request several. An outgoing packet is
// stored as a frame, which both transports can send.

package socketio

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"sync/atomic"
	"unicode/utf8"
)

// The kinds of packets, as they are on the wire.
const (
	packetOpen    = '0'
	packetClose   = '1'
	packetPing    = '2'
	packetPong    = '3'
	packetMessage = '4'
	packetUpgrade = '5'
	packetNoop    = '6'
)

const (
	separator    = '\x1e' // between the packets of a body
	binaryPrefix = 'b'    // before a binary message in a body
	probeData    = "probe"
)

var errMalformed = errors.New("malformed packet")

// packet is an incoming packet.
type packet struct {
	kind   byte
	binary bool // true only for a message
	data   []byte
}

// decodeText decodes the packet in a text frame.
func decodeText(text []byte) (packet, error) {
	if len(text) == 0 || text[0] < packetOpen || text[0] > packetNoop || !utf8.Valid(text) {
		return packet{}, errMalformed
	}
	return packet{kind: text[0], data: text[1:]}, nil
}

// decodePart decodes one of the packets in a body.
func decodePart(part []byte) (packet, error) {
	if len(part) == 0 || part[0] != binaryPrefix {
		return decodeText(part)
	}
	data, err := base64.StdEncoding.AppendDecode(nil, part[1:])
	if err != nil || bytes.ContainsAny(part, "\r\n") { // the decoder would skip line breaks
		return packet{}, errMalformed
	}
	return packet{kind: packetMessage, binary: true, data: data}, nil
}

// The kinds of WebSocket frames, from RFC 6455 section 5.2.
const (
	opText   = 0x1
	opBinary = 0x2
	opClose  = 0x8
	opPong   = 0xa
)

// frame is an outgoing packet, or an outgoing control frame of a WebSocket. Many sessions may share its data,
// so nobody may modify it.
type frame struct {
	op      byte
	data    []byte
	holders *atomic.Int32 // for how many clients the frame of a Packet waits; nil for a frame for one client
}

// frameCost is what each frame counts in addition to its data, so that many small frames are bounded too.
const frameCost = 64

// textFrame makes the frame of a packet with text.
func textFrame(kind byte, data string) frame {
	return frame{op: opText, data: append([]byte{kind}, data...)}
}

// cost returns what frames count against OutboxBytes.
func cost(frames []frame) int {
	total := 0
	for _, f := range frames {
		total += frameCost + len(f.data)
	}
	return total
}

// appendBody appends frames in the form that the body of an answer to a poll has.
func appendBody(body []byte, frames []frame) []byte {
	for i, f := range frames {
		if i > 0 {
			body = append(body, separator)
		}
		if f.op == opBinary {
			body = base64.StdEncoding.AppendEncode(append(body, binaryPrefix), f.data)
		} else {
			body = append(body, f.data...)
		}
	}
	return body
}

// appendFrame appends a WebSocket frame as a server sends it: in one piece and unmasked.
func appendFrame(p []byte, f frame) []byte {
	const final = 0x80
	switch size := len(f.data); {
	case size < 126:
		p = append(p, final|f.op, byte(size))
	case size < 1<<16:
		p = binary.BigEndian.AppendUint16(append(p, final|f.op, 126), uint16(size))
	default:
		p = binary.BigEndian.AppendUint64(append(p, final|f.op, 127), uint64(size))
	}
	return append(p, f.data...)
}
