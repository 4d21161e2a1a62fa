// Look-alikes: what a new login name may not be, so that nobody takes it for the name of somebody else.

package actions

import (
	"slices"
	"strings"
	"unicode"

	"parley/chat"
	"parley/store"
)

// The scripts of login names: those that Unicode recommends for identifiers (UAX 31, table 5). Others, such as
// Cherokee or Lisu, have whole alphabets of letters that look like Latin ones.
var nameScripts = []string{
	"Latin", "Han", "Hiragana", "Katakana", "Bopomofo", "Hangul", "Arabic", "Armenian", "Bengali", "Cyrillic",
	"Devanagari", "Ethiopic", "Georgian", "Greek", "Gujarati", "Gurmukhi", "Hebrew", "Kannada", "Khmer", "Lao",
	"Malayalam", "Myanmar", "Oriya", "Sinhala", "Tamil", "Telugu", "Thaana", "Thai", "Tibetan",
}

// mixedScripts lists the scripts that may stand together in one name: the "highly restrictive" level of UTS 39.
// Chinese, Japanese and Korean are each written with several scripts, and people put Latin letters beside them.
var mixedScripts = [][]string{
	{"Latin", "Han", "Hiragana", "Katakana"},
	{"Latin", "Han", "Bopomofo"},
	{"Latin", "Han", "Hangul"},
}

// checkNewName checks a login name that somebody chooses. Beyond what checkName asks, it refuses what could be
// taken for another name. Those who have such a name from an older version keep it and sign in with it.
func checkNewName(field, name string) (store.StoredName, error) {
	stored, err := checkName(field, name)
	if err == nil {
		err = checkLookalikes(field, stored.Shown)
	}
	if err != nil {
		return store.StoredName{}, err
	}
	return stored, nil
}

// checkLookalikes refuses names that could be taken for others: with scripts that do not go together, signs that
// only look like letters or punctuation, digits of two kinds, heaps of marks, and dots or dashes at the ends. It
// expects a name that checkName has accepted. It does not compare with other names: the store does, for names
// whose every letter looks like one of another script.
func checkLookalikes(field, name string) error {
	switch {
	case strings.Trim(name, ".-") != name:
		return chat.InvalidField(field, "a name cannot begin or end with . or -")
	case strings.Contains(name, ".."):
		return chat.InvalidField(field, "a name cannot have two dots side by side")
	}
	type letter struct {
		script string
		r      rune
	}
	var firsts []letter    // the first letter of each script
	var digit, before rune // the first digit, and the character before
	marks := 0
	for _, r := range name {
		marks = marksUpTo(marks, r)
		if marks > maxMarks || unicode.IsMark(r) && r == before {
			return errTooManyMarks(field)
		}
		if unicode.IsDigit(r) {
			if digit == 0 {
				digit = r
			}
			if zeroOf(r) != zeroOf(digit) {
				return chat.InvalidField(field, "the digits %q and %q do not go together; use one kind", digit, r)
			}
		}
		script, err := scriptOf(field, r, before)
		if err != nil {
			return err
		}
		before = r
		if script == "" {
			continue
		}
		if slices.ContainsFunc(firsts, func(first letter) bool { return first.script == script }) {
			continue
		}
		for _, first := range firsts {
			if !mayMix(script, first.script) {
				return chat.InvalidField(field, "%q (%s) and %q (%s) do not go together; use letters of one script",
					first.r, first.script, r, script)
			}
		}
		firsts = append(firsts, letter{script, r})
	}
	return nil
}

// scriptOf returns the script of a character of a login name, and "" for what goes with every script. before is
// the character before it.
func scriptOf(field string, r, before rune) (string, error) {
	switch {
	case r < unicode.MaxASCII && !unicode.IsLetter(r): // digits and _ . -
		return "", nil
	case unicode.IsMark(r) && unicode.In(r, unicode.Inherited, unicode.Common): // goes with the letter before
		if !unicode.IsLetter(before) && !unicode.IsMark(before) {
			return "", chat.InvalidField(field, "%q needs a letter before it", r)
		}
		return "", nil
	case unicode.IsDigit(r) && unicode.Is(unicode.Common, r): // the digits of Arabic; ASCII has its own case
		return "Arabic", nil
	case r == '〆':
		return "Han", nil
	case r == 'ー' && (before == r || unicode.In(before, unicode.Hiragana, unicode.Katakana)):
		return "Katakana", nil // lengthens a syllable; without one before it, it looks like a dash
	case unicode.Is(unicode.Common, r):
		return "", chat.InvalidField(field, "%q looks like another sign; use letters, digits, _ . -", r)
	}
	for _, script := range nameScripts {
		if unicode.Is(unicode.Scripts[script], r) {
			return script, nil
		}
	}
	for script, table := range unicode.Scripts {
		if unicode.Is(table, r) {
			return "", chat.InvalidField(field, "%q is not allowed: letters of the script %s can look like others", r,
				strings.ReplaceAll(script, "_", " "))
		}
	}
	return "", chat.InvalidField(field, "%q is not allowed: it is in no known script", r)
}

func mayMix(a, b string) bool {
	return slices.ContainsFunc(mixedScripts, func(together []string) bool {
		return slices.Contains(together, a) && slices.Contains(together, b)
	})
}

// zeroOf returns the zero of the ten digits that a digit belongs to. Unicode keeps the ten together, so a range
// of its table is one such ten, or several.
func zeroOf(digit rune) rune {
	for _, ten := range unicode.Nd.R16 {
		if lo := rune(ten.Lo); lo <= digit && digit <= rune(ten.Hi) {
			return lo + (digit-lo)/10*10
		}
	}
	for _, ten := range unicode.Nd.R32 {
		if lo := rune(ten.Lo); lo <= digit && digit <= rune(ten.Hi) {
			return lo + (digit-lo)/10*10
		}
	}
	return digit
}
