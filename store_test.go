package main

import (
	"errors"
	"io/fs"
	"os"
	"testing"
)

// Another program may listen there by now, and a command would show it a word that lets it in.
func TestTheAddressOfAServerThatWasKilledIsForgotten(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	left := (&dataFolder{place: place{Data: folder}}).addressFile()
	if err := os.WriteFile(left, []byte("127.0.0.1:9"), 0o600); err != nil {
		t.Fatal(err)
	}
	data, err := openData(place{Data: folder})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(left); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the address is still there: %v", err)
	}
	if err := data.close(); err != nil {
		t.Error(err)
	}
}
