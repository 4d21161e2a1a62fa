// Writing without waiting is not possible on these systems.

//go:build !unix

package rooms

// attempt is empty here: see wire_unix.go.
type attempt struct{}

// try writes nothing, so that the outbox's goroutine makes every write.
func (w *wireConn) try([]byte) (int, error) { return 0, nil }
