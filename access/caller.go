// The caller: on whose behalf a request or a socket acts.

package access

import "parley/chat"

// Caller is the user or program on whose behalf the server acts: a user with one of their sessions, or a
// program with its token. The door that a request comes through (HTTP or a socket) looks the session up, once
// for each request and once when a socket opens. What the caller may do is looked up later, in the same
// transaction as the thing that the caller asks for.
type Caller struct {
	User     chat.UserID
	Session  chat.SessionID
	Grant    *Grant  // what a program's token allows; nil for people
	Operator bool    // a command that can read the data folder; it has no account
	Address  string  // the network that a request came from, for callers who are not signed in
	Order    *Order  // the order of a socket's messages; nil for callers who wait for each answer
	Charge   *Charge // what this request has taken; nil when nothing of it is ever given back
}
