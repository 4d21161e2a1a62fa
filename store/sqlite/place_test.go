package sqlite

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// Somebody has moved the database away by hand. What it left beside it would be applied to the new one.
func TestWhatADatabaseLeftBehindIsSetAside(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	path, fresh, aside := filepath.Join(folder, "db"), filepath.Join(folder, "fresh"), filepath.Join(folder, "aside")
	for name, text := range map[string]string{
		fresh: "new", path + "-wal": "log", path + "-journal": "journal", path + "-shm": "index",
	} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	kept, err := PutInPlace(fresh, path, aside)
	if err != nil || kept {
		t.Fatalf("kept %v, %v", kept, err)
	}
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, entry := range entries {
		text, err := os.ReadFile(filepath.Join(folder, entry.Name()))
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, entry.Name()+": "+string(text))
	}
	want := []string{"aside-journal: journal", "aside-wal: log", "db: new"}
	if !slices.Equal(names, want) {
		t.Errorf("got %q, want %q", names, want)
	}
}
