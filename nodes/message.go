// Messages: what stands before the payload of each.

package nodes

import (
	"crypto/rand"
	"encoding/binary"
	"encoding/hex"
)

// The head of a message: its format, the id of the node that sent it, its number among all of this node, its kind.
const (
	format   = 1
	idAt     = 1
	numberAt = idAt + 8
	kindAt   = numberAt + 8
	headSize = kindAt + 1
)

// beat is the kind of the messages that the bus sends for itself.
const beat = 0

// nodeID names a node while it runs.
type nodeID [8]byte

func newNodeID() (id nodeID) {
	rand.Read(id[:]) // never fails
	return id
}

func (id nodeID) String() string { return hex.EncodeToString(id[:]) }

// message is one that was received.
type message struct {
	from    nodeID
	number  uint64
	kind    byte
	payload []byte
}

// write returns a message as it travels.
func write(from nodeID, number uint64, kind byte, payload []byte) []byte {
	text := make([]byte, headSize, headSize+len(payload))
	text[0] = format
	copy(text[idAt:], from[:])
	binary.BigEndian.PutUint64(text[numberAt:], number)
	text[kindAt] = kind
	return append(text, payload...)
}

// read is the inverse of write. It refuses messages of a format that this version does not know.
func read(text string) (m message, ok bool) {
	if len(text) < headSize || text[0] != format {
		return m, false
	}
	head := []byte(text[:headSize])
	copy(m.from[:], head[idAt:])
	m.number, m.kind = binary.BigEndian.Uint64(head[numberAt:]), head[kindAt]
	m.payload = []byte(text[headSize:])
	return m, true
}
