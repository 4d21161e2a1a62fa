// Package markdown renders what people write as HTML that can be put into a page as it is.
//
// It is CommonMark with GitHub's strikethrough, tables, task lists and bare links, and these differences:
// a new line is a line break; HTML is shown as the text it is; pictures become links, so that reading a
// message never asks another server for anything; there are no link definitions, since a message that is
// one would be shown empty. What nests or multiplies too much stays text.
package markdown

import (
	"bytes"
	"html"
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
)

// Version names the HTML that Render gives; it is raised whenever the same source gives other HTML.
const Version = 1

// Render returns the HTML of a source, or nothing for mere words, which are shown as they are: most of what is
// said needs neither an engine nor to be stored and sent twice. Any source is fine, and none takes long. It may
// be called from any goroutine.
func Render(source string) string {
	if justWords(source) {
		return ""
	}
	return convert(source)
}

// convert is Render for what may mean something.
func convert(source string) string {
	text := []byte(strings.ToValidUTF8(source, "\uFFFD"))
	if !quick(text) {
		return plain(text)
	}
	var out bytes.Buffer
	if err := engine.Convert(text, &out); err != nil {
		return plain(text) // a buffer does not fail
	}
	return policy.SanitizeReader(&out).String()
}

// plain shows the source as it is.
func plain(text []byte) string {
	return "<p>" + strings.ReplaceAll(html.EscapeString(string(text)), "\n", "<br>\n") + "</p>\n"
}

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
			util.Prioritized(parser.NewEmphasisParser(), 500),
			util.Prioritized(extension.NewStrikethroughParser(), 500),
			util.Prioritized(extension.NewLinkifyParser(
				extension.WithLinkifyAllowedProtocols([]string{"http:", "https:"}),
				extension.WithLinkifyURLRegexp(bareURL),
			), 999),
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
			extension.WithTableCellAlignMethod(extension.TableCellAlignNone), // it would be a style
		), 500),
		util.Prioritized(ghtml.NewRenderer(ghtml.WithHardWraps()), 1000),
	))),
)

// policy is the second wall: should the engine ever let something through, it ends here. It names all
// that a message may hold.
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

// taskMarks renders the box of a task as a character: a checkbox that cannot be used is a control without
// a name to a screen reader.
type taskMarks struct{}

func (taskMarks) RegisterFuncs(reg renderer.NodeRendererFuncRegisterer) {
	reg.Register(east.KindTaskCheckBox, renderTaskMark)
}
