package markdown

// Here the parsed tree is changed into what may be shown: safe links, no pictures.

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

// bareURL matches from the start of a text. It knows hosts without a dot and addresses, since those are
// what a server at home has. It ends before anything that is not ASCII, so a full stop of any script that
// follows is not part of the link.
var bareURL = regexp.MustCompile(`^https?://` + urlRest)

// hanURL is a bare URL right after a character that is not ASCII: Chinese puts no space before it.
var hanURL = regexp.MustCompile(`[^\x00-\x7F](https?://` + urlRest + `)`)

const urlRest = `[-\w.~%]*[-\w~%](?::\d{1,5})?` +
	"(?:[/?#](?:[-\\w./?#@:%+~$!&=();,'\\[\\]*|]*[-\\w/#@%+~$&=)])?)?"

type tamer struct{}

// Transform changes the tree in place. Nodes are collected first, since a walk does not survive changes.
func (tamer) Transform(doc *ast.Document, reader text.Reader, _ parser.Context) {
	source := reader.Source()
	var (
		images   []*ast.Image
		links    []ast.Node
		texts    []*ast.Text
		tooDeep  []ast.Node
		emphases int // around the node that is walked
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
			n.Level = min(n.Level+3, 6) // the page's own headings stand above any in a message
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

// tameLink gives a link its attributes, or leaves only its text when it leads where none may lead.
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

// mayLead judges a destination in the form that the renderer writes.
func mayLead(destination []byte) bool {
	u, err := url.Parse(string(util.URLEscape(destination, true)))
	if err != nil || !slices.Contains(schemes, u.Scheme) {
		return false
	}
	return u.Scheme == "mailto" || u.Host != ""
}

// replaceImage puts a link with the image's alternative text in its place, or only that text inside of
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

// labelOf is the text below a node, without its marks.
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

// linkAfterHan makes links of the bare URLs that the engine does not see because no space is before them.
func linkAfterHan(n *ast.Text, source []byte) {
	if n.IsRaw() || n.Parent() == nil || within(n, ast.KindLink) {
		return
	}
	for n != nil {
		// Marks that turned out to mean nothing cut a text in pieces.
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

// balanced drops closing parentheses at the end that were opened before the URL.
func balanced(u []byte) []byte {
	extra := bytes.Count(u, []byte(")")) - bytes.Count(u, []byte("("))
	for extra > 0 && bytes.HasSuffix(u, []byte(")")) {
		u = u[:len(u)-1]
		extra--
	}
	return u
}

// rawText is a text without escapes and entities.
func rawText(value []byte) *ast.String {
	s := ast.NewString(bytes.ToValidUTF8(value, []byte(string(utf8.RuneError))))
	s.SetRaw(true)
	return s
}

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
