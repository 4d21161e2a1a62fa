// The audit log: what the owner, the admins and the operator of the server did to others, and the owners of rooms.

package chat

// Act names a kind of entry in the audit log.
type Act string

// The acts. The audit log keeps these words, so none of them may change its meaning.
const (
	ActServer        Act = "server.change"     // another setting; Detail is AnotherName or the new way to register
	ActRole          Act = "user.role"         // a person has another role; Detail is the role
	ActDeactivate    Act = "user.deactivate"   // nobody can sign in as UserID; Detail is what becomes of the messages
	ActReactivate    Act = "user.reactivate"   // UserID can sign in again
	ActEndSessions   Act = "user.end_sessions" // signed UserID out everywhere
	ActReset         Act = "user.reset"        // made a link by which UserID chooses another password
	ActHost          Act = "host.add"          // confirmed a name of the server; Detail is the name
	ActEndHost       Act = "host.end"          // took a name of the server back; Detail is the name
	ActInvite        Act = "invite.add"        // made an invite; Detail is its id
	ActEndInvite     Act = "invite.end"        // ended an invite; Detail is its id
	ActDeleteMessage Act = "message.delete"    // deleted a message of UserID's
	ActCloseReport   Act = "report.close"      // closed the reports about a message of UserID's; Detail is the report's id
	ActArchive       Act = "room.archive"      // archived a room
	ActUnarchive     Act = "room.unarchive"    // brought an archived room back into use
	ActMakePrivate   Act = "room.make_private" // made a public room private
	ActDeleteRoom    Act = "room.delete"       // deleted a room with its messages
	ActRoomRole      Act = "room.role"         // UserID has another role in a room; Detail is the role
	ActTakeOut       Act = "room.take_out"     // took UserID out of a room
	ActToken         Act = "token.add"         // made a token for the program UserID; Detail is the token's id and its scopes
	ActEndToken      Act = "token.end"         // ended a token of the program UserID; Detail is the token's id
)

// AnotherName is the detail of ActServer that says that the server got another name.
const AnotherName = "name"

// Acts lists every act, for clients that show them.
var Acts = []Act{
	ActServer, ActHost, ActEndHost, ActRole, ActDeactivate, ActReactivate, ActEndSessions, ActReset, ActInvite, ActEndInvite, ActToken,
	ActEndToken, ActDeleteMessage, ActCloseReport, ActArchive, ActUnarchive, ActMakePrivate, ActDeleteRoom,
	ActRoomRole, ActTakeOut,
}

// AuditEntry says who did what to whom or to what. It holds nothing that anybody wrote.
type AuditEntry struct {
	ID int64 `json:"id"`
	At int64 `json:"at"`
	// By is the person or the program who did it; 0 is the server's command line.
	By  UserID `json:"by"`
	Act Act    `json:"act"`
	// UserID, RoomID and Seq tell whom or what it was done to: a user, a room, or a message in a room.
	UserID UserID `json:"user_id,omitempty"`
	RoomID RoomID `json:"room_id,omitempty"`
	Seq    int64  `json:"seq,omitempty"`
	// Detail is one word or number, such as the new role.
	Detail string `json:"detail,omitempty"`
}

// Audit is a page of the audit log, newest first. More tells whether there are older entries.
type Audit struct {
	Entries []AuditEntry `json:"entries"`
	More    bool         `json:"more"`
}
