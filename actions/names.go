// Names: the checks for names and other short texts that people choose.

package actions

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"parley/chat"
	"parley/store"
)

// The bounds of what people choose, in characters unless a comment says bytes. See "Names" in
// docs/protocol.md.
const (
	maxName        = 64
	maxDisplayName = 64
	maxTopic       = 1024
	minPassword    = 8    // bytes
	maxPassword    = 1024 // bytes
	maxEmoji       = 64   // bytes
)

// Fold returns the form by which names are compared. It normalizes once more after folding, since folding can
// leave text that is no longer in NFKC.
func Fold(name string) string {
	return norm.NFKC.String(cases.Fold().String(norm.NFKC.String(name)))
}

// checkName checks a login name or the name of a room. It accepts letters and digits of any script, '_', '.'
// and '-'. It refuses a name of digits alone, since it would look like an id.
func checkName(field, name string) (store.StoredName, error) {
	name = norm.NFKC.String(strings.TrimSpace(name))
	if n := utf8.RuneCountInString(name); n == 0 || n > maxName {
		return store.StoredName{}, chat.InvalidField(field, "a name has 1 to %d characters", maxName)
	}
	digitsOnly := true
	for i, r := range name {
		switch {
		case invisible(r), i == 0 && unicode.IsMark(r):
			return store.StoredName{}, chat.InvalidField(field, "%q is not allowed: it is invisible, or joins a character before it", r)
		case unicode.IsDigit(r):
		case unicode.IsLetter(r), unicode.IsMark(r), strings.ContainsRune("_.-", r):
			digitsOnly = false
		default:
			return store.StoredName{}, chat.InvalidField(field, "%q is not allowed; use letters, digits, _ . -", r)
		}
	}
	if digitsOnly {
		return store.StoredName{}, chat.InvalidField(field, "a name cannot be all digits; add a letter")
	}
	return store.StoredName{Shown: name, Key: Fold(name)}, nil
}

// invisible tells whether a letter or mark shows nothing. With such characters, two different names would
// look the same.
func invisible(r rune) bool {
	return unicode.In(r, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector)
}

// checkLine trims and checks a short text of one line, which may be empty.
func checkLine(field, text string, most int) (string, error) {
	text = strings.TrimSpace(text)
	if utf8.RuneCountInString(text) > most {
		return "", chat.InvalidField(field, "at most %d characters", most)
	}
	if strings.ContainsFunc(text, unicode.IsControl) {
		return "", chat.InvalidField(field, "use one line without control characters")
	}
	return text, nil
}

// checkRequiredLine trims and checks a short text of one line, which must not be empty.
func checkRequiredLine(field, text string, most int) (string, error) {
	text, err := checkLine(field, text, most)
	if err == nil && text == "" {
		err = chat.InvalidField(field, "this may not be empty")
	}
	return text, err
}

func checkPassword(field, password string) error {
	if len(password) < minPassword || len(password) > maxPassword {
		return chat.InvalidField(field, "a password has %d to %d bytes", minPassword, maxPassword)
	}
	return nil
}

// checkEmoji checks a reaction. It must be one emoji, as far as one can tell without a table of all emoji.
func checkEmoji(emoji string) error {
	wrong := emoji == "" || len(emoji) > maxEmoji
	pictures := 0
	for _, r := range emoji {
		switch {
		case r == '\u200d', r == '\ufe0f', r == '\u20e3': // joiner, picture form, keycap
		case strings.ContainsRune("0123456789#*", r): // before a keycap
		case r >= 0xe0020 && r <= 0xe007f: // tags of regional flags
		case r >= 0xa9 && unicode.IsSymbol(r) && r != utf8.RuneError,
			strings.ContainsRune("\u203c\u2049\u3030\u303d", r): // punctuation that has a picture
			pictures++
		default:
			wrong = true
		}
	}
	if wrong || (pictures == 0 && !strings.ContainsRune(emoji, '\u20e3')) {
		return chat.InvalidField("emoji", "one emoji of at most %d bytes", maxEmoji)
	}
	return nil
}
