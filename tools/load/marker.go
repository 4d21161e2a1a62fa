// The marker at the beginning of every published text. The load recognizes deliveries by it.

package load

import "time"

// A marker has a fixed width. It is a word and lower-case hexadecimal digits, which markdown and JSON leave
// unchanged:
//
//	loadRRRRRRRRooooosssssnnnnnnnntttttttttttt     run, room, sender, number, nanoseconds
const (
	markerWord = "load"

	runDigits    = 8
	roomDigits   = 5
	senderDigits = 5
	numberDigits = 8
	timeDigits   = 12

	maxRooms   = 1 << (4 * roomDigits)
	maxSenders = 1 << (4 * senderDigits)

	tailDigits = roomDigits + senderDigits + numberDigits + timeDigits

	// MinTextBytes is the length of a text that has only its marker.
	MinTextBytes = len(markerWord) + runDigits + tailDigits
)

// filler follows the marker, repeated up to the length that was asked for.
const filler = " and words as people write them all day"

// marker is what a text says about itself. at is when the text was sent or due, from the start of the run.
type marker struct {
	room, sender, number int
	at                   time.Duration
}

// markerStart is the beginning of all markers of a run.
func markerStart(run uint32) string {
	return string(appendHex([]byte(markerWord), uint64(run), runDigits))
}

// appendText appends a text of size bytes.
func appendText(b []byte, start string, m marker, size int) []byte {
	end := len(b) + size
	b = append(b, start...)
	b = appendHex(b, uint64(m.room), roomDigits)
	b = appendHex(b, uint64(m.sender), senderDigits)
	b = appendHex(b, uint64(m.number), numberDigits)
	b = appendHex(b, uint64(m.at), timeDigits)
	for len(b) < end {
		b = append(b, filler[:min(len(filler), end-len(b))]...)
	}
	return b
}

func appendHex(b []byte, value uint64, digits int) []byte {
	for shift := 4 * (digits - 1); shift >= 0; shift -= 4 {
		b = append(b, "0123456789abcdef"[value>>shift&0xF])
	}
	return b
}

// readMarker reads what follows a marker's start.
func readMarker(b []byte) (m marker, ok bool) {
	if len(b) < tailDigits {
		return m, false
	}
	room, ok1 := readHex(b[:roomDigits])
	b = b[roomDigits:]
	sender, ok2 := readHex(b[:senderDigits])
	b = b[senderDigits:]
	number, ok3 := readHex(b[:numberDigits])
	at, ok4 := readHex(b[numberDigits:][:timeDigits])
	return marker{int(room), int(sender), int(number), time.Duration(at)}, ok1 && ok2 && ok3 && ok4
}

func readHex(b []byte) (value uint64, ok bool) {
	for _, c := range b {
		switch {
		case c >= '0' && c <= '9':
			c -= '0'
		case c >= 'a' && c <= 'f':
			c -= 'a' - 10
		default:
			return 0, false
		}
		value = value<<4 | uint64(c)
	}
	return value, true
}
