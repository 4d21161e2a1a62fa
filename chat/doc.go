// Package chat holds the nouns of a Parley server and the wire they travel on: users, rooms,
// messages, requests, events and errors. It depends on the standard library alone, so that a
// client or a bot can import it. Values are plain data; none of them is safe for concurrent writes.
package chat
