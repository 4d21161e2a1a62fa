package markdown

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// attack lists sources that made some other program's markup run or load something.
var attack = []string{
	`<script>alert(1)</script>`,
	`<ScRiPt src=//evil.example></sCrIpT>`,
	`<script/x>alert(1)</script`,
	`<<script>alert(1)//<</script>`,
	`<img src=x onerror=alert(1)>`,
	`<img/src=x/onerror=alert(1)//`,
	`<img src="x` + "`" + ` ` + "`" + `onerror=alert(1)">`,
	`<svg onload=alert(1)>`,
	`<svg><script>alert&#40;1)</script></svg>`,
	`<svg><a xlink:href="javascript:alert(1)"><text>a</text></a></svg>`,
	`<math><mi//xlink:href="data:x,<script>alert(1)</script>">`,
	`<iframe srcdoc="<script>alert(1)</script>"></iframe>`,
	`<iframe src=javascript:alert(1)>`,
	`<object data=javascript:alert(1)><embed src=javascript:alert(1)>`,
	`<form action=javascript:alert(1)><button formaction=javascript:alert(1)>a`,
	`<input autofocus onfocus=alert(1)><details open ontoggle=alert(1)>`,
	`<p style="background:url(javascript:alert(1))">a</p>`,
	`<style>@import 'https://evil.example'</style>`,
	`<base href=https://evil.example/><link rel=stylesheet href=//evil.example>`,
	`<meta http-equiv=refresh content="0;url=javascript:alert(1)">`,
	`<a href="https://x.example" onclick="alert(1)" id="a" style="position:fixed">a</a>`,
	`<!--><img src=x onerror=alert(1)>-->`,
	`<![CDATA[<img src=x onerror=alert(1)>]]>`,
	`<?php echo 1 ?>`,
	`<textarea><img title="</textarea><img src=x onerror=alert(1)>">`,
	`<noscript><p title="</noscript><img src=x onerror=alert(1)>">`,
	`<template><script>alert(1)</script></template>`,
	"<a\nhref=javascript:alert(1)>a</a>",
	"<a\x00href=javascript:alert(1)>a</a>",

	`[a](javascript:alert(1))`,
	`[a](JaVaScRiPt:alert(1))`,
	`[a](  javascript:alert(1))`,
	`[a](<javascript:alert(1)>)`,
	"[a](<java\tscript:alert(1)>)",
	"[a](java\x01script:alert(1))",
	"[a](\x01javascript:alert(1))",
	"[a](\u00a0javascript:alert(1))",
	`[a](javascript&colon;alert(1))`, // CVE-2026-5160
	`[a](javascript&#58;alert(1))`,
	`[a](javascript&#x3a;alert(1))`,
	`[a](javascript&#x0000003a;alert(1))`,
	`[a](&#106;avascript:alert(1))`,
	`[a](java&Tab;script:alert(1))`,
	`[a](java&NewLine;script:alert(1))`,
	`[a](javascript\:alert(1))`,
	`[a](javascript%3Aalert(1))`,
	`[a](vbscript:msgbox(1))`,
	`[a](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)`,
	`[a](data:image/png;base64,AAAA)`,
	`[a](file:///etc/passwd)`,
	`[a](blob:https://x.example/1)`,
	`[a](//evil.example)`,
	`[a](\\evil.example)`,
	`[a](https:javascript:alert(1))`,
	`[a](https://x.example/" onclick="alert(1))`,
	`[a](https://x.example "t" onclick="alert(1)")`,
	`[a](https://x.example 't" onclick="alert(1)')`,
	`[a](mailto:a@x.example"onclick=alert(1))`,
	`<javascript:alert(1)>`,
	`<javascript&colon;alert(1)>`,
	`<vbscript:msgbox(1)>`,
	`<https://x.example/"onclick="alert(1)>`,
	`<a@x.example"onclick="alert(1)>`,
	`https://x.example/"onmouseover="alert(1)`,
	`看https://x.example/"onmouseover="alert(1)`,
	`www.x.example/"onmouseover="alert(1)`,
	`![a](javascript:alert(1))`,
	`![a" onerror="alert(1)](https://x.example)`,
	`![a](https://x.example" onerror="alert(1))`,
	`![<img src=x onerror=alert(1)>](https://x.example)`,
	"[a]: javascript:alert(1)\n\n[a]",
	"```\"><script>alert(1)</script>\na\n```",
	"```go onclick=alert(1) {style=x #id}\na\n```",
	"# a {#id onclick=alert(1) style=x}",
	"`<script>alert(1)</script>`",
	"    <script>alert(1)</script>",
	"|<script>alert(1)</script>|\n|-|\n|<img src=x onerror=alert(1)>|",
	"- [x] <input onfocus=alert(1) autofocus>",
	`&lt;script&gt;alert(1)&lt;/script&gt;`,
	`&#60;script&#62;alert(1)&#60;/script&#62;`,
	`\<script>alert(1)\</script>`,
	"\uff1cscript\uff1ealert(1)\uff1c/script\uff1e",
	"\xc0\xbcscript\xc0\xbealert(1)",
}

// allowed lists everything that the HTML of a message may have. It repeats the policy on purpose, to check
// it.
var allowed = map[string]map[string]*regexp.Regexp{
	"p": nil, "br": nil, "hr": nil, "em": nil, "strong": nil, "del": nil, "pre": nil, "blockquote": nil,
	"h4": nil, "h5": nil, "h6": nil,
	"ul": nil, "li": nil, "table": nil, "thead": nil, "tbody": nil, "tr": nil,
	"ol":   {"start": regexp.MustCompile(`^\d+$`)},
	"code": {"class": regexp.MustCompile(`^language-[\w+#.-]+$`)},
	"th":   {"class": regexp.MustCompile(`^align-\w+$`)},
	"td":   {"class": regexp.MustCompile(`^align-\w+$`)},
	"span": {"class": regexp.MustCompile(`^task( done)?$`)},
	"a": {
		"href":   regexp.MustCompile(`^(https?://[^/]|mailto:)`),
		"rel":    regexp.MustCompile(`^noopener noreferrer nofollow$`),
		"target": regexp.MustCompile(`^_blank$`),
	},
}

// checkInert fails the test when a browser would find anything in the HTML that is not allowed.
func checkInert(t *testing.T, source, rendered string) {
	t.Helper()
	body := &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body}
	nodes, err := html.ParseFragment(strings.NewReader(rendered), body)
	if err != nil {
		t.Fatal(err)
	}
	for _, root := range nodes {
		checkNode(t, source, root)
		for n := range root.Descendants() {
			checkNode(t, source, n)
		}
	}
}

func checkNode(t *testing.T, source string, n *html.Node) {
	t.Helper()
	switch n.Type {
	case html.TextNode:
		return
	case html.ElementNode:
	default:
		t.Errorf("%q gave a node of type %v: %q", source, n.Type, n.Data)
		return
	}
	attributes, ok := allowed[n.Data]
	if !ok || n.Namespace != "" {
		t.Errorf("%q gave the element %q", source, n.Data)
	}
	for _, a := range n.Attr {
		if pattern := attributes[a.Key]; pattern == nil || !pattern.MatchString(a.Val) {
			t.Errorf("%q gave %s=%q on %s", source, a.Key, a.Val, n.Data)
		}
	}
	if n.Data == "a" {
		checkLink(t, source, n)
	}
}

func checkLink(t *testing.T, source string, n *html.Node) {
	t.Helper()
	if len(n.Attr) != 3 {
		t.Errorf("%q gave a link with %d attributes, want href, rel, target", source, len(n.Attr))
	}
	for _, a := range n.Attr {
		if a.Key != "href" {
			continue
		}
		u, err := url.Parse(a.Val)
		if err != nil || !slices.Contains([]string{"http", "https", "mailto"}, u.Scheme) {
			t.Errorf("%q gave a link to %q", source, a.Val)
		}
	}
	for d := range n.Descendants() {
		if d.Type == html.ElementNode && d.Data == "a" {
			t.Errorf("%q gave a link in a link", source)
		}
	}
}

func TestAttacksAreInert(t *testing.T) {
	for _, source := range attack {
		checkInert(t, source, Render(source))
		// Inside other markup, other rules of the grammar apply.
		for _, around := range []string{"a %s b", "> %s", "- %s", "**%s**", "[%s](https://x.example)", "|%s|\n|-|"} {
			wrapped := strings.Replace(around, "%s", source, 1)
			checkInert(t, wrapped, Render(wrapped))
		}
	}
}

func TestHTMLIsShownNotDropped(t *testing.T) {
	for _, source := range attack {
		if !strings.HasPrefix(source, "<img") {
			continue
		}
		if got := Render(source); !strings.Contains(got, "&lt;img") || !strings.Contains(got, "onerror") {
			t.Errorf("%q gave %q", source, got)
		}
	}
}

func FuzzRenderIsInert(f *testing.F) {
	for _, source := range attack {
		f.Add(source)
	}
	f.Add("# a\n\n- [x] **b** ~~c~~\n  > 1. d\n\n|e|f|\n|-|:-:|\n|![g](https://x.example)|`h`|\n\n```go\ni\n```\n")
	f.Add("看https://x.example/a_(b)_c，[a](mailto:b@x.example)")
	f.Fuzz(func(t *testing.T, source string) {
		rendered := Render(source)
		checkInert(t, source, rendered)
		if rendered != Render(source) {
			t.Errorf("%q gave another HTML the second time", source)
		}
	})
}
