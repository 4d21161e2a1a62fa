// Package chat holds the nouns of a Parley server and the wire they travel on: users, rooms, messages,
// requests, events and errors. The rules for who may do what are in access, and what the server does is in
// actions. Package chat depends on the standard library alone, so that a client or a bot can import it. Its
// values are plain data; none of them is safe for concurrent writes.
package chat
