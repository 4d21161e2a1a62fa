// Package markdown renders the markdown that people write as HTML that is safe to put into a page.
//
// It is CommonMark with GitHub's strikethrough, tables, task lists and bare links, and with these
// differences. Only two tildes strike through, so that 3~5 is a range. Emphasis may stand next to the
// punctuation of Chinese, Japanese and Korean. A new line is a line break. HTML is shown as text. Images become
// links, so that reading a message never makes a browser ask another server for anything. There are no link
// definitions, since a message that is only a definition would be shown empty. What would show nothing otherwise is
// shown as it is written. Parts that nest too deep or would grow too large stay text.
package markdown

import (
	"bytes"
	"regexp"
	"strings"

	"github.com/microcosm-cc/bluemonday"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	ghtml "github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/util"

	"parley/internal/unseen"
)

// Version is the version of the HTML that Render makes. Raise it whenever Render makes other HTML of the same
// source.
const Version = 5

// Render returns the HTML of a source. For plain text it returns "", and clients show the source as it is:
// most messages are plain text, so they need no engine and are not stored and sent twice. Render accepts any
// source, and none takes it long. Its HTML has at most MaxHTML bytes: a source that would have more, such as
// a thousand short links, is shown as it is. It is safe from any goroutine.
func Render(source string) string {
	if justWords(source) {
		return ""
	}
	return convert(source)
}

// convert is Render for sources that are not plain text.
func convert(source string) string {
	text := []byte(strings.ToValidUTF8(source, "\uFFFD"))
	if !quick(text) {
		return plain(text)
	}
	var out bytes.Buffer
	if err := engine.Convert(text, &out); err != nil {
		return plain(text) // this does not happen: a buffer does not fail
	}
	safe := policy.SanitizeReader(&out).String()
	if len(safe) > MaxHTML(len(source)) || showsNothing(safe) && !unseen.Blank(source) {
		return plain(text)
	}
	return safe
}

// showsNothing tells whether HTML would be shown as an empty message: a link without a text, an empty quote, or
// characters that show nothing, written as entities. What the policy leaves of entities all shows something.
func showsNothing(safe string) bool {
	if strings.Contains(safe, "<hr") {
		return false
	}
	inTag := false
	return !strings.ContainsFunc(safe, func(r rune) bool {
		switch r {
		case '<':
			inTag = true
		case '>':
			inTag = false
		default:
			return !inTag && !unseen.Blank(string(r))
		}
		return false
	})
}

// plain returns HTML that shows the source as it is. It leaves quotes, which mean nothing in text, as they
// are, so that nothing grows more than maxGrowth.
func plain(text []byte) string {
	return "<p>" + plainEscapes.Replace(string(text)) + "</p>\n"
}

var plainEscapes = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "\n", "<br>\n")

var engine = goldmark.New(
	goldmark.WithParser(parser.NewParser(
		parser.WithBlockParsers(
			util.Prioritized(parser.NewSetextHeadingParser(), 100),
			util.Prioritized(parser.NewThematicBreakParser(), 200),
			util.Prioritized(shallow{parser.NewListParser()}, 300),
			util.Prioritized(parser.NewListItemParser(), 400),
			util.Prioritized(parser.NewCodeBlockParser(), 500),
			util.Prioritized(parser.NewATXHeadingParser(), 600),
			util.Prioritized(parser.NewFencedCodeBlockParser(), 700),
			util.Prioritized(shallow{parser.NewBlockquoteParser()}, 800),
			util.Prioritized(parser.NewParagraphParser(), 1000),
		),
		parser.WithInlineParsers(
			util.Prioritized(extension.NewTaskCheckBoxParser(), 0),
			util.Prioritized(parser.NewCodeSpanParser(), 100),
			util.Prioritized(parser.NewLinkParser(), 200),
			util.Prioritized(parser.NewAutoLinkParser(), 300),
			util.Prioritized(emphasis, 500),
			util.Prioritized(strikethrough, 500),
			util.Prioritized(bareLinks{}, 999),
		),
		parser.WithParagraphTransformers(
			util.Prioritized(smallTables{extension.NewTableParagraphTransformer()}, 200),
		),
		parser.WithASTTransformers(util.Prioritized(tamer{}, 100)),
	)),
	goldmark.WithRenderer(renderer.NewRenderer(renderer.WithNodeRenderers(
		util.Prioritized(taskMarks{}, 400),
		util.Prioritized(extension.NewStrikethroughHTMLRenderer(), 500),
		util.Prioritized(extension.NewTableHTMLRenderer(
			extension.WithTableCellAlignMethod(extension.TableCellAlignNone), // it would be a style attribute
		), 500),
		util.Prioritized(ghtml.NewRenderer(ghtml.WithHardWraps()), 1000),
	))),
)

// policy is the second line of defense: if the engine ever lets something dangerous through, the policy
// removes it. It lists every element and attribute that a message may have.
var policy = func() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "br", "hr", "h4", "h5", "h6", "em", "strong", "del", "code",
		"pre", "blockquote", "ul", "ol", "li", "table", "thead", "tbody", "tr", "th", "td")
	p.AllowAttrs("start").Matching(regexp.MustCompile(`^[0-9]{1,9}$`)).OnElements("ol")
	p.AllowAttrs("class").Matching(regexp.MustCompile(`^language-[A-Za-z0-9+#._-]{1,40}$`)).OnElements("code")
	p.AllowAttrs("class").Matching(regexp.MustCompile(`^align-(left|center|right)$`)).OnElements("th", "td")
	p.AllowAttrs("class").Matching(regexp.MustCompile(`^task( done)?$`)).OnElements("span")
	p.AllowAttrs("href").OnElements("a")
	p.AllowAttrs("rel").Matching(regexp.MustCompile("^" + linkRel + "$")).OnElements("a")
	p.AllowAttrs("target").Matching(regexp.MustCompile("^_blank$")).OnElements("a")
	p.AllowURLSchemes(schemes...)
	p.RequireParseableURLs(true)
	return p
}()

// taskMarks renders the box of a task as a character. To a screen reader, a checkbox that cannot be used
// would be a control without a name.
type taskMarks struct{}

func (taskMarks) RegisterFuncs(reg renderer.NodeRendererFuncRegisterer) {
	reg.Register(east.KindTaskCheckBox, renderTaskMark)
}
