package crashdisk

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// hexed writes a text as strace does.
func hexed(s string) string {
	var b strings.Builder
	for _, c := range []byte(s) {
		fmt.Fprintf(&b, `\x%02x`, c)
	}
	return b.String()
}

// traced fills in a line of strace's: 'text' is a text, <path> the path of a descriptor.
func traced(line string) string {
	for _, quotes := range []string{"''", "<>"} {
		var out strings.Builder
		for line != "" {
			before, rest, found := strings.Cut(line, quotes[:1])
			out.WriteString(before)
			if !found || strings.HasPrefix(rest, "...") || strings.HasPrefix(rest, "unfinished") {
				if found {
					out.WriteString(quotes[:1] + rest)
				}
				break
			}
			inner, after, _ := strings.Cut(rest, quotes[1:])
			if quotes == "''" {
				out.WriteString(`"` + hexed(inner) + `"`)
			} else {
				out.WriteString("<" + hexed(inner) + ">")
			}
			line = after
		}
		line = out.String()
	}
	return line
}

func read(t *testing.T, before map[string][]byte, lines ...string) *Trace {
	t.Helper()
	var all strings.Builder
	for _, line := range lines {
		if !strings.HasPrefix(line, "2 ") { // another process's
			line = "1 " + line
		}
		all.WriteString(traced(line) + "\n")
	}
	trace, err := Read(strings.NewReader(all.String()), "/d", slices.Collect(maps.Keys(before)))
	if err != nil {
		t.Fatal(err)
	}
	return trace
}

// images gives all different ones that can be found after the last line, as "name=content".
func images(t *testing.T, before map[string][]byte, lines ...string) []string {
	t.Helper()
	trace := read(t, before, lines...)
	disk := trace.Disk(before)
	disk.Advance(trace.Moments())
	found := map[string]bool{}
	for seed := range uint64(300) {
		var files []string
		image := disk.Image(rand.New(rand.NewPCG(seed, 0)))
		for _, name := range slices.Sorted(maps.Keys(image)) {
			files = append(files, name+"="+strings.TrimRight(string(image[name]), "."))
		}
		found[strings.Join(files, " ")] = true
	}
	return slices.Sorted(maps.Keys(found))
}

func TestOnlyWhatWasSyncedIsCertain(t *testing.T) {
	old := map[string][]byte{"a": []byte("old"), "b": []byte("B")}
	for _, c := range []struct {
		name  string
		lines []string
		want  []string
	}{
		{"nothing", nil, []string{"a=old b=B"}},
		{
			"written",
			[]string{`pwrite64(5</d/a>, 'new', 3, 0) = 3`},
			[]string{"a=new b=B", "a=old b=B"},
		},
		{
			"written and synced",
			[]string{`pwrite64(5</d/a>, 'new', 3, 0) = 3`, `fsync(5</d/a>)         = 0`},
			[]string{"a=new b=B"},
		},
		{
			"synced by its data",
			[]string{`pwrite64(5</d/a>, 'new', 3, 0) = 3`, `fdatasync(5</d/a>) = 0`},
			[]string{"a=new b=B"},
		},
		{
			"another file synced",
			[]string{`pwrite64(5</d/a>, 'new', 3, 0) = 3`, `fsync(6</d/b>) = 0`},
			[]string{"a=new b=B", "a=old b=B"},
		},
		{
			"written after the sync",
			[]string{`fsync(5</d/a>) = 0`, `pwrite64(5</d/a>, 'new', 3, 0) = 3`},
			[]string{"a=new b=B", "a=old b=B"},
		},
		{
			"written while it is synced",
			[]string{
				`fsync(5</d/a> <unfinished ...>`, `2 pwrite64(5</d/a>, 'new', 3, 0) = 3`, `<... fsync resumed>) = 0`,
			},
			[]string{"a=new b=B", "a=old b=B"},
		},
		{
			"a sync that is not over",
			[]string{`pwrite64(5</d/a>, 'new', 3, 0) = 3`, `fsync(5</d/a> <unfinished ...>`},
			[]string{"a=new b=B", "a=old b=B"},
		},
		{
			"a sync that failed",
			[]string{`pwrite64(5</d/a>, 'new', 3, 0) = 3`, `fsync(5</d/a>) = -1 EIO (Input/output error)`},
			[]string{"a=new b=B", "a=old b=B"},
		},
		{
			"a sync after one that failed",
			[]string{
				`pwrite64(5</d/a>, 'new', 3, 0) = 3`, `fsync(5</d/a>) = -1 EIO (Input/output error) (INJECTED)`,
				`pwrite64(5</d/a>, 'X', 1, 2) = 1`, `fsync(5</d/a>) = 0`,
			},
			[]string{"a=neX b=B", "a=olX b=B"},
		},
		{
			"written again after a sync that failed",
			[]string{
				`pwrite64(5</d/a>, 'never', 5, 0) = 5`, `ftruncate(5</d/a>, 2) = 0`, `fdatasync(5</d/a>) = -1 EIO (…)`,
				`ftruncate(5</d/a>, 0) = 0`, `pwrite64(5</d/a>, 'new', 3, 0) = 3`, `fsync(5</d/a>) = 0`,
			},
			[]string{"a=new b=B"},
		},
		{
			"a sync that was not done",
			[]string{`pwrite64(5</d/a>, 'new', 3, 0) = 3`, `fsync(5</d/a>) = 0 (INJECTED)`},
			[]string{"a=new b=B", "a=old b=B"},
		},
		{
			"half written",
			[]string{`pwrite64(5</d/a>, 'new', 3, 0) = 1`, `fsync(5</d/a>) = 0`},
			[]string{"a=nld b=B"},
		},
		{
			"grown",
			[]string{`pwrite64(5</d/a>, 'er', 2, 3) = 2`},
			[]string{"a=old\x00\x00 b=B", "a=old b=B", "a=older b=B"},
		},
		{
			"cut off",
			[]string{`ftruncate(5</d/a>, 1) = 0`},
			[]string{"a=o b=B", "a=old b=B"},
		},
		{
			"emptied",
			[]string{`openat(AT_FDCWD</d>, 'a', O_RDWR|O_TRUNC) = 5</d/a>`, `fsync(5</d/a>) = 0`},
			[]string{"a= b=B"},
		},
		{
			"removed",
			[]string{`unlink('/d/a') = 0`},
			[]string{"a=old b=B", "b=B"},
		},
		{
			"removed, and the folder synced",
			[]string{`unlinkat(AT_FDCWD</>, 'd/a', 0) = 0`, `fsync(9</d>) = 0`},
			[]string{"b=B"},
		},
		{
			"removed, and synced by another handle",
			[]string{`unlink('/d/a') = 0`, `pwrite64(5</d/a>(deleted), 'new', 3, 0) = 3`, `fsync(9</d>) = 0`},
			[]string{"b=B"},
		},
		{
			"removed and made again",
			[]string{
				`unlink('/d/a') = 0`, `open('/d/a', O_RDWR|O_CREAT, 0600) = 7</d/a>`,
				`pwrite64(7</d/a>, 'new', 3, 0) = 3`, `fsync(7</d/a>) = 0`,
			},
			[]string{"a=new b=B", "a=old b=B", "b=B"},
		},
		{
			"replaced",
			[]string{`rename('/d/b', '/d/a') = 0`},
			[]string{"a=B", "a=old b=B"},
		},
		{
			"kept by a second name and replaced",
			[]string{
				`linkat(AT_FDCWD</d>, 'a', AT_FDCWD</d>, 'c', 0) = 0`, `fsync(9</d>) = 0`,
				`renameat2(AT_FDCWD</d>, 'b', AT_FDCWD</d>, 'a', 0) = 0`,
			},
			[]string{"a=B c=old", "a=old b=B c=old"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := images(t, old, c.lines...); !slices.Equal(got, c.want) {
				t.Errorf("got  %q\nwant %q", got, c.want)
			}
		})
	}
}

// A disk keeps sectors, not writes: each is as it was at some time since the last sync.
func TestSectorsAreKeptOneByOne(t *testing.T) {
	page := func(c string) string { return strings.Repeat(c, 8*sector) }
	before := map[string][]byte{"a": []byte(page("0") + page("0"))}
	var mixed, torn, older int
	for _, image := range images(t, before,
		`pwrite64(5</d/a>, '`+page("1")+page("1")+`', 8192, 0) = 8192`,
		`pwrite64(5</d/a>, '`+page("2")+`', 4096, 0) = 4096`,
	) {
		content := strings.TrimPrefix(image, "a=")
		for at := 0; at < len(content); at += sector {
			if strings.Count(content[at:at+sector], content[at:at+1]) != sector {
				t.Fatalf("the sector at %d is %q", at, content[at:at+sector])
			}
		}
		first, second := content[:8*sector], content[8*sector:]
		if first == page("2") && second == page("0") {
			mixed++
		}
		if first != page(first[:1]) {
			torn++
		}
		if first == page("1") {
			older++
		}
	}
	if mixed == 0 || torn == 0 || older == 0 {
		t.Errorf("%d keep the later write without the earlier, %d part of a page, %d not the later", mixed, torn, older)
	}
}

func TestTimeGoesOnLineByLine(t *testing.T) {
	trace := read(t, nil,
		`openat(AT_FDCWD</x>, '/d/a', O_WRONLY|O_CREAT, 0600) = 5</d/a>`,
		`fsync(9</d>) = 0`,
		`pwrite64(5</d/a>, 'said', 4, 0) = 4`,
		`write(7<socket:[12]>, 'too early', 9) = 9`,
		`fsync(5</d/a>) = 0`,
		`writev(7<socket:[12]>, [{iov_base='just ', iov_len=5}, {iov_base='right', iov_len=5}], 2) = 10`,
		`write(2</dev/null>, 'not to anyone', 13) = 13`,
	)
	var sent []string
	for _, s := range trace.Sent() {
		sent = append(sent, fmt.Sprint(s.Moment, " ", string(s.Data)))
	}
	if want := []string{"4 too early", "6 just right"}; !slices.Equal(sent, want) {
		t.Errorf("sent %q, want %q", sent, want)
	}
	disk := trace.Disk(nil)
	lost := make([]int, trace.Moments()+1)
	for moment := range lost {
		disk.Advance(moment)
		for seed := range uint64(50) {
			if string(disk.Image(rand.New(rand.NewPCG(seed, 1)))["a"]) != "said" {
				lost[moment]++
			}
		}
	}
	if lost[2] != 50 || lost[4] == 0 || lost[4] == 50 || lost[5] != 0 || lost[7] != 0 {
		t.Errorf("lost of 50, line by line: %v", lost)
	}
}

func TestWhatCannotBeReplayedIsAnError(t *testing.T) {
	for line, want := range map[string]string{
		`write(5</d/a>, 'x', 1) = 1`:                                    "not known how",
		`fallocate(5</d/a>, 0, 0, 4096) = 0`:                            "not known how",
		`pwrite64(5</d/never>, 'x', 1, 0) = 1`:                          "never was never made",
		`rename('/d/a', '/elsewhere') = 0`:                              "crosses the border",
		`pwrite64(5</d/a>, "\x41\x42"..., 9, 0) = 9`:                    "was cut",
		`pwrite64(5</d/a>, "plain", 5, 0) = 5`:                          "not hexadecimal",
		`pwrite64(5</d/a>, "\x41\x42, 9, 0) = 9`:                        "without an end",
		`sync_file_range(5</d/a>, 0, 0, SYNC_FILE_RANGE_WRITE) = 0`:     "not known how",
		`pwrite64(5</d/a>, 'x', 1, 0) = 1` + "\n1 " + `fsync(5) = what`: "result",
	} {
		_, err := Read(strings.NewReader("1 "+traced(line)+"\n"), "/d/", []string{"a"})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %q", line, err, want)
		}
	}
}
