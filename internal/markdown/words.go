// Plain text: texts that need no engine.

package markdown

import (
	"strings"
	"unicode"
)

// justWords tells whether a text is one line of letters, digits, spaces and plain punctuation. In such a line
// nothing has a meaning in markdown: the engine would make one paragraph with the same text. Most messages
// are such a line.
func justWords(text string) bool {
	for i, c := range text {
		switch {
		case unicode.IsLetter(c):
		case i == 0: // a digit may begin a list
			return false
		case c < unicode.MaxASCII && c >= '0' && c <= '9':
		case c == ' ':
			if i == len(text)-1 {
				return false
			}
		case !strings.ContainsRune(",.;!?()，。；！？、（）", c):
			return false
		}
	}
	return text != "" && len(text) <= maxBytes && !strings.Contains(strings.ToLower(text), "www.")
}
