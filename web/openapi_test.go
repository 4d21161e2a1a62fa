// Tests of what the document of the API lists.

package web

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// wordsOf reads the words of each type of words in package chat: its string constants.
func wordsOf(t *testing.T) map[string][]any {
	t.Helper()
	words := map[string][]any{}
	files, err := filepath.Glob("../chat/*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		noteWords(t, file, words)
	}
	return words
}

// noteWords adds the words in a file.
func noteWords(t *testing.T, file *ast.File, words map[string][]any) {
	t.Helper()
	ast.Inspect(file, func(n ast.Node) bool {
		constant, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		of, ok := constant.Type.(*ast.Ident)
		if !ok {
			return false
		}
		for _, value := range constant.Values {
			if text, ok := value.(*ast.BasicLit); ok && text.Kind == token.STRING {
				word, err := strconv.Unquote(text.Value)
				if err != nil {
					t.Fatal(err)
				}
				words[of.Name] = append(words[of.Name], word)
			}
		}
		return false
	})
}

// A generator knows of a type of words only what the document lists.
func TestTheDocumentListsEveryWord(t *testing.T) {
	t.Parallel()
	document := documentOf("test", nil).Components.Schemas.Map()
	words := wordsOf(t)
	if len(words) < 10 {
		t.Errorf("only %d types of words were found", len(words))
	}
	for name, want := range words {
		schema := document[name]
		if schema == nil {
			t.Errorf("%s is not in the document", name)
			continue
		}
		for _, word := range want {
			if !slices.Contains(schema.Enum, word) {
				t.Errorf("%s lacks %q: %v", name, word, schema.Enum)
			}
		}
		if len(schema.Enum) != len(want) {
			t.Errorf("%s has %d words, want %d", name, len(schema.Enum), len(want))
		}
	}
}
