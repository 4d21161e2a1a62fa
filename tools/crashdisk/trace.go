// Package crashdisk makes the folders that a process may leave behind when the power fails: from the calls
// that it made, as strace recorded them. What was synced is there; of the rest, whatever the disk happened to
// keep.
package crashdisk

import (
	"bufio"
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// Flags are what strace must be called with, so that Read understands what it writes.
func Flags() []string {
	return []string{"-f", "-qq", "-y", "-xx", "-s", "4000000", "-e", "signal=none", "-e", "trace=" +
		"open,openat,creat,write,writev,sendto,sendmsg,pwrite64,pwritev,pwritev2,fsync,fdatasync,sync_file_range," +
		"truncate,ftruncate,fallocate,unlink,unlinkat,rename,renameat,renameat2,link,linkat,copy_file_range"}
}

// Trace is what a process did. A moment of it is a line of strace's, counted from 1.
type Trace struct {
	ops   []op
	sent  []Sent
	lines int
}

// Sent is what left the process through a socket or a pipe.
type Sent struct {
	Moment int // from which it may have arrived
	Data   []byte
}

// Moments is how many there are.
func (t *Trace) Moments() int { return t.lines }

// Sent lists what left the process, in order.
func (t *Trace) Sent() []Sent { return t.sent }

type kind int

const (
	write kind = iota
	truncate
	sync
	failedSync
	create
	remove
	rename
	link
	syncFolder
)

// state is what is known of a change that is not in the content yet.
type state int

const (
	open     state = iota // a sync will make it certain
	doubtful              // a sync of it failed: the system forgot it, so no other will
	certain               // but something before it is not
)

// op is one call that succeeded, or a sync that did not. What it does may be there from begin on, and is from
// end on.
type op struct {
	kind       kind
	begin, end int
	state      state
	inode      int
	offset     int64 // of a write; the length that truncate leaves
	data       []byte
	name, to   string
}

// Read reads what strace wrote of a process that keeps its files in folder, which had these names in it
// before. It fails when something was done to the folder that it does not know how to replay.
func Read(r io.Reader, folder string, before []string) (*Trace, error) {
	p := parser{
		trace: &Trace{}, folder: filepath.Clean(folder), inodes: map[string]int{}, begun: map[string]begun{},
	}
	for _, name := range slices.Sorted(slices.Values(before)) {
		p.inodes[name] = p.newInode()
	}
	lines := bufio.NewReaderSize(r, 1<<20)
	for {
		line, err := lines.ReadBytes('\n')
		if len(line) > 0 {
			p.trace.lines++
			if err := p.line(bytes.TrimSpace(line)); err != nil {
				return nil, fmt.Errorf("line %d: %w", p.trace.lines, err)
			}
		}
		if errors.Is(err, io.EOF) {
			return p.trace, nil
		}
		if err != nil {
			return nil, err
		}
	}
}

// parser knows which file each name in the folder is at the moment, since a name may be given again.
type parser struct {
	trace  *Trace
	folder string
	inodes map[string]int
	last   int
	begun  map[string]begun // by process
}

// begun is the first half of a call that other lines came between.
type begun struct {
	text   []byte
	moment int
}

func (p *parser) newInode() int {
	p.last++
	return p.last
}

func (p *parser) line(line []byte) error {
	process, text, _ := bytes.Cut(line, []byte(" "))
	text = bytes.TrimSpace(text)
	begin := p.trace.lines
	if first, ok := bytes.CutSuffix(text, []byte("<unfinished ...>")); ok {
		p.begun[string(process)] = begun{slices.Clone(first), begin}
		return nil
	}
	if bytes.HasPrefix(text, []byte("<... ")) {
		_, rest, _ := bytes.Cut(text, []byte("resumed>"))
		half := p.begun[string(process)]
		text, begin = append(half.text, rest...), half.moment
	}
	name, rest, ok := bytes.Cut(text, []byte("("))
	end := bytes.LastIndex(rest, []byte(" = "))
	if !ok || end < 0 {
		return nil // the end of a process, or of a call that began before the trace
	}
	result := rest[end+len(" = "):]
	failed := bytes.HasPrefix(result, []byte("-"))
	syncs := string(name) == "fsync" || string(name) == "fdatasync"
	pretended := !failed && bytes.Contains(result, []byte("(INJECTED)"))
	if failed && !syncs || pretended || bytes.HasPrefix(result, []byte("?")) {
		return nil // nothing was done
	}
	args, err := arguments(bytes.TrimSuffix(bytes.TrimSpace(rest[:end]), []byte(")")))
	if err != nil {
		return err
	}
	if failed {
		return p.file(args[0].path, failedSync, op{begin: begin, end: p.trace.lines})
	}
	count, _, _ := bytes.Cut(result, []byte("<"))
	n, err := strconv.ParseInt(string(bytes.TrimSpace(count)), 10, 64)
	if err != nil {
		return fmt.Errorf("result %q: %w", result, err)
	}
	return p.call(string(name), args, n, op{begin: begin, end: p.trace.lines})
}

// call notes what one call did. o has its times.
func (p *parser) call(name string, args []argument, result int64, o op) error {
	target := args[0].path
	switch name {
	case "write", "writev", "sendto", "sendmsg":
		if strings.HasPrefix(target, "socket:") || strings.HasPrefix(target, "pipe:") {
			p.trace.sent = append(p.trace.sent, Sent{o.begin, text(args)})
			return nil
		}
	case "open", "openat", "creat":
		return p.opened(args, o)
	case "fsync", "fdatasync":
		if target == p.folder {
			o.kind = syncFolder
			p.trace.ops = append(p.trace.ops, o)
			return nil
		}
		return p.file(target, sync, o)
	case "pwrite64":
		o.offset, o.data = args[3].number, args[1].text[:result]
		return p.file(target, write, o)
	case "ftruncate":
		o.offset = args[1].number
		return p.file(target, truncate, o)
	case "unlink", "unlinkat":
		return p.named(remove, args, o)
	case "rename", "renameat", "renameat2":
		return p.named(rename, args, o)
	case "link", "linkat":
		return p.named(link, args, o)
	}
	if p.within(target) != "" {
		return fmt.Errorf("%s in the folder: not known how to replay it", name)
	}
	return nil
}

// within gives the name of a path in the folder; "" for any other.
func (p *parser) within(path string) string {
	name, ok := strings.CutPrefix(path, p.folder+"/")
	if !ok {
		return ""
	}
	return name
}

// file notes what was done to the content of a file.
func (p *parser) file(path string, kind kind, o op) error {
	name := p.within(path)
	if name == "" {
		return nil
	}
	inode, ok := p.inodes[name]
	if !ok {
		return fmt.Errorf("%s was never made", name)
	}
	o.kind, o.inode = kind, inode
	p.trace.ops = append(p.trace.ops, o)
	return nil
}

// opened notes that a file was made or emptied by being opened.
func (p *parser) opened(args []argument, o op) error {
	name := p.within(paths(args)[0])
	if name == "" {
		return nil
	}
	flag := func(name string) bool {
		return slices.ContainsFunc(args, func(arg argument) bool {
			return slices.Contains(strings.Split(arg.word, "|"), name)
		})
	}
	if _, known := p.inodes[name]; !known && flag("O_CREAT") {
		p.inodes[name] = p.newInode()
		o.kind, o.name, o.inode = create, name, p.inodes[name]
		p.trace.ops = append(p.trace.ops, o)
	} else if flag("O_TRUNC") {
		return p.file(filepath.Join(p.folder, name), truncate, o)
	}
	return nil
}

// named notes what was done to the names in the folder.
func (p *parser) named(kind kind, args []argument, o op) error {
	var names []string
	outside := 0
	for _, path := range paths(args) {
		names = append(names, p.within(path))
		if names[len(names)-1] == "" {
			outside++
		}
	}
	if outside > 0 && outside < len(names) {
		return errors.New("a file crosses the border of the folder")
	}
	if outside > 0 {
		return nil
	}
	o.kind, o.name, o.to = kind, names[0], names[len(names)-1]
	p.trace.ops = append(p.trace.ops, o)
	rearrange(p.inodes, o)
	return nil
}

// paths lists the files that a call names; each is relative to the folder before it.
func paths(args []argument) []string {
	var all []string
	folder := ""
	for _, arg := range args {
		switch {
		case arg.text == nil:
			folder = arg.path
		case filepath.IsAbs(string(arg.text)):
			all = append(all, filepath.Clean(string(arg.text)))
		default:
			all = append(all, filepath.Join(folder, string(arg.text)))
		}
	}
	return all
}

// argument is one argument of a call, as far as it is one of these.
type argument struct {
	path   string // that a descriptor stands for
	text   []byte
	number int64
	word   string
}

// text is all that a call writes.
func text(args []argument) []byte {
	var all []byte
	for _, arg := range args {
		all = append(all, arg.text...)
	}
	return all
}

// arguments splits what stands between the parentheses. All text is in hexadecimal, so nothing in it is
// mistaken for what stands around it.
func arguments(s []byte) ([]argument, error) {
	var args []argument
	for len(s) > 0 {
		end := bytes.IndexAny(s, `,"`)
		switch {
		case end >= 0 && s[end] == '"':
			length := bytes.IndexByte(s[end+1:], '"')
			if length < 0 {
				return nil, errors.New("a text without an end")
			}
			decoded, err := unhex(s[end+1 : end+1+length])
			if err != nil {
				return nil, err
			}
			args = append(args, argument{text: decoded})
			if s = s[end+length+2:]; bytes.HasPrefix(s, []byte("...")) {
				return nil, errors.New("a text was cut")
			}
			next := bytes.IndexByte(s, ',')
			if next < 0 {
				return args, nil
			}
			s = s[next+1:]
		case end < 0:
			end = len(s)
			fallthrough
		default:
			arg, err := plain(string(bytes.TrimSpace(s[:end])))
			if err != nil {
				return nil, err
			}
			args = append(args, arg)
			s = s[min(end+1, len(s)):]
		}
	}
	if len(args) == 0 {
		args = append(args, argument{})
	}
	return args, nil
}

// plain reads an argument that is no text. What is no number counts as 0.
func plain(s string) (argument, error) {
	head, path, _ := strings.Cut(s, "<")
	number, _ := strconv.ParseInt(head, 0, 64) // or words
	path, rest, _ := strings.Cut(path, ">")
	decoded, err := unhex([]byte(path))
	if rest != "" { // it says that the file has no name any more
		decoded = nil
	}
	return argument{path: string(decoded), number: number, word: s}, err
}

// unhex decodes what strace writes as \x2f\x61.
func unhex(s []byte) ([]byte, error) {
	digits := make([]byte, 0, len(s)/2)
	for ; len(s) >= 4 && s[0] == '\\' && s[1] == 'x'; s = s[4:] {
		digits = append(digits, s[2], s[3])
	}
	if len(s) > 0 {
		return nil, fmt.Errorf("%q is not hexadecimal", s)
	}
	_, err := hex.Decode(digits, digits)
	return digits[:len(digits)/2], err
}
