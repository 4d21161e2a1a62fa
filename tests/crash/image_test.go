//go:build crash

package crash

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"parley/chat"
	"parley/store"
	"parley/store/sqlite"
	"parley/tests/harness"
	"parley/tools/crashdisk"
)

const index = "parley.db" + "-shm" // beside a database

// developed makes the folder that an image shows.
func developed(t *testing.T, image map[string][]byte) string {
	t.Helper()
	folder, err := os.MkdirTemp(t.TempDir(), "")
	if err != nil {
		t.Fatal(err)
	}
	if image[index] != nil {
		image[index] = bytes.Repeat([]byte("not synced ever "), 2048) // it is memory that was mapped
	}
	for name, content := range image {
		if err := os.WriteFile(filepath.Join(folder, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

// view is what a look into an image showed.
type view struct {
	stored map[saidAt]string // what is said in it
	epoch  string            // when it has one
	err    error
}

// views are those of images so far. From one moment to the next most files stay as they were, and what a server makes of
// the same files is the same.
type views map[[sha256.Size]byte]view

// of looks into an image that may be the same as one before.
func (v views) of(t *testing.T, image map[string][]byte) view {
	hash := sha256.New()
	for _, name := range slices.Sorted(maps.Keys(image)) {
		fmt.Fprintf(hash, "%q %d\n", name, len(image[name]))
		if name != index { // which is made anew for each
			hash.Write(image[name])
		}
	}
	key := [sha256.Size]byte(hash.Sum(nil))
	seen, ok := v[key]
	if !ok {
		seen.stored, seen.epoch, seen.err = lookInto(t, image)
		v[key] = seen
	}
	return seen
}

// lookInto opens an image as a server would and gives what is said in it, and its epoch when it has one.
func lookInto(t *testing.T, image map[string][]byte) (stored map[saidAt]string, epoch string, err error) {
	folder := developed(t, image)
	defer os.RemoveAll(folder)
	path := filepath.Join(folder, "parley.db")
	st, err := store.Open(path, store.TellNobody)
	if err != nil {
		return nil, "", err
	}
	heads, err := headsOf(path)
	if err == nil {
		stored = map[saidAt]string{}
		err = st.Read(context.Background(), func(tx *store.Tx) (err error) {
			epoch, err = readInto(tx, heads, stored)
			return err
		})
	}
	return stored, epoch, errors.Join(err, st.Close())
}

// headsOf checks a database as SQLite does, and gives the last place of each room.
func headsOf(path string) (heads map[int64]int64, err error) {
	db, err := sqlite.OpenBeside(path)
	if err != nil {
		return nil, err
	}
	defer db.Close()
	var ok string
	if err := db.QueryRow(`PRAGMA integrity_check`).Scan(&ok); err != nil || ok != "ok" {
		return nil, fmt.Errorf("integrity_check: %q %w", ok, err)
	}
	rows, err := db.Query(`SELECT id, seq FROM rooms`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	heads = map[int64]int64{}
	for rows.Next() {
		var room, seq int64
		if err := rows.Scan(&room, &seq); err != nil {
			return nil, err
		}
		heads[room] = seq
	}
	return heads, rows.Err()
}

// readInto reads all messages and checks that none is missing.
func readInto(tx *store.Tx, heads map[int64]int64, stored map[saidAt]string) (epoch string, err error) {
	server, err := tx.Server()
	if err != nil && !errors.Is(err, sql.ErrNoRows) { // it may have none yet
		return "", err
	}
	for room, head := range heads {
		messages, err := tx.MessagesAfter(chat.RoomID(room), 0, 1_000_000, math.MaxInt)
		if err != nil {
			return "", err
		}
		for i, m := range messages {
			if m.Seq != int64(i+1) {
				return "", fmt.Errorf("room %d: %d stands at place %d", room, m.Seq, i+1)
			}
			stored[saidAt{room, m.Seq}] = m.Body
		}
		if int64(len(messages)) != head {
			return "", fmt.Errorf("room %d says %d, and has %d messages", room, head, len(messages))
		}
	}
	return server.Epoch, nil
}

// filesIn are the files of a folder.
func filesIn(t *testing.T, folder string) map[string][]byte {
	t.Helper()
	files := map[string][]byte{}
	for _, name := range harness.NamesIn(t, folder) {
		content, err := os.ReadFile(filepath.Join(folder, name))
		if err != nil {
			t.Fatal(err)
		}
		files[name] = content
	}
	return files
}

// textsIn lists what is said in one database of an image.
func (v views) textsIn(t *testing.T, image map[string][]byte, database string) []string {
	t.Helper()
	alone := map[string][]byte{}
	for _, part := range []string{"", "-wal", "-journal"} {
		if content, ok := image[database+part]; ok {
			alone["parley.db"+part] = content
		}
	}
	seen := v.of(t, alone)
	if seen.err != nil {
		t.Fatal(seen.err)
	}
	var texts []string
	for at, body := range seen.stored {
		texts = append(texts, harness.Said(chat.RoomID(at.room), at.seq, body))
	}
	slices.Sort(texts)
	return texts
}

// everyMoment shows the folder as it is when the program is killed at a moment, and as it may be when the
// power fails at it, for every moment at which something has changed. What the power leaves is drawn once a moment:
// from one to the next there is little that differs.
func everyMoment(trace *crashdisk.Trace, before map[string][]byte, look func(moment int, image map[string][]byte)) {
	disk := trace.Disk(before)
	for moment := range trace.Moments() + 1 {
		if moment > 0 && !disk.Advance(moment) {
			continue
		}
		look(moment, disk.Now())
		look(moment, disk.Image(rand.New(rand.NewPCG(uint64(moment), 0))))
	}
}

// printed is the moment at which a program told that it had done something.
func printed(t *testing.T, trace *crashdisk.Trace, text string) int {
	t.Helper()
	for _, sent := range trace.Sent() {
		if bytes.Contains(sent.Data, []byte(text)) {
			return sent.Moment
		}
	}
	t.Fatalf("the trace does not show that it printed %q", text)
	return 0
}

func TestAStartMayEndAnywhere(t *testing.T) {
	again, _ := served(t)
	for name, data := range map[string]string{"the first": emptyFolder(t), "another": again} {
		t.Run(name, func(t *testing.T) {
			before := filesIn(t, data)
			var want string
			if len(before) > 0 {
				harness.Query(t, filepath.Join(data, "parley.db"), `SELECT epoch FROM server`, &want)
			}
			trace := watch(t, theProgram(t), data, before, nil, func(p *harness.Program) {
				p.WaitUntilRunning(t)
				signal(t, p, syscall.SIGTERM)
			}, "--listen=127.0.0.1:0", "--data="+data)
			images, seen := 0, views{}
			everyMoment(trace, before, func(moment int, image map[string][]byte) {
				images++
				if seen := seen.of(t, image); seen.err != nil || want != "" && seen.epoch != want {
					t.Errorf("moment %d: %v, epoch %q, want %q", moment, seen.err, seen.epoch, want)
				}
			})
			t.Logf("%d images, %d of them different", images, len(seen))
			if images < 100 {
				t.Errorf("only %d images", images)
			}
		})
	}
}

func TestARestoreIsWholeOrNotAtAll(t *testing.T) {
	data, ann := served(t)
	file := filepath.Join(t.TempDir(), "kept")
	harness.Run(t, "backup", "--data", data, file)
	seen := views{}
	kept := seen.textsIn(t, filesIn(t, data), "parley.db")
	p := harness.StartIn(t, data)
	ann.On(p).Says(t, 1, "only in the log, since the server is killed")
	p.Kill()
	before := filesIn(t, data)
	old := seen.textsIn(t, before, "parley.db")

	trace := watch(t, theProgram(t), data, before, nil, func(*harness.Program) {}, "restore", "--data", data, file)
	done := printed(t, trace, "Restored")
	found := map[string]int{}
	everyMoment(trace, before, func(moment int, image map[string][]byte) {
		switch got := seen.textsIn(t, image, "parley.db"); {
		case slices.Equal(got, old) && moment < done:
			found["old"]++
		case slices.Equal(got, kept):
			found["new"]++
			aside := ""
			for name := range image {
				if strings.Contains(name, ".before-restore-") {
					aside = name
				}
			}
			if got := seen.textsIn(t, image, aside); !slices.Equal(got, old) {
				t.Errorf("moment %d: kept as %q is %q", moment, aside, got)
			}
		default:
			t.Errorf("moment %d of %d: there is %q", moment, done, got)
		}
	})
	if found["old"] < 20 || found["new"] < 3 {
		t.Errorf("there was %v", found)
	}
}

func TestABackupIsWholeOrNotAtAll(t *testing.T) {
	data, _ := served(t)
	seen := views{}
	kept := seen.textsIn(t, filesIn(t, data), "parley.db")
	shelf := emptyFolder(t)
	trace := watch(t, theProgram(t), shelf, nil, nil, func(*harness.Program) {}, "backup", "--data", data, filepath.Join(shelf, "kept"))
	done := printed(t, trace, "Backed up")
	there := 0
	everyMoment(trace, nil, func(moment int, image map[string][]byte) {
		if image["kept"] == nil && moment < done {
			return
		}
		there++
		if got := seen.textsIn(t, image, "kept"); !slices.Equal(got, kept) {
			t.Errorf("moment %d of %d: there is %q", moment, done, got)
		}
	})
	if there < 3 {
		t.Errorf("the backup was there at %d moments", there)
	}
}
