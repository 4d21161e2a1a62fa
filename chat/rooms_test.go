package chat

import (
	"bytes"
	"testing"
)

// The rooms are encoded one by one, and the result is that of encoding all at once.
func TestRoomsEncodedOneByOneAreTheSame(t *testing.T) {
	odd := `"rooms":[] <&>` + "\u2028\x01\\"
	room := func(id RoomID) RoomState {
		return RoomState{Room: Room{ID: id, Kind: Public, Name: odd, Topic: odd, MemberIDs: []UserID{1}}, Role: MemberOwner}
	}
	for _, rooms := range [][]RoomState{{}, {room(1)}, {room(1), room(2), room(1 << 30)}} {
		welcome := Welcome{Server: Server{Name: odd, Version: odd}, Rooms: rooms, User: User{Name: odd}}
		want, err := Encode("welcome", "", welcome)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := EncodeWelcome(welcome); err != nil || !bytes.Equal(got, want) {
			t.Errorf("got %s, %v, want %s", got, err, want)
		}
	}
}
