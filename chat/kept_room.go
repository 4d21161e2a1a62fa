// Rooms as the owners of the server see them: without what is said there.

package chat

// KeptRoom is a room as the owners of the server see it. Name is set only where the caller may
// see the room itself: for public rooms, and for those that the caller is a member of.
type KeptRoom struct {
	ID          RoomID   `json:"id"`
	Kind        RoomKind `json:"kind"`
	Name        string   `json:"name,omitempty"`
	MemberCount int      `json:"member_count"`
	// Messages is how many messages there are, deleted ones too.
	Messages int64 `json:"messages"`
	// Bytes is about how much text there is: the newest messages are measured, and the others taken to be like
	// them.
	Bytes      int64 `json:"bytes"`
	CreatedAt  int64 `json:"created_at"`
	ArchivedAt int64 `json:"archived_at,omitempty"`
	// OwnerIDs are the first 20 owners of the room, in order of id.
	OwnerIDs []UserID `json:"owner_ids"`
}

// KeptRooms is a page of all rooms, in order of id. More tells whether there are more: ask for those after the
// last.
type KeptRooms struct {
	Rooms []KeptRoom `json:"rooms"`
	More  bool       `json:"more"`
}

// KeptRoomChange archives a room, brings an archived one back into use, or makes a public room private. A nil
// field keeps its value.
type KeptRoomChange struct {
	Archived *bool     `json:"archived,omitempty"`
	Kind     *RoomKind `json:"kind,omitempty"`
}
