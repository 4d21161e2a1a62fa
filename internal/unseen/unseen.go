// Package unseen knows the characters that show nothing.
package unseen

import (
	"strings"
	"unicode"
)

const (
	brailleBlank = '\u2800'     // the Braille pattern without a dot
	nullNotehead = '\U0001d159' // the musical symbol without ink
)

// Is tells whether a character shows nothing by itself, or only turns the direction of what stands around it. Spaces
// are not among these. Signs that enclose the digits after them, as in Arabic, are of the same category and do show
// something.
func Is(r rune) bool {
	return r == brailleBlank || r == nullNotehead || Ignorable(r) ||
		unicode.Is(unicode.Cf, r) && !unicode.Is(unicode.Prepended_Concatenation_Mark, r)
}

// Ignorable tells whether a letter or mark shows nothing: fillers, and what picks a form of the character before.
func Ignorable(r rune) bool {
	return unicode.In(r, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector)
}

// Blank tells whether nothing of a text shows: it has only spaces, controls and what Is says.
func Blank(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool {
		return !unicode.IsSpace(r) && !unicode.IsControl(r) && !Is(r)
	})
}
