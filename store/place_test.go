package store

import (
	"testing"

	"parley/internal/engines"
)

// The writer opens the database anew after a failed commit. Its files stay the same, since the readers hold it open.
func TestThePlaceStaysTheSameWhenTheWriterOpensItAnew(t *testing.T) {
	t.Parallel()
	engines.OnlySQLite(t)
	s := newStore(t)
	var err error
	s.writer.between(func() {
		s.writer.db = s.writer.closeBroken()
		err = s.writer.engine.check()
	})
	if err != nil {
		t.Fatal(err)
	}
	s.must(t, s.adds("stored after it"))
}
