// What a bench prints at its end: a table for people, or JSON.

package bench

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// figures are the results of a scenario. The JSON report contains them as they are.
type figures interface {
	// print fills a table for people.
	print(t *table)
	// wrong describes what happened that must not happen; empty when all is well.
	wrong() string
}

// report is the JSON of a bench.
type report struct {
	Scenario string  `json:"scenario"`
	Parley   string  `json:"parley"`
	Machine  machine `json:"machine"`
	Options  any     `json:"options"`
	Figures  figures `json:"figures"`
}

func (r *report) writeJSON(out io.Writer) error {
	enc := json.NewEncoder(out)
	enc.SetIndent("", "  ")
	return enc.Encode(r)
}

// table aligns cells in columns: the first column to the left, the others to the right.
type table struct {
	lines [][]string
}

// row adds a line of cells.
func (t *table) row(cells ...string) { t.lines = append(t.lines, cells) }

// text adds a line outside the columns. An empty line separates the blocks above and below it.
func (t *table) text(format string, args ...any) {
	t.lines = append(t.lines, []string{fmt.Sprintf(format, args...)})
}

func (t *table) write(out io.Writer) error {
	for len(t.lines) > 0 {
		end := 1
		if len(t.lines[0]) > 1 {
			for end < len(t.lines) && len(t.lines[end]) > 1 {
				end++
			}
		}
		if err := writeBlock(out, t.lines[:end]); err != nil {
			return err
		}
		t.lines = t.lines[end:]
	}
	return nil
}

// writeBlock writes lines with each column as wide as its widest cell.
func writeBlock(out io.Writer, lines [][]string) error {
	var widths []int
	for _, cells := range lines {
		for i, cell := range cells {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	for _, cells := range lines {
		var line strings.Builder
		for i, cell := range cells {
			space := strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell))
			switch {
			case len(cells) == 1:
				line.WriteString(cell)
			case i == 0:
				line.WriteString("  " + cell + space)
			default:
				line.WriteString("   " + space + cell)
			}
		}
		if _, err := fmt.Fprintln(out, strings.TrimRight(line.String(), " ")); err != nil {
			return err
		}
	}
	return nil
}

// grouped writes a number with a comma between thousands.
func grouped[N int | int64 | uint64 | float64](n N) string {
	digits := strconv.FormatFloat(math.Round(float64(n)), 'f', 0, 64)
	var out []byte
	for i := range len(digits) {
		if i > 0 && digits[i-1] != '-' && (len(digits)-i)%3 == 0 {
			out = append(out, ',')
		}
		out = append(out, digits[i])
	}
	return string(out)
}

// millis is a time that JSON gives in milliseconds, with three digits after the point.
type millis time.Duration

// millisOf converts the load generator's milliseconds.
func millisOf(ms float64) millis { return millis(ms * float64(time.Millisecond)) }

// MarshalJSON writes the number of milliseconds.
func (m millis) MarshalJSON() ([]byte, error) {
	return strconv.AppendFloat(nil, time.Duration(m).Seconds()*1000, 'f', 3, 64), nil
}

// String is the time with three significant digits.
func (m millis) String() string {
	d := time.Duration(m)
	switch {
	case d >= 10*time.Second:
		return fmt.Sprintf("%.1f s", d.Seconds())
	case d >= time.Second:
		return fmt.Sprintf("%.2f s", d.Seconds())
	case d >= 100*time.Millisecond:
		return fmt.Sprintf("%.0f ms", d.Seconds()*1000)
	case d >= 10*time.Millisecond:
		return fmt.Sprintf("%.1f ms", d.Seconds()*1000)
	}
	return fmt.Sprintf("%.2f ms", d.Seconds()*1000)
}

// sizeOf writes a number of bytes in the unit that fits.
func sizeOf(bytes int64) string {
	switch n := float64(bytes); {
	case n >= 1<<30:
		return fmt.Sprintf("%.1f GiB", n/(1<<30))
	case n >= 1<<20:
		return fmt.Sprintf("%.1f MiB", n/(1<<20))
	default:
		return fmt.Sprintf("%.1f KiB", n/(1<<10))
	}
}
