package chat

import "testing"

func TestUnreadFollowsTheEventsOfASocket(t *testing.T) {
	t.Parallel()
	const me, ann, bob = 1, 2, 3
	message := func(author UserID, seq int64, deleted bool) Message {
		m := Message{RoomID: 7, AuthorID: author, Seq: seq}
		if deleted {
			m.DeletedAt = 1
		}
		return m
	}
	added := func(author UserID, seq int64) MessageAdded { return MessageAdded{message(author, seq, false)} }
	changed := func(author UserID, seq int64, deleted bool) MessageChanged {
		return MessageChanged{message(author, seq, deleted)}
	}
	var u Unread
	u.Follow(added(ann, 1)) // of a socket without a welcome
	if _, member := u.Of(7); member {
		t.Error("there is a room before the welcome")
	}
	for i, step := range []struct {
		event any
		want  int64
	}{
		{Welcome{User: User{ID: me}, Blocked: []UserID{bob}, Rooms: []RoomState{{Room: Room{ID: 7, Seq: 9}, ReadSeq: 5, Unread: 3}}}, 3},
		{added(ann, 10), 4},
		{added(bob, 11), 4},
		{changed(ann, 10, false), 4},
		{changed(ann, 10, true), 3},
		{changed(bob, 11, true), 3},
		{changed(ann, 5, true), 3},
		{ReadMoved{RoomID: 7, ReadSeq: 8, Unread: 1}, 1},
		{changed(ann, 8, true), 1},
		{changed(ann, 9, true), 0},
		{changed(me, 9, true), 0},
		{BlockChanged{UserID: bob}, 0},
		{added(bob, 12), 1},
		{added(me, 13), 0},
		{changed(bob, 12, true), 0},
		{ReadMoved{RoomID: 7, ReadSeq: 12, Unread: 1}, 1},
		{RoomChanged{}, 1},
		{ReadMoved{RoomID: 8, ReadSeq: 12, Unread: 5}, 1},
	} {
		u.Follow(step.event)
		if got, member := u.Of(7); got != step.want || !member {
			t.Errorf("step %d, %+v: %d unread, want %d", i, step.event, got, step.want)
		}
	}
	u.Follow(RoomRemoved{RoomID: 7})
	u.Follow(added(ann, 14))
	u.Follow(RoomAdded{Room: RoomState{Room: Room{ID: 8}, Unread: 2}})
	for room, want := range map[RoomID]int64{7: -1, 8: 2} {
		if got, member := u.Of(room); member != (want >= 0) || member && got != want {
			t.Errorf("room %d: %d unread (a member: %v), want %d", room, got, member, want)
		}
	}
}
