// Limits: what keeps any source from taking long to render, and from growing a hundredfold when it is
// rendered.

package markdown

import (
	"bytes"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

const (
	maxBytes = 64 << 10
	maxMarks = 4_000 // characters that the engine pairs, in quadratic time
	// At each "](" the engine looks for the end of a word, and at each '`' for another one in the lines that follow.
	maxReach = 4 << 20 // bytes: as many "](" as there are, times the longest word
	maxLines = 1 << 20 // lines: as many '`' as there are, times all lines
	maxDepth = 12      // quotes and lists inside each other, and emphases too
	maxCells = 2_000   // cells of a table; a short row counts as a full one

	maxGrowth = 5       // as much as the plain form of a text of nothing but '&' or new lines grows
	allowance = 4 << 10 // so that a short message may be made of links: one has 80 bytes besides its address
)

// MaxHTML returns the most bytes that the HTML of a source of so many bytes can have.
func MaxHTML(source int) int { return maxGrowth*source + allowance }

// quick tells whether the engine can render a text in a few milliseconds. Other texts are shown as they are.
func quick(text []byte) bool {
	marks, ticks, lines, destinations, word, longest := 0, 0, 1, 0, 0, 0
	for i, c := range text {
		word++
		switch c {
		case '*', '_', '~', '[', ']':
			marks++
		case '`':
			marks++
			ticks++
		case '(':
			if i > 0 && text[i-1] == ']' {
				destinations++
			}
		case '\n':
			lines++
			word = 0
		case ' ', '\t':
			word = 0
		}
		longest = max(longest, word)
	}
	return len(text) <= maxBytes && marks <= maxMarks && destinations*longest <= maxReach && ticks*lines <= maxLines
}

// shallow is a block parser that opens no block deeper than maxDepth. What would be a block there stays text.
type shallow struct{ parser.BlockParser }

func (s shallow) Open(parent ast.Node, reader text.Reader, pc parser.Context) (ast.Node, parser.State) {
	depth := 0
	for n := parent; n != nil; n = n.Parent() {
		if n.Kind() != ast.KindListItem {
			depth++
		}
	}
	if depth > maxDepth {
		return nil, parser.NoChildren
	}
	return s.BlockParser.Open(parent, reader, pc)
}

// smallTables is a table parser that makes no table with more than maxCells cells. Each row is filled up to
// the width of the first, so a source of 10 kB could make millions of cells.
type smallTables struct{ parser.ParagraphTransformer }

func (s smallTables) Transform(n *ast.Paragraph, reader text.Reader, pc parser.Context) {
	columns := 0
	for i := range n.Lines().Len() {
		line := n.Lines().At(i)
		columns = max(columns, 1+bytes.Count(line.Value(reader.Source()), []byte("|")))
	}
	if columns*n.Lines().Len() <= maxCells {
		s.ParagraphTransformer.Transform(n, reader, pc)
	}
}
