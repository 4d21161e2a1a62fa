package markdown

// Here is what keeps a source of any shape from taking long or growing a hundredfold.

import (
	"bytes"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

const (
	maxBytes = 64 << 10
	maxMarks = 4_000 // characters that the engine pairs, which takes a time of their square
	maxDepth = 12    // quotes and lists inside of each other, and emphases
	maxCells = 2_000 // of a table; a short row counts as a full one
)

// quick tells whether the engine is done with a text in some milliseconds. Other texts are shown as they
// are.
func quick(text []byte) bool {
	marks := 0
	for _, c := range text {
		switch c {
		case '*', '_', '~', '`', '[', ']':
			marks++
		}
	}
	return len(text) <= maxBytes && marks <= maxMarks
}

// shallow opens no block of its kind below maxDepth; what would be one is text there.
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

// smallTables makes no table of many cells: each row is filled up to the width of the first, so a source
// of 10 kB could ask for millions.
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
