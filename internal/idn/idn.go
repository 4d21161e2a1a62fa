// Package idn writes the names of hosts in ASCII, as browsers ask for them. Which characters a name may have is for its
// callers.
package idn

import (
	"errors"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/idna"
	"golang.org/x/text/unicode/norm"
)

// The longest name that DNS has, and the longest part of one between two dots, in characters. In ASCII, none gets
// shorter.
const (
	MaxName  = 253
	maxLabel = 63
)

var errTooLong = errors.New("the name is longer than DNS has any")

// ASCII is profile.ToASCII for names that DNS can have. Anybody may send longer ones, and the work that they make grows
// with the square of their parts.
func ASCII(profile *idna.Profile, name string) (string, error) {
	if utf8.RuneCountInString(name) > MaxName {
		return "", errTooLong
	}
	for label := range strings.SplitSeq(name, ".") {
		// The profile takes some characters apart, into up to 18 others.
		if utf8.RuneCountInString(label) > maxLabel || utf8.RuneCountInString(norm.NFKC.String(label)) > maxLabel {
			return "", errTooLong
		}
	}
	return profile.ToASCII(name)
}
