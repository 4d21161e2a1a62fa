// Client ids: UUIDs that make sending a message twice the same as sending it once.

package chat

import (
	"crypto/rand"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"time"
)

// ClientID is a UUID that a client makes once for each message it sends. Version 7 is the best choice: its
// ids grow with time, and the database stores growing ids at a lower cost.
type ClientID [16]byte

// NewClientID makes a UUID of version 7.
func NewClientID() (id ClientID) {
	rand.Read(id[:]) // never fails
	var now [8]byte
	binary.BigEndian.PutUint64(now[:], uint64(time.Now().UnixMilli()))
	copy(id[:6], now[2:])
	id[6] = id[6]&0x0f | 0x70
	id[8] = id[8]&0x3f | 0x80
	return id
}

// IsZero tells whether the id is missing.
func (id ClientID) IsZero() bool { return id == ClientID{} }

// String returns the usual form of a UUID: 36 characters, in lower case.
func (id ClientID) String() string {
	var out [36]byte
	hex.Encode(out[0:8], id[0:4])
	hex.Encode(out[9:13], id[4:6])
	hex.Encode(out[14:18], id[6:8])
	hex.Encode(out[19:23], id[8:10])
	hex.Encode(out[24:36], id[10:16])
	out[8], out[13], out[18], out[23] = '-', '-', '-', '-'
	return string(out[:])
}

// MarshalText returns the same form as String.
func (id ClientID) MarshalText() ([]byte, error) { return []byte(id.String()), nil }

var errClientID = errors.New("client_id is not a UUID of 36 characters")

// UnmarshalText reads the usual form of 36 characters, in upper or lower case, and refuses every other text.
func (id *ClientID) UnmarshalText(text []byte) error {
	if len(text) != 36 || text[8] != '-' || text[13] != '-' || text[18] != '-' || text[23] != '-' {
		return errClientID
	}
	var digits [32]byte
	n := copy(digits[:], text[0:8])
	n += copy(digits[n:], text[9:13])
	n += copy(digits[n:], text[14:18])
	n += copy(digits[n:], text[19:23])
	copy(digits[n:], text[24:36])
	if _, err := hex.Decode(id[:], digits[:]); err != nil {
		return errClientID
	}
	return nil
}
