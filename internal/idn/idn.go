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

// maxLabel is how many characters may stand between two dots of a name in DNS. A label in ASCII is at least as long as
// its name.
const maxLabel = 63

var errTooLong = errors.New("a label of the name is longer than DNS has any")

// ASCII is profile.ToASCII for names that DNS can have. Anybody may send longer ones, and the work that they make grows
// with the square of their labels.
func ASCII(profile *idna.Profile, name string) (string, error) {
	for label := range strings.SplitSeq(name, ".") {
		// The profile takes some characters apart, into up to 18 others.
		if utf8.RuneCountInString(label) > maxLabel || utf8.RuneCountInString(norm.NFKC.String(label)) > maxLabel {
			return "", errTooLong
		}
	}
	return profile.ToASCII(name)
}
