// Package wait is for tests: it waits for a condition that nothing signals. The program itself never uses it.
package wait

import (
	"testing"
	"time"
)

// Patience is how long a test waits for a condition, so long that a busy machine does not matter.
const Patience = 2 * time.Minute

// Until waits until the function is returns true. After Patience it fails the test, with what in the message.
func Until(t testing.TB, what string, is func() bool) {
	t.Helper()
	Within(t, Patience, what, is)
}

// Within is Until with another limit than Patience.
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
