// Marks: emphasis and strikethrough, also next to the punctuation of Chinese, Japanese and Korean.

package markdown

import (
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
	"golang.org/x/text/width"
)

// marks parses '*' and '_', or '~~'. CommonMark lets a mark end an emphasis after punctuation only before a space
// or other punctuation. Texts in Chinese and Japanese have no spaces, so there **重要：**请看 would stay as it is
// written. Here the punctuation of these scripts counts as their letters do, and beside a letter of them any
// punctuation may stand. This is the amendment "CommonMark CJK-friendly":
// https://github.com/tats-u/markdown-cjk-friendly/blob/main/specification.md
type marks struct {
	of   string
	made func(length int) ast.Node
	fits func(length int) bool // whether a run of so many marks is one
}

var (
	emphasis = marks{
		of:   "*_",
		made: func(length int) ast.Node { return ast.NewEmphasis(length) },
		fits: func(int) bool { return true },
	}
	// One tilde alone strikes nothing: people write ranges with it, as 3~5.
	strikethrough = marks{
		of:   "~",
		made: func(int) ast.Node { return east.NewStrikethrough() },
		fits: func(length int) bool { return length == 2 },
	}
)

func (m marks) Trigger() []byte { return []byte(m.of) }

// IsDelimiter, CanOpenCloser and OnMatch are what the engine asks when it pairs the marks.
func (m marks) IsDelimiter(b byte) bool { return b == m.of[0] || b == m.of[len(m.of)-1] }

func (m marks) CanOpenCloser(opener, closer *parser.Delimiter) bool {
	return opener.Char == closer.Char
}

func (m marks) OnMatch(length int) ast.Node { return m.made(length) }

// Parse reads a run of one mark, and tells the engine whether it may open and close.
func (m marks) Parse(_ ast.Node, block text.Reader, pc parser.Context) ast.Node {
	line, segment := block.PeekLine()
	c, length := line[0], 1
	for length < len(line) && line[length] == c {
		length++
	}
	before := block.PrecendingCharacter()
	if !m.fits(length) || before == '~' && c == '~' { // the second may be the rest of a longer run
		return nil
	}
	after := ' '
	if length < len(line) {
		after, _ = utf8.DecodeRune(line[length:])
	}
	start := segment.Start
	canOpen, canClose := flanking(c, sideOf(shownBefore(block.Source()[:start], before)), sideOf(after))
	d := parser.NewDelimiter(canOpen, canClose, length, c, m)
	d.Segment = segment.WithStop(start + length)
	block.Advance(length)
	pc.PushDelimiter(d)
	return d
}

// side is what the rule asks of a character beside a mark.
type side struct {
	space, punctuation, cjk bool
}

func sideOf(r rune) side {
	return side{space: util.IsSpaceRune(r), punctuation: util.IsPunctRune(r), cjk: isCJK(r)}
}

// flanking tells whether a run of the mark c may open and close an emphasis between two characters.
func flanking(c byte, before, after side) (canOpen, canClose bool) {
	foreign := func(s side) bool { return s.punctuation && !s.cjk }
	left := !after.space && (!foreign(after) || before.space || foreign(before) || before.cjk)
	right := !before.space && (!foreign(before) || after.space || foreign(after) || after.cjk)
	if c == '_' { // not inside words, such as a_b_c
		return left && (!right || before.punctuation), right && (!left || after.punctuation)
	}
	return left, right
}

// shownBefore returns the last character before a mark, or what a variation selector at its place changes. The
// engine found last there, which may be no part of source.
func shownBefore(source []byte, last rune) rune {
	if !unicode.Is(unicode.Variation_Selector, last) {
		return last
	}
	source = source[:len(source)-utf8.RuneLen(last)]
	before, _ := utf8.DecodeLastRune(source)
	return before
}

// isCJK tells whether a character belongs to Chinese, Japanese or Korean: it is wide, or has a narrow form for
// them, or is Hangul. Emoji are wide too, and belong to no script.
func isCJK(r rune) bool {
	if r < 0x1100 {
		return false
	}
	if unicode.Is(unicode.So, r) && (r < 0x2e80 || r >= 0x1f000) || unicode.Is(unicode.Sk, r) && r >= 0x1f000 {
		return false
	}
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth, width.EastAsianHalfwidth:
		return true
	}
	return unicode.Is(unicode.Hangul, r)
}
