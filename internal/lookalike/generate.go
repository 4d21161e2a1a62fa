//go:build ignore

// Writes table.go. Its argument is confusables.txt, which belongs to Unicode's UTS 39:
//
//	go run generate.go confusables.txt
package main

import (
	"bufio"
	"fmt"
	"log"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// scripts are those of login names (see actions/lookalikes.go) except Latin and Han, whose letters others are
// compared with.
var scripts = strings.Fields("Hiragana Katakana Bopomofo Hangul Arabic Armenian Bengali Cyrillic Devanagari " +
	"Ethiopic Georgian Greek Gujarati Gurmukhi Hebrew Kannada Khmer Lao Malayalam Myanmar Oriya Sinhala Tamil " +
	"Telugu Thaana Thai Tibetan")

// counts tells whether a character may stand in a login name, which is in NFKC.
func counts(r rune) bool {
	if r <= unicode.MaxASCII || norm.NFKC.String(string(r)) != string(r) {
		return false
	}
	return unicode.IsDigit(r) || unicode.IsLetter(r) && slices.ContainsFunc(scripts, func(script string) bool {
		return unicode.Is(unicode.Scripts[script], r)
	})
}

func main() {
	file, err := os.Open(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	looks := map[rune]rune{}
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		fields := strings.Split(lines.Text(), ";")
		if len(fields) < 3 || strings.HasPrefix(lines.Text(), "#") {
			continue
		}
		from, to := runes(fields[0]), runes(fields[1])
		if len(from) == 1 && len(to) == 1 && counts(from[0]) && (unicode.IsLetter(to[0]) || unicode.IsDigit(to[0])) {
			looks[from[0]] = to[0]
		}
	}
	if err := lines.Err(); err != nil {
		log.Fatal(err)
	}
	out := "// Written by generate.go from confusables.txt of Unicode's UTS 39, version 13. Do not edit.\n\npackage lookalike\n\n" +
		"// pairs has each letter that looks like another, followed by that one.\nconst pairs = \"\" +\n"
	var line strings.Builder
	n := 0
	for _, from := range slices.Sorted(maps.Keys(looks)) {
		fmt.Fprintf(&line, "%s%s", escaped(from), escaped(looks[from]))
		if n++; n%8 == 0 {
			out += "\t\"" + line.String() + "\" +\n"
			line.Reset()
		}
	}
	out += "\t\"" + line.String() + "\"\n"
	if err := os.WriteFile("table.go", []byte(out), 0o644); err != nil {
		log.Fatal(err)
	}
}

func runes(field string) (list []rune) {
	for _, code := range strings.Fields(field) {
		n, err := strconv.ParseUint(code, 16, 32)
		if err != nil {
			return nil
		}
		list = append(list, rune(n))
	}
	return list
}

func escaped(r rune) string {
	if r <= unicode.MaxASCII {
		return string(r)
	}
	return strings.Trim(strconv.QuoteRuneToASCII(r), "'")
}
