// Taming: changes the parsed tree into one that may be shown, with safe links and without images.

package markdown

import (
	"bytes"
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
	"golang.org/x/net/idna"

	"parley/internal/idn"
)

const linkRel = "noopener noreferrer nofollow"

var schemes = []string{"http", "https", "mailto"}

// names turns the name of a host into the form that browsers ask for, in ASCII.
var names = idna.New(idna.MapForLookup(), idna.BidiRule(), idna.Transitional(false), idna.StrictDomainName(false))

// tamer is the step of the engine that tames the parsed tree.
type tamer struct{}

// Transform changes the tree in place. It collects the nodes first, since the tree must not change during a
// walk.
func (tamer) Transform(doc *ast.Document, reader text.Reader, _ parser.Context) {
	source := reader.Source()
	var (
		images   []*ast.Image
		links    []ast.Node
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
}

// tameLink gives a link its attributes, and its destination the form that browsers ask for. It replaces a link with
// a destination that is not allowed, and a link in another, by the link's text.
func tameLink(n ast.Node, source []byte) {
	if auto, ok := n.(*ast.AutoLink); ok {
		label := rawText(auto.Label(source))
		var with ast.Node = label
		if destination, ok := leadTo(string(destinationOf(auto, source))); ok && !within(n, ast.KindLink) {
			with = linkTo(destination, label)
		}
		n.Parent().ReplaceChild(n.Parent(), n, with)
		return
	}
	link := n.(*ast.Link)
	destination, ok := leadTo(string(util.URLEscape(link.Destination, true)))
	if !ok {
		unwrap(n)
		return
	}
	link.Destination = destination
	attributes(link)
}

// destinationOf returns where a link leads whose text is its destination.
func destinationOf(n *ast.AutoLink, source []byte) []byte {
	if n.AutoLinkType == ast.AutoLinkEmail {
		return append([]byte("mailto:"), n.Label(source)...)
	}
	return util.URLEscape(n.URL(source), false)
}

// linkTo makes a link.
func linkTo(destination []byte, label ast.Node) *ast.Link {
	link := ast.NewLink()
	link.Destination = destination
	link.AppendChild(link, label)
	attributes(link)
	return link
}

func attributes(link *ast.Link) {
	link.SetAttributeString("rel", linkRel)
	link.SetAttributeString("target", "_blank")
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

// leadTo returns a destination as the renderer takes it, with the name of its host in ASCII. It returns false for a
// destination that a link may not have.
func leadTo(destination string) ([]byte, bool) {
	u, err := url.Parse(destination)
	if err != nil || !slices.Contains(schemes, u.Scheme) || u.Scheme != "mailto" && u.Hostname() == "" {
		return nil, false
	}
	if strings.ContainsFunc(u.Host, func(r rune) bool { return r > unicode.MaxASCII }) {
		name, err := idn.ASCII(names, u.Hostname())
		if err != nil || name == "" {
			return nil, false
		}
		if u.Port() != "" {
			name += ":" + u.Port()
		}
		u.Host = name
	}
	return []byte(strings.ReplaceAll(u.String(), "&", "&amp;")), true // the renderer resolves entities
}

// replaceImage replaces an image by a link with the image's alternative text, or by that text alone inside
// another link.
func replaceImage(n *ast.Image, source []byte) {
	label := labelOf(n, source)
	if len(label) == 0 {
		label = n.Destination
	}
	var with ast.Node = rawText(label)
	destination, ok := leadTo(string(util.URLEscape(n.Destination, true)))
	if ok && !within(n, ast.KindLink) && !within(n, ast.KindImage) {
		with = linkTo(destination, with)
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
