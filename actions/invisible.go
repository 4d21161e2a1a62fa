// Invisible: the characters that show nothing, or turn the direction of what stands around them.

package actions

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"parley/internal/unseen"
)

const (
	nonJoiner = '\u200c'
	joiner    = '\u200d'
	blackFlag = '\U0001f3f4' // begins the flags of regions, whose letters are tags
)

// joining lists the scripts in which a joiner or non-joiner between two letters changes how they are written.
var joining = []*unicode.RangeTable{
	unicode.Arabic, unicode.Syriac, unicode.Devanagari, unicode.Bengali, unicode.Gurmukhi, unicode.Gujarati,
	unicode.Oriya, unicode.Tamil, unicode.Telugu, unicode.Kannada, unicode.Malayalam, unicode.Sinhala,
	unicode.Khmer, unicode.Myanmar,
}

// visible returns a text without the characters that show nothing and those that turn its direction. Otherwise
// somebody could look like somebody else by them, or turn around the line that their name stands in. It keeps
// what an emoji is made of, and joiners between letters of scripts that are written with them. And it takes out marks
// above and below a letter that already has maxMarks, since heaps of them cover the lines around.
func visible(text string) string {
	var kept strings.Builder
	var before rune // the last character kept
	marks := 0
	for len(text) > 0 {
		r, size := utf8.DecodeRuneInString(text)
		text = text[size:]
		after, _ := utf8.DecodeRuneInString(text)
		if marks = marksUpTo(marks, r); marks > maxMarks {
			continue
		}
		if !unseen.Is(r) || inEmoji(before, r, after) || joins(before, r, after) {
			kept.WriteRune(r)
			before = r
		}
	}
	return kept.String()
}

// inEmoji tells whether a hidden character belongs to the emoji around it.
func inEmoji(before, r, after rune) bool {
	switch {
	case r == '\ufe0e' || r == '\ufe0f': // text or picture form
		return picture(before) || after == '\u20e3' && strings.ContainsRune(keycaps, before)
	case r == joiner:
		return (picture(before) || before == '\ufe0f' || tag(before)) && picture(after)
	}
	return tag(r) && (before == blackFlag || tag(before))
}

// maxMarks is how many marks without a width may stand on a letter, as UTS 39 (section 5.4) says.
const maxMarks = 4

// marksUpTo counts the marks without a width that stand on one letter: those up to the character before r, and r.
func marksUpTo(before int, r rune) int {
	if unicode.In(r, unicode.Mn, unicode.Me) && !unseen.Ignorable(r) {
		return before + 1
	}
	return 0
}

func joins(before, r, after rune) bool {
	return (r == joiner || r == nonJoiner) && unicode.In(before, joining...) && unicode.In(after, joining...)
}

// tag tells whether a character is one of those that name the region of a flag.
func tag(r rune) bool {
	return r >= 0xe0020 && r <= 0xe007f
}
