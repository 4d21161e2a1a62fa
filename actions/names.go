// Names: the checks for names and other short texts that people choose.

package actions

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"parley/chat"
	"parley/internal/password"
	"parley/internal/unseen"
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

// maxNameBytes is how many bytes a name has at most before it is normalized, which puts at most 16 bytes into one
// character. Somebody may send a text that is far longer, and that normalizing makes ten times as long again.
const maxNameBytes = 16 * maxName

// Fold returns the form by which names are compared. It normalizes once more after folding, since folding can
// leave text that is no longer in NFKC. Of a text that is too long for a name it returns the beginning as it is, which
// no name has for its form.
func Fold(name string) string {
	if len(name) > maxNameBytes {
		return strings.ToValidUTF8(name[:maxNameBytes], "")
	}
	return norm.NFKC.String(cases.Fold().String(norm.NFKC.String(name)))
}

// checkName checks a login name that there is, or the name of a room; for a login name that somebody chooses, see
// checkNewName. It accepts letters and digits of any script, '_', '.'
// and '-'. It refuses a name of digits alone, since it would look like an id.
func checkName(field, name string) (store.StoredName, error) {
	name = strings.TrimSpace(name)
	long := len(name) > maxNameBytes
	if !long {
		name = norm.NFKC.String(name)
	}
	if n := utf8.RuneCountInString(name); long || n == 0 || n > maxName {
		return store.StoredName{}, chat.InvalidField(field, "a name has 1 to %d characters", maxName)
	}
	digitsOnly := true
	for i, r := range name {
		switch {
		case unseen.Ignorable(r), i == 0 && unicode.IsMark(r):
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

// checkRoomName is checkName for a room that gets its name now. Heaps of marks would cover the names around it.
func checkRoomName(field, name string) (store.StoredName, error) {
	stored, err := checkName(field, name)
	marks := 0
	for _, r := range stored.Shown {
		if marks = marksUpTo(marks, r); marks > maxMarks {
			return store.StoredName{}, errTooManyMarks(field)
		}
	}
	return stored, err
}

func errTooManyMarks(field string) error {
	return chat.InvalidField(field, "too many accents or signs on one letter")
}

// checkLine trims and checks a short text of one line, which may be empty. It takes out what shows nothing: see
// visible.
func checkLine(field, text string, most int) (string, error) {
	text = strings.TrimSpace(text)
	if strings.ContainsFunc(text, control) {
		return "", chat.InvalidField(field, "use one line without control characters")
	}
	shown := strings.TrimSpace(visible(text))
	if shown == "" && text != "" {
		return "", chat.InvalidField(field, "this may not be empty, and all its characters are invisible")
	}
	if utf8.RuneCountInString(shown) > most {
		return "", chat.InvalidField(field, "at most %d characters", most)
	}
	return shown, nil
}

// checkKey trims and checks a text by which a program tells its own things apart. It stays as the program wrote it.
func checkKey(field, key string, most int) (string, error) {
	key = strings.TrimSpace(key)
	if n := utf8.RuneCountInString(key); n == 0 || n > most || strings.ContainsFunc(key, control) {
		return "", chat.InvalidField(field, "use 1 to %d characters on one line", most)
	}
	return key, nil
}

// control tells whether a character ends a line, or controls something else.
func control(r rune) bool {
	return unicode.In(r, unicode.Cc, unicode.Zl, unicode.Zp)
}

// checkRequiredLine trims and checks a short text of one line, which must not be empty.
func checkRequiredLine(field, text string, most int) (string, error) {
	text, err := checkLine(field, text, most)
	if err == nil && text == "" {
		err = chat.InvalidField(field, "this may not be empty")
	}
	return text, err
}

func checkPassword(field, given string) error {
	if len(given) > maxPassword || len(password.Normal(given)) < minPassword {
		return chat.InvalidField(field, "a password has %d to %d bytes", minPassword, maxPassword)
	}
	return nil
}
