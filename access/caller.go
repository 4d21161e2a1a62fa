package access

import "parley/chat"

// Caller is who asks: a user by one of their logins, or a program by its token. The session is looked up by
// the door, once for a request and when a socket opens; what the user may do is looked up with what they
// ask for.
type Caller struct {
	User     chat.UserID
	Session  chat.SessionID
	Grant    *Grant // what the token of a program is for; nil for people
	Operator bool   // nobody's account: whoever has the data folder, by the command line
	// Cost is how many changes the request counts as, of those that a person may make a second. The doors take it from
	// their tables.
	Cost  int
	Order    *Order // of the messages on a socket; nil for callers who wait for each answer
}
