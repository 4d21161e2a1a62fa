// Links: the addresses that people write without any marks around them.

package markdown

import (
	"bytes"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"parley/internal/idn"
)

// bareLinks makes links of https://…, www.… and a@b.example in a text, wherever a person means one: after a quote,
// a bracket or a colon, after letters of a script without spaces, and with any letters in it. The engine stops at
// punctuation only. So a link is noticed at its ':', '.' or '@', and what stands before that is taken back from the
// text that has been read.
type bareLinks struct{}

func (bareLinks) Trigger() []byte { return []byte{':', '.', '@'} }

const (
	maxLocal   = 64  // bytes before the '@' of a mail address
	maxContext = 256 // bytes before an address in which "//" is looked for
)

var (
	userInfo = regexp.MustCompile(`^[-\w.~%!$&*+=:]{1,256}@`)
	port     = regexp.MustCompile(`^:\d{1,5}\b`)
	entity   = regexp.MustCompile(`&[A-Za-z][A-Za-z0-9]{1,31};$`)
)

// Parse returns a link, or nil when at this character there is none.
func (bareLinks) Parse(parent ast.Node, block text.Reader, pc parser.Context) ast.Node {
	line, at := block.PeekLine()
	source := block.Source()[:at.Start+len(line)]
	words := wordsBefore(parent, at.Start)
	var start, stop int
	kind, protocol := ast.AutoLinkURL, []byte(nil)
	switch line[0] {
	case ':':
		start, stop = findURL(source, words, at.Start)
	case '.':
		start, stop = findWWW(source, words, at.Start)
		protocol = []byte("http")
	case '@':
		start, stop = findMail(source, words, at.Start)
		kind = ast.AutoLinkEmail
	}
	if stop <= at.Start {
		return nil
	}
	takeBack(parent, pc, start, at.Start)
	block.Advance(stop - at.Start)
	link := ast.NewAutoLink(kind, ast.NewTextSegment(text.NewSegment(start, stop)))
	link.Protocol = protocol
	return link
}

// wordsBefore returns where the words begin that end at stop, at the end of parent. Nothing else than words can become
// a part of a link. It looks no further back than a link can reach.
func wordsBefore(parent ast.Node, stop int) (start int) {
	start = stop
	for n := parent.LastChild(); n != nil && stop-start <= maxLocal; n = n.PreviousSibling() {
		switch n := n.(type) {
		case *ast.Text:
			if n.Segment.Stop != start || n.SoftLineBreak() || n.HardLineBreak() {
				return start
			}
			start = n.Segment.Start
		case *parser.Delimiter:
			if n.Char != '_' || n.Segment.Stop != start {
				return start
			}
			start = n.Segment.Start
		default:
			return start
		}
	}
	return start
}

// takeBack removes the words between start and stop from the end of parent.
func takeBack(parent ast.Node, pc parser.Context, start, stop int) {
	var delimiters []*parser.Delimiter
	for n := parent.LastChild(); stop > start; n = n.PreviousSibling() {
		switch n := n.(type) {
		case *ast.Text:
			stop = n.Segment.Start
		case *parser.Delimiter:
			stop = n.Segment.Start
			delimiters = append(delimiters, n)
		}
	}
	for _, d := range delimiters {
		pc.RemoveDelimiter(d) // leaves its text
	}
	for {
		last, ok := parent.LastChild().(*ast.Text)
		if !ok || last.Segment.Stop <= start {
			return
		}
		if last.Segment.Start < start {
			last.Segment = last.Segment.WithStop(start)
			return
		}
		parent.RemoveChild(parent, last)
	}
}

// findURL finds the URL whose scheme ends at colon, in the words that begin at words. source ends where the line does.
func findURL(source []byte, words, colon int) (start, stop int) {
	if !bytes.HasPrefix(source[colon:], []byte("://")) {
		return 0, 0
	}
	for _, scheme := range []string{"https", "http"} {
		start = colon - len(scheme)
		if start < words || !bytes.EqualFold(source[start:colon], []byte(scheme)) {
			continue
		}
		before, _ := utf8.DecodeLastRune(source[:start])
		if asciiWord(before) || before == '+' { // ahttps:, git+https:
			return 0, 0
		}
		from := colon + len("://")
		from += len(userInfo.Find(source[from:]))
		host := hostLength(source[from:])
		if host == 0 {
			return 0, 0
		}
		stop = from + host
		return start, stop + pathLength(source[stop:], before)
	}
	return 0, 0
}

// findWWW finds the address that begins with "www" before dot.
func findWWW(source []byte, words, dot int) (start, stop int) {
	start = dot - len("www")
	if start < words || !bytes.EqualFold(source[start:dot], []byte("www")) {
		return 0, 0
	}
	before, _ := utf8.DecodeLastRune(source[:start])
	if asciiWord(before) || strings.ContainsRune("./@+-", before) {
		return 0, 0
	}
	from := dot + 1
	host := hostLength(source[from:])
	last := bytes.LastIndexByte(source[from:from+host], '.')
	if last < 0 { // www.x is no host
		return 0, 0
	}
	if r, _ := utf8.DecodeRune(source[from+last+1:]); !unicode.IsLetter(r) {
		return 0, 0
	}
	stop = from + host
	return start, stop + pathLength(source[stop:], before)
}

// findMail finds the mail address around at.
func findMail(source []byte, words, at int) (start, stop int) {
	start = at
	for start > 0 && at-start <= maxLocal && inLocal(source[start-1]) {
		start--
	}
	for start < at && strings.IndexByte("_.-'", source[start]) >= 0 {
		start++
	}
	if start == at || start < words || at-start > maxLocal ||
		start > 0 && bytes.IndexByte([]byte("/@"), source[start-1]) >= 0 {
		return 0, 0
	}
	around := source[max(0, start-maxContext):start]
	around = around[bytes.LastIndexAny(around, " \t\n")+1:]
	if bytes.Contains(around, []byte("//")) { // ftp://a:b@c.example
		return 0, 0
	}
	length := util.FindEmailIndex(source[start:])
	if length <= at-start+1 {
		return 0, 0
	}
	stop = start + length
	if source[stop-1] == '.' {
		stop--
	}
	if bytes.IndexByte(source[at:stop], '.') < 0 {
		return 0, 0
	}
	if stop < len(source) && (source[stop] == '-' || source[stop] == '_') {
		return 0, 0
	}
	return start, stop
}

// inLocal tells whether a byte may stand before the '@' of a mail address that has no marks around it.
func inLocal(c byte) bool { return asciiWord(rune(c)) || strings.IndexByte("_.+-%'", c) >= 0 }

func asciiWord(r rune) bool {
	return r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
}

// hostLength returns how many bytes of a text are the name of a host, with its port. It accepts names without a dot
// and addresses, since servers at home have these. What is longer than any host is none, so that nobody has the same
// long text looked through at each of a thousand places.
func hostLength(source []byte) int {
	length, label := 0, 0 // label is where the last label begins
	for chars := 0; length < len(source); chars++ {
		if chars > idn.MaxName {
			return 0
		}
		r, size := utf8.DecodeRune(source[length:])
		if !asciiWord(r) && !strings.ContainsRune("-_.%", r) && !(r > unicode.MaxASCII && inName(r)) {
			break
		}
		if r == '.' {
			if length == label { // an empty label
				break
			}
			label = length + 1
		}
		length += size
	}
	length = label + labelLength(source[label:length])
	length = len(bytes.TrimRight(source[:length], "-_.%"))
	if length == 0 || !unicode.In(firstRune(source), unicode.L, unicode.N, unicode.So) {
		return 0
	}
	return length + len(port.Find(source[length:]))
}

// labelLength returns the length of the last label of a host, without the words that follow it in a script that has
// no spaces: of "example吧", the last letter is not part of the host. No top-level domain mixes Latin letters with
// others.
func labelLength(label []byte) int {
	latin := false
	for i, r := range string(label) {
		if latin && r > unicode.MaxASCII && !unicode.In(r, unicode.Latin, unicode.Inherited) {
			return i
		}
		latin = latin || asciiWord(r)
	}
	return len(label)
}

func firstRune(source []byte) rune {
	r, _ := utf8.DecodeRune(source)
	return r
}

// inName tells whether a character that is not ASCII may stand in a name: a letter, a mark, a digit or a picture.
func inName(r rune) bool {
	return r != utf8.RuneError && unicode.In(r, unicode.L, unicode.M, unicode.N, unicode.So) &&
		!unicode.In(r, unicode.Other_Default_Ignorable_Code_Point) && r != '\u2800'
}

const (
	endsPath   = "-/#%@&=+$"                                   // punctuation that may be the last of a path
	insidePath = endsPath + "_~.?!:;,'*|^\u200c\u200d–—’·״׳‧・" // and what may stand before that
	opens      = "([{"
	closes     = ")]}"
)

// pathLength returns how many bytes of a text, which follows a host, are its path, query and fragment. before is
// the character before the whole link: when it is a quote or a mark, the same character ends the link.
func pathLength(source []byte, before rune) int {
	if len(source) == 0 || bytes.IndexByte([]byte("/?#"), source[0]) < 0 {
		return 0
	}
	length, open := 0, []byte(nil) // which brackets are open
	for length < len(source) {
		r, size := utf8.DecodeRune(source[length:])
		rest := source[length+size:]
		switch at := strings.IndexRune(closes, r); {
		case at >= 0:
			if len(open) == 0 || open[len(open)-1] != opens[at] {
				return trimPath(source[:length])
			}
			open = open[:len(open)-1]
		case strings.ContainsRune(opens, r):
			open = append(open, byte(r))
		case !asciiWord(r) && !strings.ContainsRune(insidePath, r) && !(r > unicode.MaxASCII && inName(r)),
			ends(r, before, rest):
			return trimPath(source[:length])
		}
		length += size
	}
	return trimPath(source[:length])
}

// ends tells whether a character that may stand in a path ends one, with rest after it.
func ends(r, before rune, rest []byte) bool {
	next := firstRune(rest)
	switch r {
	case '\'', '|':
		return r == before
	case '*': // emphasis around the link
		return r == before || next == '*' || next > unicode.MaxASCII
	case '~':
		return next == '~'
	case '’': // an apostrophe, and otherwise the end of a quote
		return !unicode.Is(unicode.Latin, next)
	case '·', '‧', '・', '–', '—', '״', '׳':
		return len(rest) == 0 || !unicode.In(next, unicode.L, unicode.N)
	}
	return false
}

// trimPath returns the length of a path without the punctuation of the sentence at its end.
func trimPath(path []byte) int {
	for len(path) > 0 {
		r, size := utf8.DecodeLastRune(path)
		if r == ';' {
			if found := entity.Find(path[max(0, len(path)-40):]); found != nil {
				size = len(found)
			}
		}
		// A bracket at the end was opened in the path: otherwise the path had ended before it.
		if asciiWord(r) || strings.ContainsRune(endsPath+closes, r) || r > unicode.MaxASCII && inName(r) {
			break
		}
		path = path[:len(path)-size]
	}
	return len(path)
}
