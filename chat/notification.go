// Notifications, and the inbox that each user has.

package chat

import "encoding/json"

// NewNotification is a request to notify people, whether they are online or not.
type NewNotification struct {
	// To holds the login names of the recipients.
	To    []string `json:"to"`
	Title string   `json:"title"`
	Body  string   `json:"body,omitempty"`
	// URL is the link of the notification: http, https, or a path on this server.
	URL string `json:"url,omitempty"`
	// Data is any JSON, for programs to read.
	Data json.RawMessage `json:"data,omitempty"`
	// Key makes sending the notification twice the same as sending it once. Two senders may use the same key.
	Key string `json:"key"`
}

// Elements returns how many recipients it names.
func (n NewNotification) Elements() int { return len(n.To) }

// NotificationSent is the answer once the notification is in the inbox of every recipient. A resend with the
// same key gets the first answer again.
type NotificationSent struct {
	Key        string `json:"key"`
	Recipients int    `json:"recipients"`
	CreatedAt  int64  `json:"created_at"`
}

// Notification is one entry of a person's inbox.
type Notification struct {
	// Seq is the place in that inbox: 1, 2, 3 … without holes. A full inbox drops its oldest entries.
	Seq      int64           `json:"seq"`
	SenderID UserID          `json:"sender_id"`
	Title    string          `json:"title"`
	Body     string          `json:"body,omitempty"`
	URL      string          `json:"url,omitempty"`
	Data     json.RawMessage `json:"data,omitempty"`
	// CreatedAt is when the notification came into the inbox, and ReadAt when the person read it, in UTC
	// milliseconds. A notification without ReadAt is unread.
	CreatedAt int64 `json:"created_at"`
	ReadAt    int64 `json:"read_at,omitempty"`
}

// Inbox is the state of a person's inbox: the place of the newest notification, and how many are unread.
type Inbox struct {
	Seq    int64 `json:"seq"`
	Unread int   `json:"unread"`
}

// Notifications is a run of a person's inbox, in order of seq.
type Notifications struct {
	Notifications []Notification `json:"notifications"`
	// Before and After tell whether older and newer ones exist beyond the page.
	Before bool  `json:"before"`
	After  bool  `json:"after"`
	Inbox  Inbox `json:"inbox"`
	// UserRev is the person's user_rev at the moment the page was read.
	UserRev int64 `json:"user_rev"`
}

// NotificationRead is a request to mark one notification as read (Seq), or all up to a place (UpTo).
type NotificationRead struct {
	Seq  *int64 `json:"seq,omitempty"`
	UpTo *int64 `json:"up_to,omitempty"`
}
