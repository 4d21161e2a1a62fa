package tests

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"sync/atomic"
	"testing"

	"parley/tests/harness"
)

func TestTheListOfTokensSaysNeverOfWhatDoesNotHappen(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	p.SetUp(t)
	p.Stop()
	harness.Run(t, "token", "add", "--data", p.Data, "--scope=read", "--name=nightly", "builds")
	text := harness.Run(t, "token", "list", "--data", p.Data)
	if !regexp.MustCompile(`(?m)^1 +builds +nightly +read +all +never +never$`).MatchString(text) {
		t.Errorf("the list is %s", text)
	}
}

// The command shows the server a word that lets it do everything with tokens.
func TestTheOperatorsCommandsAskNoProxy(t *testing.T) {
	t.Parallel()
	var asked atomic.Int64
	proxy := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked.Add(1) }))
	t.Cleanup(proxy.Close)
	p := harness.Start(t)
	p.SetUp(t)
	// For this machine itself no proxy is ever asked, so the server seems to be on another.
	if err := os.WriteFile(filepath.Join(p.Data, "parley.address"), []byte("chat.invalid:80"), 0o600); err != nil {
		t.Fatal(err)
	}
	env := []string{"HTTP_PROXY=" + proxy.URL, "http_proxy=" + proxy.URL, "NO_PROXY=", "no_proxy="}
	harness.Launch(t, env, "token", "list", "--data", p.Data).RefusesInOneLine(t, "ask the running server")
	if n := asked.Load(); n > 0 {
		t.Errorf("the proxy was asked %d times", n)
	}
}
