package web

import (
	"net/http"
	"testing"

	"parley/actions"
	"parley/chat"
)

// Whatever is refused because too much is asked for says when to come back, whoever refuses it: all doors take what
// they answer from actions.Refusal.
func TestWhatIsRefusedForNowSaysWhenToComeBack(t *testing.T) {
	for _, code := range chat.Codes {
		status := StatusOf(code)
		forNow := status == http.StatusTooManyRequests || status == http.StatusServiceUnavailable && code != chat.Unavailable
		refused := chat.Errorf(code, "no")
		if got := actions.Refusal(refused).RetryAfter > 0; got != forNow {
			t.Errorf("%s, with status %d, says when to come back: %v", code, status, got)
		}
		refused.RetryAfter = 7
		if got := actions.Refusal(refused).RetryAfter; got != 7 {
			t.Errorf("%s says %d ms in place of 7", code, got)
		}
	}
}
