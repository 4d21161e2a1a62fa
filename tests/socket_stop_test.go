// Stopping the program: every socket is told to come back, and nothing keeps the process.

package tests

import (
	"net/http"
	"strings"
	"testing"

	"parley/chat"
	"parley/tests/harness"
)

func TestAProgramThatStopsTellsEverySocketToComeBack(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	ann := p.SetUp(t)
	bob := p.SignUp(t, ann, "bob")
	socks := []*harness.Sock{ann.Dial(t), bob.Dial(t), ann.Plain(t)}
	socks = append(socks, p.Visitor(t, "nobody").DialAnyhow(t, http.Header{})) // has not signed in
	bob.Stalled(t)
	client := ann.Polls(t, "", "")
	client.Wants(t, `40/chat,{"sid":`)
	ann.Says(t, ann.Room(t, "general").ID, "bye")
	socks[0].ExpectMessage(t)
	socks[1].ExpectMessage(t)
	client.Wants(t, `"message":"bye"`)
	p.Stop()
	for _, s := range socks {
		s.ExpectClosed(t, chat.CloseRestart)
	}
	if log := p.Stderr.String(); strings.Contains(log, "lingered") {
		t.Errorf("something lingered:\n%s", log)
	}
}
