package engines

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
)

// adminOfTests names the administrator's database of a PostgreSQL that runs for all tests.
const adminOfTests = "PARLEY_TEST_POSTGRES"

// Postgres is a PostgreSQL server.
type Postgres struct {
	port   int
	folder string
	fsync  bool
	remove string  // the folder, when it is to be removed with the server
	server *server // nil while it is stopped
	admin  string
}

// shared is the PostgreSQL of this process's tests. It ends with the process.
var shared = sync.OnceValues(func() (*Postgres, error) {
	if admin := os.Getenv(adminOfTests); admin != "" {
		return &Postgres{admin: admin}, nil
	}
	folder, err := os.MkdirTemp("", "parley-postgres-")
	if err != nil {
		return nil, err
	}
	return newPostgres(&Postgres{folder: folder, remove: folder})
})

// Database makes an empty database for a test, on a PostgreSQL that other tests use too, and returns its URL. It ends
// with the test.
func Database(t testing.TB) string {
	t.Helper()
	p, err := shared()
	must(t, "PostgreSQL", err)
	return p.Database(t)
}

// OwnPostgres starts a PostgreSQL that a test may stop. With fsync it writes to the disk as it would for people.
func OwnPostgres(t testing.TB, fsync bool) *Postgres {
	t.Helper()
	folder, err := os.MkdirTemp("", "parley-postgres-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(folder) })
	p, err := newPostgres(&Postgres{folder: folder, fsync: fsync})
	must(t, "PostgreSQL", err)
	t.Cleanup(p.Stop)
	return p
}

func newPostgres(p *Postgres) (_ *Postgres, err error) {
	if p.port, err = freePort(); err != nil {
		return nil, err
	}
	p.admin = fmt.Sprintf("postgres://postgres@127.0.0.1:%d/postgres?sslmode=disable", p.port)
	if err := giveToOther(p.folder); err != nil {
		return nil, err
	}
	initdb, err := program("initdb")
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(initdb, "--pgdata="+p.data(), "--username=postgres", "--locale=C", "--encoding=UTF8",
		"--auth=trust", "--no-sync")
	cmd.Dir = p.folder
	asOther(cmd)
	if out, err := cmd.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("initdb: %w\n%s", err, out)
	}
	return p, p.Start()
}

func (p *Postgres) data() string { return filepath.Join(p.folder, "data") }

// Start starts a server that was stopped, at the same port.
func (p *Postgres) Start() error {
	postgres, err := program("postgres")
	if err != nil {
		return err
	}
	args := []string{
		postgres, "-D", p.data(), "-p", fmt.Sprint(p.port), "-c", "listen_addresses=127.0.0.1",
		"-c", "unix_socket_directories=" + p.folder, "-c", "max_connections=300",
	}
	if !p.fsync {
		args = append(args, "-c", "fsync=off", "-c", "full_page_writes=off")
	}
	if p.server, err = start(p.remove, "INT", args...); err != nil {
		return err
	}
	return p.server.await(func() error { return onDatabase(p.admin, "SELECT 1") })
}

// Admin is the URL of the administrator's database.
func (p *Postgres) Admin() string { return p.admin }

// Programs is the folder of PostgreSQL's programs.
func Programs(t testing.TB) string {
	t.Helper()
	path, err := program("pg_dump")
	must(t, "PostgreSQL", err)
	return filepath.Dir(path)
}

// Stop ends the connections and stops the server. It does nothing when the server is stopped.
func (p *Postgres) Stop() {
	if p.server != nil {
		p.server.stop()
		p.server = nil
	}
}

// Database makes an empty database for a test, and returns its URL. It ends with the test.
func (p *Postgres) Database(t testing.TB) string {
	t.Helper()
	name := "test_" + strings.ToLower(rand.Text())
	if err := onDatabase(p.admin, "CREATE DATABASE "+name); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if p.server == nil && p.folder != "" {
			return // it is stopped
		}
		if err := onDatabase(p.admin, "DROP DATABASE "+name+" WITH (FORCE)"); err != nil {
			t.Errorf("drop a database: %v", err)
		}
	})
	address, err := url.Parse(p.admin)
	if err != nil {
		t.Fatal(err)
	}
	address.Path = "/" + name
	return address.String()
}

func onDatabase(address, statement string) (err error) {
	db, err := sql.Open("pgx", address)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	_, err = db.ExecContext(context.Background(), statement)
	return err
}

// program finds a program of PostgreSQL: Debian keeps those of the server away from the others.
func program(name string) (string, error) {
	if path, err := exec.LookPath(name); err == nil {
		return path, nil
	}
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/" + name)
	if len(found) == 0 {
		return "", fmt.Errorf("%s: %w", name, errMissing)
	}
	return found[len(found)-1], nil
}
