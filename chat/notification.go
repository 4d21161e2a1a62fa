package chat

import "encoding/json"

// NewNotification asks to tell people something, whether they are there or not.
type NewNotification struct {
	// To are login names.
	To    []string `json:"to"`
	Title string   `json:"title"`
	Body  string   `json:"body,omitempty"`
	// URL is where it leads: http, https, or a path on this server.
	URL string `json:"url,omitempty"`
	// Data is for programs: any JSON.
	Data json.RawMessage `json:"data,omitempty"`
	// Key makes sending it twice the same as sending it once. It is the sender's own.
	Key string `json:"key"`
}

// NotificationSent answers once it is in everyone's inbox. A resend of the same key gets the first answer
// again.
type NotificationSent struct {
	Key        string `json:"key"`
	Recipients int    `json:"recipients"`
	CreatedAt  int64  `json:"created_at"`
}

// Notification is one in a person's inbox.
type Notification struct {
	// Seq is its place in that inbox: 1, 2, 3 … without holes, but the oldest go.
	Seq      int64           `json:"seq"`
	SenderID UserID          `json:"sender_id"`
	Title    string          `json:"title"`
	Body     string          `json:"body,omitempty"`
	URL      string          `json:"url,omitempty"`
	Data     json.RawMessage `json:"data,omitempty"`
	// CreatedAt is when it came into the inbox, and ReadAt when it was read, UTC milliseconds; without ReadAt it
	// is unread.
	CreatedAt int64 `json:"created_at"`
	ReadAt    int64 `json:"read_at,omitempty"`
}

// Inbox is how a person's inbox stands: the place of the newest, and how many are unread.
type Inbox struct {
	Seq    int64 `json:"seq"`
	Unread int   `json:"unread"`
}

// Notifications is a run of a person's inbox in order of seq.
type Notifications struct {
	Notifications []Notification `json:"notifications"`
	// Before and After tell whether older and newer ones exist beyond the page.
	Before bool  `json:"before"`
	After  bool  `json:"after"`
	Inbox  Inbox `json:"inbox"`
	// UserRev is the person's number at the moment the page was read.
	UserRev int64 `json:"user_rev"`
}

// NotificationRead marks one notification as read, or all up to one.
type NotificationRead struct {
	Seq  int64 `json:"seq,omitempty"`
	UpTo int64 `json:"up_to,omitempty"`
}
