// Package lookalike finds names that look the same although they are written in different scripts, such as coco in
// Latin and in Cyrillic letters: "whole-script confusables" of UTS 39. It does not compare letters of one script, such
// as I and l.
package lookalike

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// likeASCII lists what looks alike within ASCII, as letters of other scripts may look like either.
const likeASCII = "Il" + "1l" + "0o"

// likeLatin lists small letters that UTS 39 likens to small capitals (ʍ, ĸ, ᴛ). Their capitals look like Latin capitals,
// and in the fonts of screens they look enough like the small letters.
const likeLatin = "мm" + "кk" + "тt" + "κk" + "τt"

// looks has the letter that each letter looks like.
var looks = func() map[rune]rune {
	table := map[rune]rune{}
	chars := []rune(likeASCII + pairs + likeLatin)
	for i := 0; i < len(chars); i += 2 {
		table[chars[i]] = chars[i+1]
	}
	return table
}()

// Skeleton returns the form in which names that look alike are the same. It is never empty for a name that is not. A
// skeleton is only to be compared with others.
func Skeleton(name string) string {
	shapes := strings.Map(func(r rune) rune {
		if like, has := looks[r]; has {
			r = like
		}
		if like, has := looks[r]; has { // O, which a digit looks like
			r = like
		}
		return r
	}, norm.NFD.String(name))
	return norm.NFC.String(cases.Fold().String(shapes))
}

// Alike tells whether two names look the same and are written in different scripts.
func Alike(a, b string) bool {
	return Skeleton(a) == Skeleton(b) && !slices.Equal(Scripts(a), Scripts(b))
}

// Scripts lists the scripts of the letters of a name, in order. Of names with one skeleton, those with different
// scripts are alike.
func Scripts(name string) (list []string) {
	for _, r := range name {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) || unicode.In(r, unicode.Common, unicode.Inherited) && r <= unicode.MaxASCII {
			continue
		}
		if slices.ContainsFunc(list, func(script string) bool { return unicode.Is(unicode.Scripts[script], r) }) {
			continue // there are many scripts to look through
		}
		for script, table := range unicode.Scripts {
			if unicode.Is(table, r) {
				list = append(list, script)
			}
		}
	}
	slices.Sort(list)
	return list
}
