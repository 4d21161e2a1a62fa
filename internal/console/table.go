// Tables of names that people chose, in which a Chinese character is as wide as two letters.

package console

import (
	"io"
	"strings"
	"unicode"

	"golang.org/x/text/width"
)

// Table is rows of cells. The first row is the head.
type Table [][]string

// Print writes the rows in columns, two spaces apart.
func (t Table) Print(out io.Writer) error {
	var wide []int
	for _, row := range t {
		for i, cell := range row {
			if i == len(wide) {
				wide = append(wide, 0)
			}
			wide[i] = max(wide[i], columns(cell))
		}
	}
	var text strings.Builder
	for _, row := range t {
		for i, cell := range row {
			text.WriteString(cell)
			if i < len(row)-1 {
				text.WriteString(strings.Repeat(" ", wide[i]-columns(cell)+2))
			}
		}
		text.WriteByte('\n')
	}
	_, err := io.WriteString(out, text.String())
	return err
}

// columns is how many columns of a terminal a text takes.
func columns(text string) int {
	n := 0
	for _, r := range text {
		switch kind := width.LookupRune(r).Kind(); {
		case unicode.Is(unicode.Mn, r): // It stands over the letter before it.
		case kind == width.EastAsianWide, kind == width.EastAsianFullwidth:
			n += 2
		default:
			n++
		}
	}
	return n
}
