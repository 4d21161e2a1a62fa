package docs

import (
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"parley/chat"
	"parley/internal/engines"
	"parley/tests/harness"
)

// The commands about PostgreSQL belong together: somebody makes a database, uses it, backs it up, and brings the backup
// back.
func TestTheCommandsAboutPostgreSQL(t *testing.T) {
	t.Parallel()
	server := engines.OwnPostgres(t, false)
	admin, err := url.Parse(server.Admin())
	if err != nil {
		t.Fatal(err)
	}
	var blocks []string
	for _, commands := range commandsIn(t, "docs/operations.md") {
		if strings.Contains(commands, "psql") || strings.Contains(commands, "PARLEY_DATABASE") {
			blocks = append(blocks, commands)
		}
	}
	if len(blocks) != 4 {
		t.Fatalf("docs/operations.md has %d blocks of commands about PostgreSQL: %q", len(blocks), blocks)
	}
	dump, renew, create, serve := blocks[0], blocks[1], blocks[2], blocks[3]
	dump, restore, found := strings.Cut(dump, "\n")
	if !found || !strings.HasPrefix(restore, "pg_restore") {
		t.Fatalf("the backup is not brought back: %s", blocks[0])
	}
	setting, _, _ := strings.Cut(serve, " ")
	address := strings.ReplaceAll(strings.TrimPrefix(setting, "PARLEY_DATABASE="), `"`, "")
	address = strings.Replace(address, "localhost", admin.Host, 1) + "?sslmode=disable"

	folder := t.TempDir()
	shell := func(commands string) {
		t.Helper()
		cmd := exec.Command("bash", "-euo", "pipefail", "-c", commands)
		cmd.Dir = folder
		cmd.Env = append(os.Environ(), "PATH="+engines.Programs(t)+string(os.PathListSeparator)+os.Getenv("PATH"),
			"PGHOST="+admin.Hostname(), "PGPORT="+admin.Port(), "PGUSER="+admin.User.Username(),
			"PARLEY_DATABASE="+address)
		if said, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s\n%s", err, commands, said)
		}
	}
	shell(create)
	data := filepath.Join(folder, "parley-data")
	p := harness.StartIn(t, data, "--database="+address)
	ann := p.SetUp(t)
	general := ann.Room(t, "general").ID
	ann.Says(t, general, "in the backup")
	shell(dump)
	ann.Says(t, general, "after it")
	p.Stop()
	shell(restore)
	shell(renew)

	p = harness.StartIn(t, data, "--database="+address)
	again := p.SignsIn(t, "ann")
	if got := harness.Bodies(again.History(t, general, "").Messages); !slices.Equal(got, []string{"in the backup"}) {
		t.Errorf("general has %q", got)
	}
	// The session of before would know the messages after the backup.
	ann.On(p).Refused(t, chat.SignedOut, "GET", "/api/rooms", nil)
}
