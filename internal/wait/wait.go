// Package wait is for tests that wait for what nothing tells of.
package wait

import (
	"testing"
	"time"
)

// Patience is how long a test waits for what must come, however busy the machine is.
const Patience = 30 * time.Second

// Until waits until something has become true, and fails the test when that never comes.
func Until(t testing.TB, what string, is func() bool) {
	t.Helper()
	Within(t, Patience, what, is)
}

// Within is Until with a limit of its own.
func Within(t testing.TB, limit time.Duration, what string, is func() bool) {
	t.Helper()
	deadline := time.Now().Add(limit)
	for !is() {
		if time.Now().After(deadline) {
			t.Fatalf("it never came that %s", what)
		}
		<-time.After(2 * time.Millisecond)
	}
}
