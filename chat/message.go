// Messages and pages of them.

package chat

// Message is one message as everyone in its room sees it. A deleted message keeps its place: its Body, HTML
// and Reactions are empty and DeletedAt is set. Times are UTC milliseconds.
type Message struct {
	RoomID RoomID `json:"room_id"`
	// Seq is the message's place in its room: 1, 2, 3 … without holes.
	Seq int64 `json:"seq"`
	// Rev is the room's rev of the message's last change.
	Rev      int64    `json:"rev"`
	AuthorID UserID   `json:"author_id"`
	ClientID ClientID `json:"client_id"`
	// Body is the markdown that the author wrote. HTML is what the server rendered from it: sanitized, with
	// classes and without styles. Plain text gets no HTML; clients show its Body as it is.
	Body      string `json:"body"`
	HTML      string `json:"html,omitempty"`
	CreatedAt int64  `json:"created_at"`
	EditedAt  int64  `json:"edited_at,omitempty"`
	DeletedAt int64  `json:"deleted_at,omitempty"`
	// DeletedBy is who deleted the message, when that was not its author.
	DeletedBy UserID     `json:"deleted_by,omitempty"`
	Reactions []Reaction `json:"reactions,omitempty"`
}

// Draft is a message before it is sent. Its ClientID makes sending it twice the same as sending it once.
type Draft struct {
	ClientID ClientID `json:"client_id"`
	Body     string   `json:"body"`
}

// Page is a run of a room's messages, in order of seq.
type Page struct {
	Messages []Message `json:"messages"`
	// Before and After tell whether older and newer messages exist beyond the page.
	Before bool `json:"before"`
	After  bool `json:"after"`
	// Seq and Rev are the room's numbers at the moment the page was read.
	Seq int64 `json:"seq"`
	Rev int64 `json:"rev"`
}
