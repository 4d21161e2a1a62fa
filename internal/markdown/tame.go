// Taming: changes the parsed tree into one that may be shown, with safe links and without images.

package markdown

import (
	"bytes"
	"net/url"
	"regexp"
	"slices"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

const linkRel = "noopener noreferrer nofollow"

var schemes = []string{"http", "https", "mailto"}

// bareURL matches a URL at the start of a text. It accepts hosts without a dot and IP addresses, since
// servers at home have these. A URL ends before any character that is not ASCII, so a full stop of another
// script after it is not part of the link.
var bareURL = regexp.MustCompile(`^https?://` + urlRest)

// hanURL matches a bare URL right after a character that is not ASCII, since Chinese text has no space before
// a URL.
var hanURL = regexp.MustCompile(`[^\x00-\x7F](https?://` + urlRest + `)`)

const urlRest = `[-\w.~%]*[-\w~%](?::\d{1,5})?` +
	"(?:[/?#](?:[-\\w./?#@:%+~$!&=();,'\\[\\]*|]*[-\\w/#@%+~$&=)])?)?"

// tamer is the step of the engine that tames the parsed tree.
type tamer struct{}

// Transform changes the tree in place. It collects the nodes first, since the tree must not change during a
// walk.
func (tamer) Transform(doc *ast.Document, reader text.Reader, _ parser.Context) {
	source := reader.Source()
	var (
		images   []*ast.Image
		links    []ast.Node
		texts    []*ast.Text
		tooDeep  []ast.Node
		emphases int // how many emphases are around the current node
	)
	ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			if isEmphasis(n) {
				emphases--
			}
			return ast.WalkContinue, nil
		}
		if isEmphasis(n) {
			if emphases++; emphases > maxDepth {
				tooDeep = append(tooDeep, n)
			}
		}
		switch n := n.(type) {
		case *ast.Image:
			images = append(images, n)
		case *ast.Link, *ast.AutoLink:
			links = append(links, n)
		case *ast.Heading:
			n.Level = min(n.Level+3, 6) // the headings of the page itself rank above those in a message
		case *ast.CodeSpan:
			return ast.WalkSkipChildren, nil
		case *ast.Text:
			texts = append(texts, n)
		case *east.TableCell:
			if n.Alignment != east.AlignNone {
				n.SetAttributeString("class", "align-"+n.Alignment.String())
			}
		}
		return ast.WalkContinue, nil
	})
	for _, n := range tooDeep {
		unwrap(n)
	}
	for _, n := range links {
		tameLink(n, source)
	}
	slices.Reverse(images) // the inner ones first
	for _, n := range images {
		replaceImage(n, source)
	}
	for _, n := range texts {
		linkAfterHan(n, source)
	}
}

// tameLink gives a link its attributes. It replaces a link with a destination that is not allowed by the
// link's text.
func tameLink(n ast.Node, source []byte) {
	var destination []byte
	switch n := n.(type) {
	case *ast.Link:
		destination = n.Destination
	case *ast.AutoLink:
		destination = n.URL(source)
		if n.AutoLinkType == ast.AutoLinkEmail {
			destination = append([]byte("mailto:"), destination...)
		}
	}
	if mayLead(destination) {
		n.SetAttributeString("rel", linkRel)
		n.SetAttributeString("target", "_blank")
		return
	}
	if auto, ok := n.(*ast.AutoLink); ok {
		n.Parent().ReplaceChild(n.Parent(), n, rawText(auto.Label(source)))
		return
	}
	unwrap(n)
}

// unwrap puts the children of a node in its place.
func unwrap(n ast.Node) {
	parent := n.Parent()
	for c := n.FirstChild(); c != nil; c = n.FirstChild() {
		parent.InsertBefore(parent, n, c)
	}
	parent.RemoveChild(parent, n)
}

func isEmphasis(n ast.Node) bool {
	return n.Kind() == ast.KindEmphasis || n.Kind() == east.KindStrikethrough
}

// mayLead tells whether a link may have a destination. It checks the destination in the form that the
// renderer writes.
func mayLead(destination []byte) bool {
	u, err := url.Parse(string(util.URLEscape(destination, true)))
	if err != nil || !slices.Contains(schemes, u.Scheme) {
		return false
	}
	return u.Scheme == "mailto" || u.Host != ""
}

// replaceImage replaces an image by a link with the image's alternative text, or by that text alone inside
// another link.
func replaceImage(n *ast.Image, source []byte) {
	label := labelOf(n, source)
	if len(label) == 0 {
		label = n.Destination
	}
	var with ast.Node = rawText(label)
	if mayLead(n.Destination) && !within(n, ast.KindLink) && !within(n, ast.KindImage) {
		link := ast.NewLink()
		link.Destination = n.Destination
		link.AppendChild(link, with)
		tameLink(link, source)
		with = link
	}
	n.Parent().ReplaceChild(n.Parent(), n, with)
}

// labelOf returns the text below a node, without formatting.
func labelOf(n ast.Node, source []byte) []byte {
	var label bytes.Buffer
	ast.Walk(n, func(c ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch c := c.(type) {
		case *ast.Text:
			value := c.Segment.Value(source)
			if !c.IsRaw() {
				value = util.ResolveNumericReferences(util.UnescapePunctuations(value))
				value = util.ResolveEntityNames(value)
			}
			label.Write(value)
			if c.SoftLineBreak() || c.HardLineBreak() {
				label.WriteByte(' ')
			}
		case *ast.String:
			label.Write(c.Value)
		case *ast.AutoLink:
			label.Write(c.Label(source))
		}
		return ast.WalkContinue, nil
	})
	return label.Bytes()
}

func within(n ast.Node, kind ast.NodeKind) bool {
	for p := n.Parent(); p != nil; p = p.Parent() {
		if p.Kind() == kind {
			return true
		}
	}
	return false
}

// linkAfterHan makes links of bare URLs that the engine misses because there is no space before them.
func linkAfterHan(n *ast.Text, source []byte) {
	if n.IsRaw() || n.Parent() == nil || within(n, ast.KindLink) {
		return
	}
	for n != nil {
		// Marks without a meaning have cut the text into pieces: join them.
		for {
			next, ok := n.NextSibling().(*ast.Text)
			if !ok || !n.Merge(next, source) {
				break
			}
			n.Parent().RemoveChild(n.Parent(), next)
		}
		m := hanURL.FindSubmatchIndex(n.Segment.Value(source))
		if m == nil {
			return
		}
		whole := n.Segment
		start := whole.Start + m[2]
		stop := start + len(balanced(source[start:whole.Start+m[3]]))
		link := ast.NewAutoLink(ast.AutoLinkURL, ast.NewTextSegment(text.NewSegment(start, stop)))
		rest := ast.NewTextSegment(text.NewSegment(stop, whole.Stop))
		rest.SetSoftLineBreak(n.SoftLineBreak())
		rest.SetHardLineBreak(n.HardLineBreak())
		n.Segment = whole.WithStop(start)
		n.SetSoftLineBreak(false)
		n.SetHardLineBreak(false)
		n.Parent().InsertAfter(n.Parent(), n, link)
		n.Parent().InsertAfter(n.Parent(), link, rest)
		tameLink(link, source)
		n = rest
	}
}

// balanced drops closing parentheses at the end of a URL that were opened before the URL.
func balanced(u []byte) []byte {
	extra := bytes.Count(u, []byte(")")) - bytes.Count(u, []byte("("))
	for extra > 0 && bytes.HasSuffix(u, []byte(")")) {
		u = u[:len(u)-1]
		extra--
	}
	return u
}

// rawText makes a text node whose value is shown as it is, without escapes and entities.
func rawText(value []byte) *ast.String {
	s := ast.NewString(bytes.ToValidUTF8(value, []byte(string(utf8.RuneError))))
	s.SetRaw(true)
	return s
}

// renderTaskMark renders the box of a task.
func renderTaskMark(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	if entering {
		mark := `<span class="task">☐</span> `
		if n.(*east.TaskCheckBox).IsChecked {
			mark = `<span class="task done">☑</span> `
		}
		w.WriteString(mark)
	}
	return ast.WalkContinue, nil
}
