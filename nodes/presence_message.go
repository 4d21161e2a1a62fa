// What nodes say of their people, as it travels.

package nodes

import (
	"encoding/binary"

	"parley/chat"
)

// What a node says.
const (
	changes byte = iota + 1 // these people have another state
	beats                   // so many people there are, and this is the number of the last change
	asks                    // somebody, or everybody, shall tell all of their people
	piece                   // a part of all people
)

// The states of people.
const (
	isOffline byte = iota
	isOnline
	isAway
)

// said is what a node said. Count is that of the people, of a piece that of the pieces.
type said struct {
	what                 byte
	number, count, index uint64
	whom                 string
	people               []chat.Presence
}

const (
	personBytes = 1 + 2*binary.MaxVarintLen64 // at most
	mostPieces  = mostPeople/piecePeople + 1
)

func writeChanges(number uint64, people []chat.Presence) []byte {
	return appendPeople(binary.AppendUvarint([]byte{changes}, number), people)
}

func writeHeartbeat(number uint64, people int) []byte {
	return binary.AppendUvarint(binary.AppendUvarint([]byte{beats}, number), uint64(people))
}

func writeAsk(whom string) []byte { return append([]byte{asks}, whom...) }

func writePiece(number, index, pieces uint64, people []chat.Presence) []byte {
	text := binary.AppendUvarint([]byte{piece}, number)
	text = binary.AppendUvarint(binary.AppendUvarint(text, index), pieces)
	return appendPeople(text, people)
}

func appendPeople(text []byte, people []chat.Presence) []byte {
	for _, one := range people {
		state := isOnline
		switch one.State {
		case chat.Offline:
			state = isOffline
		case chat.Away:
			state = isAway
		}
		text = append(binary.AppendUvarint(text, uint64(one.UserID)), state)
		text = binary.AppendUvarint(text, uint64(max(0, one.LastSeenAt)))
	}
	return text
}

// readPresence is the inverse of the above.
func readPresence(text []byte) (said said, ok bool) {
	if len(text) == 0 || len(text) > piecePeople*personBytes+64 {
		return said, false
	}
	said.what, text = text[0], text[1:]
	ok = true
	next := func() uint64 {
		n, size := binary.Uvarint(text)
		if size <= 0 {
			ok = false
			return 0
		}
		text = text[size:]
		return n
	}
	switch said.what {
	case asks:
		said.whom = string(text)
		return said, true
	case beats:
		said.number, said.count = next(), next()
		return said, ok && len(text) == 0
	case changes:
		said.number = next()
	case piece:
		said.number, said.index, said.count = next(), next(), next()
		ok = ok && said.count <= mostPieces && said.index < said.count
	default:
		return said, false
	}
	for ok && len(text) > 0 {
		one := chat.Presence{UserID: chat.UserID(next())}
		if !ok || len(text) == 0 || len(said.people) == piecePeople {
			return said, false
		}
		state := text[0]
		text = text[1:]
		one.LastSeenAt = int64(next())
		switch state {
		case isOffline:
			one.State = chat.Offline
		case isOnline:
			one.State = chat.Online
		case isAway:
			one.State = chat.Away
		default:
			return said, false
		}
		if one.UserID < 0 || one.LastSeenAt < 0 || said.what == piece && state == isOffline {
			return said, false
		}
		said.people = append(said.people, one)
	}
	return said, ok
}
