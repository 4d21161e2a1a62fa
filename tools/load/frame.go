// The client's side of RFC 6455, as far as the load needs it: the upgrade, and frames in both directions.

package load

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"net/http"
)

const (
	opContinuation = 0x0
	opText         = 0x1
	opClose        = 0x8
	opPing         = 0x9
	opPong         = 0xA

	finalBit = 0x80
	maskBit  = 0x80

	maxMessage = 64 << 20 // bytes; a server that announces more is broken

	closeNone = 1006 // the connection ended without a close frame
)

// upgradeKey is the same for every connection: it would have to differ only if there were a cache in between.
// acceptKey is the server's answer to it.
const (
	upgradeKey = "AAAAAAAAAAAAAAAAAAAAAA=="
	acceptKey  = "ICX+Yqv66kxgM0FcWaLWlFLwTAI="
)

// upgradeRequest asks a server for an upgrade to WebSocket.
func upgradeRequest(host, path string, header http.Header) []byte {
	var b bytes.Buffer
	if path == "" {
		path = "/"
	}
	fmt.Fprintf(&b, "GET %s HTTP/1.1\r\nHost: %s\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"+
		"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: %s\r\n", path, host, upgradeKey)
	header.Write(&b) // writing to a buffer never fails
	b.WriteString("\r\n")
	return b.Bytes()
}

// upgradeAnswer returns the length of the server's positive answer in data; 0 while the answer is not
// complete.
func upgradeAnswer(data []byte) (int, error) {
	end := bytes.Index(data, []byte("\r\n\r\n"))
	if end < 0 {
		if len(data) > 64<<10 {
			return 0, errors.New("the answer to the upgrade does not end")
		}
		return 0, nil
	}
	status, _, _ := bytes.Cut(data[:end], []byte("\r\n"))
	if !bytes.HasPrefix(status, []byte("HTTP/1.1 101")) {
		return 0, fmt.Errorf("the upgrade was answered: %s", bytes.TrimSpace(data[:min(len(data), 500)]))
	}
	if !bytes.Contains(data[:end], []byte(acceptKey)) {
		return 0, errors.New("the answer to the upgrade is not to ours")
	}
	return end + 4, nil
}

// frame is one frame that came. Its payload is a part of the bytes it was read from.
type frame struct {
	final   bool
	op      byte
	payload []byte
}

var (
	errMasked   = errors.New("a frame of the server is masked")
	errReserved = errors.New("a frame of the server has reserved bits")
	errTooLong  = errors.New("a frame of the server is too long")
)

// nextFrame reads the frame at the beginning of data and returns its length; 0 while the frame is not
// complete.
func nextFrame(data []byte) (f frame, length int, err error) {
	if len(data) < 2 {
		return f, 0, nil
	}
	if data[0]&0x70 != 0 {
		return f, 0, errReserved
	}
	if data[1]&maskBit != 0 {
		return f, 0, errMasked
	}
	head, size := 2, uint64(data[1])
	switch size {
	case 126:
		if head = 4; len(data) < head {
			return f, 0, nil
		}
		size = uint64(binary.BigEndian.Uint16(data[2:]))
	case 127:
		if head = 10; len(data) < head {
			return f, 0, nil
		}
		size = binary.BigEndian.Uint64(data[2:])
	}
	if size > maxMessage {
		return f, 0, errTooLong
	}
	length = head + int(size)
	if len(data) < length {
		return f, 0, nil
	}
	return frame{data[0]&finalBit != 0, data[0] & 0xF, data[head:length]}, length, nil
}

// appendFrame appends a whole message in one frame. The mask key is zero, so the mask changes nothing.
func appendFrame(out []byte, op byte, payload []byte) []byte {
	out = append(out, finalBit|op)
	switch size := len(payload); {
	case size < 126:
		out = append(out, maskBit|byte(size))
	case size < 1<<16:
		out = binary.BigEndian.AppendUint16(append(out, maskBit|126), uint16(size))
	default:
		out = binary.BigEndian.AppendUint64(append(out, maskBit|127), uint64(size))
	}
	out = append(out, 0, 0, 0, 0)
	return append(out, payload...)
}

// closeCode is the code in the payload of a close frame, or the one that RFC 6455 defines for a payload
// without a code.
func closeCode(payload []byte) int {
	if len(payload) < 2 {
		return 1005
	}
	return int(binary.BigEndian.Uint16(payload))
}

// assembler turns the bytes of one connection into frames, and frames into messages.
type assembler struct {
	rest    []byte // the beginning of a frame
	message []byte // the beginning of a message in several frames
	begun   bool
}

// join returns the bytes that were left and data in one piece. The piece is valid until keep is called.
func (a *assembler) join(data []byte) []byte {
	if len(a.rest) == 0 {
		return data
	}
	a.rest = append(a.rest, data...)
	return a.rest
}

// keep copies what is left of the piece that join returned.
func (a *assembler) keep(left []byte) {
	a.rest = append(a.rest[:0], left...)
}

// whole returns the message that a data frame completes.
func (a *assembler) whole(f frame) (message []byte, complete bool, err error) {
	if (f.op == opContinuation) != a.begun {
		return nil, false, errors.New("the server's frames do not make messages")
	}
	if f.final && !a.begun {
		return f.payload, true, nil
	}
	if !a.begun {
		a.message = a.message[:0]
	}
	a.begun = !f.final
	a.message = append(a.message, f.payload...)
	if len(a.message) > maxMessage {
		return nil, false, errTooLong
	}
	return a.message, f.final, nil
}
