// Package core puts together for tests of one door what every door uses: a database, the rooms, and the actions on
// them, as openCore does for the program. It knows no door, so that the tests inside the doors' own packages can use
// it.
package core

import (
	"path/filepath"
	"testing"
	"time"

	"parley/access"
	"parley/actions"
	"parley/auth"
	"parley/chat"
	"parley/internal/password"
	"parley/rooms"
	"parley/store"
)

// Core is what a door is made on.
type Core struct {
	Actions *actions.Actions
	Store   *store.Store
	Rooms   *rooms.Rooms
	Tokens  *auth.Signer
}

// Open makes a core with a new database, until the test ends. Nothing is done in it but what the test asks for.
func Open(t testing.TB, limits access.Limits) *Core {
	t.Helper()
	c := &Core{}
	c.Rooms = rooms.New(limits, func(seen map[chat.UserID]int64) { c.Actions.KeepLastSeen(seen) })
	var err error
	if c.Store, err = store.Open(filepath.Join(t.TempDir(), "parley.db"), c.Rooms.Dispatch); err != nil {
		t.Fatal(err)
	}
	c.Store.StopUpkeep()
	t.Cleanup(func() {
		if err := c.Store.Close(); err != nil {
			t.Error(err)
		}
		c.Rooms.Close()
	})
	if c.Actions, err = actions.New(c.Store, c.Rooms, password.New(password.Cheapest), limits, "test"); err != nil {
		t.Fatal(err)
	}
	if c.Tokens, err = auth.NewSigner(c.Actions.TokenKey, time.Now); err != nil {
		t.Fatal(err)
	}
	return c
}
