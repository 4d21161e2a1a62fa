package engines

import (
	"strings"
	"sync"
	"testing"
)

func TestDatabasesAreMadeAtOnceAndStartEmpty(t *testing.T) {
	t.Parallel()
	var all sync.Map
	var made sync.WaitGroup
	for range 8 {
		made.Go(func() {
			address := Database(t)
			if err := onDatabase(address, "CREATE TABLE mine (id INTEGER)"); err != nil {
				t.Error(err)
			}
			if _, twice := all.LoadOrStore(address, true); twice {
				t.Errorf("%s twice", address)
			}
		})
	}
	made.Wait()
}

func TestAServerKeepsItsPortAndWhatItHas(t *testing.T) {
	t.Parallel()
	p := OwnPostgres(t, true)
	address := p.Database(t)
	if err := onDatabase(address, "CREATE TABLE kept (id INTEGER)"); err != nil {
		t.Fatal(err)
	}
	p.Stop()
	if err := onDatabase(address, "SELECT 1"); err == nil {
		t.Error("it answers although it is stopped")
	}
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	if err := onDatabase(address, "INSERT INTO kept VALUES (1)"); err != nil {
		t.Error(err)
	}
	if err := onDatabase(address, "INSERT INTO missing VALUES (1)"); err == nil || !strings.Contains(err.Error(), "missing") {
		t.Errorf("got %v", err)
	}
}
