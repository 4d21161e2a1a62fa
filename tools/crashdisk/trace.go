// Package crashdisk makes the folders that a process may leave behind when the power fails. It replays the
// system calls of the process, as strace recorded them. What was synced is in the folder; of the rest, the
// folder has what the disk happened to keep.
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

// Flags are the flags that strace needs, so that Read understands its output.
func Flags() []string {
	return []string{"-f", "-qq", "-y", "-xx", "-s", "4000000", "-e", "signal=none", "-e", "trace=" +
		"open,openat,creat,write,writev,sendto,sendmsg,pwrite64,pwritev,pwritev2,fsync,fdatasync,sync_file_range," +
		"truncate,ftruncate,fallocate,unlink,unlinkat,rename,renameat,renameat2,link,linkat,copy_file_range"}
}

// Trace is what a process did. A moment of a trace is a line of strace's output, counted from 1.
type Trace struct {
	ops   []op
	sent  []Sent
	lines int
}

// Sent is data that left the process through a socket or a pipe.
type Sent struct {
	Moment int // from which on it may have arrived
	Data   []byte
}

// Moments is the number of moments.
func (t *Trace) Moments() int { return t.lines }

// Sent lists the data that left the process, in its order.
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

// state is what is known of a change that is not yet in the content.
type state int

const (
	open     state = iota // a sync will make it certain
	doubtful              // a sync of it failed: the system has forgotten it, so no other sync will write it
	certain               // it is on disk, but a change before it is not
)

// op is one call that succeeded, or a sync that failed. Its effect may be on disk from begin on; if the call
// is a sync, from end on it certainly is.
type op struct {
	kind       kind
	begin, end int
	state      state
	inode      int
	offset     int64 // of a write; for truncate, the length that is left
	data       []byte
	name, to   string
}

// Read reads strace's output for a process that keeps its files in folder. before are the names in the folder
// at the start. Read fails when something was done to the folder that it cannot replay.
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

// parser knows which file each name in the folder stands for at the moment, since a name may be used again.
type parser struct {
	trace  *Trace
	folder string
	inodes map[string]int
	last   int
	begun  map[string]begun // by process
}

// begun is the first half of a call that strace wrote in two lines.
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
		return nil // the call did nothing
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

// call records the effect of one call. o has the times of the call.
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

// within returns the name of a path inside the folder; "" for any other path.
func (p *parser) within(path string) string {
	name, ok := strings.CutPrefix(path, p.folder+"/")
	if !ok {
		return ""
	}
	return name
}

// file records a change of a file's content.
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

// opened records that opening a file created or emptied it.
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

// named records a change of the names in the folder.
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

// paths lists the files that a call names. Each path is relative to the folder that the call names before it.
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

// argument is an argument of a call: one of these.
type argument struct {
	path   string // of the file that a descriptor stands for
	text   []byte
	number int64
	word   string
}

// text is everything that a call writes.
func text(args []argument) []byte {
	var all []byte
	for _, arg := range args {
		all = append(all, arg.text...)
	}
	return all
}

// arguments splits the text between a call's parentheses. Strings are in hexadecimal, so nothing in them
// looks like a separator.
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

// plain reads an argument that is not a string. One that is not a number counts as 0.
func plain(s string) (argument, error) {
	head, path, _ := strings.Cut(s, "<")
	number, _ := strconv.ParseInt(head, 0, 64) // it may also be a word
	path, rest, _ := strings.Cut(path, ">")
	decoded, err := unhex([]byte(path))
	if rest != "" { // strace says that the file has no name any more
		decoded = nil
	}
	return argument{path: string(decoded), number: number, word: s}, err
}

// unhex decodes the notation of strace, such as \x2f\x61.
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
