package harness

import (
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"parley/internal/wait"
)

// StartBehind runs a server that says by --url that it is reached at another address, as behind a proxy. The
// test reaches it where it listens.
func StartBehind(t testing.TB, data string, args ...string) *Program {
	t.Helper()
	p := Launch(t, nil, append([]string{"--listen=127.0.0.1:0", "--data=" + data}, args...)...)
	p.Data, p.Limits = data, limitsOf(t, args)
	wait.Until(t, "the server answers", func() bool {
		address, err := os.ReadFile(filepath.Join(data, "parley.address"))
		if err != nil {
			return false
		}
		p.URL = "http://" + string(address)
		resp, err := http.Get(p.URL + "/readyz")
		if err != nil {
			return false
		}
		resp.Body.Close()
		return resp.StatusCode == http.StatusOK
	})
	return p
}
