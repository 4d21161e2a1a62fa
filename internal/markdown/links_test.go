package markdown

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// linksOf returns the links in some HTML: where each leads and what it shows, as "href|label".
func linksOf(t *testing.T, rendered string) []string {
	t.Helper()
	root, err := html.Parse(strings.NewReader(rendered))
	if err != nil {
		t.Fatal(err)
	}
	var links []string
	for n := range root.Descendants() {
		if n.Type != html.ElementNode || n.Data != "a" {
			continue
		}
		var label strings.Builder
		for d := range n.Descendants() {
			if d.Type == html.TextNode {
				label.WriteString(d.Data)
			}
		}
		links = append(links, n.Attr[0].Val+"|"+label.String())
	}
	return links
}

// same is a link that leads to what it shows.
func same(shown string) string { return shown + "|" + shown }

// In each text, «…» is what is linked, and shows where it leads.
func TestWhatAPersonMeansIsLinked(t *testing.T) {
	for _, source := range []string{
		// Beside punctuation.
		"«https://x.example/a»", "看：«https://x.example/a»。", "看:«https://x.example/a».", `"«https://x.example/a»"`,
		"'«https://x.example/a»'", "(«https://x.example/a»)", "（«https://x.example/a»）", "[«https://x.example/a»]",
		"{«https://x.example/a»}", "【«https://x.example/a»】", "「«https://x.example/a»」", "《«https://x.example/a»》",
		"“«https://x.example/a»”", "‘«https://x.example/a»’", "«https://x.example/a»、«https://y.example/b»，好",
		"see «https://x.example/a», «https://y.example/b»; ok", "really «https://x.example/a»?", "«https://x.example/a»!",
		"«https://x.example/a»…", "«https://x.example/a»...", "«https://x.example/a»：", "«https://x.example/a»؟",
		"url=«https://x.example/a»", `src="«https://x.example/a»"`, "<b>«https://x.example/a»</b>", "a|«https://x.example/a»",
		"done.«https://x.example/a»", "-«https://x.example/a»", "«https://x.example»: a", "«https://x.example»，", "«https://x.example».",
		"'«https://x.example/a»'和", "„«https://x.example/a»“ ok", "‹«https://x.example/a»›", "→«https://x.example/a»",
		"(see «https://x.example/a», or «https://x.example/b»)", "[1]: «https://x.example/a»", "[a] («https://x.example/a»)",
		"[a](«https://x.example/a» b)", "![«https://x.example/a»]", "**看：«https://x.example/a»**和", "*«https://x.example/a»*",
		"~~«https://x.example/a»~~和", "_«https://x.example/a»_", "“«https://x.example/a»”，他说", "«https://x.example/a»&gt;",
		"看«https://x.example»吧", "看«https://localhost:3000»吧", "看«http://192.168.1.5»的", "«https://x.example/a»（这里）",
		"\u2067«https://x.example/a»\u2069", "«https://x.example/a»\u200b", "«https://x.example/a»\u3000b", "«https://x.example/a»\u00a0b",

		// What belongs to it.
		"«https://x.example/wiki/A_(b)»", "(«https://x.example/wiki/A_(b)»)", "（«https://x.example/wiki/A_(b)»）。",
		"«https://x.example/wiki/A_(b)».", "«https://x.example/a?b=c&d=e#f»", "«https://x.example/?q=a+b%20c»",
		"«https://x.example/a_b_c»", "«https://x.example/a*b*c»", "«https://x.example/~ann/»", "«https://x.example/a,b;c:d@e!f$g'h»",
		"«https://x.example/a-»", "«https://x.example/a/»", "«https://x.example:8443/a»", "«http://localhost:3000/»",
		"«https://ann:secret@x.example/a»", "«https://x_y.example/a»", "«https://x.example/a~b»",
		"«https://www.x.example/a_b»", "«https://x.example/https://y.example/a»", "«https://x.example#a»", "«https://x.example?a=b»",
		"«http://xn--mnchen-3ya.de/»",

		// In a list, a table, a quote.
		"- «https://x.example/a»\n  - 看：«https://x.example/b»。", "|«https://x.example/a»|“«https://x.example/b»”|\n|-|-|\n|c|（«https://x.example/d»）|",
		"> «https://x.example/a»\n> b", "- [x] 看«https://x.example/a»", "a\n«https://x.example/a»\n«https://x.example/b»",
		"\u200fזה: «https://x.example/a».", "انظر: «https://x.example/a»،",
	} {
		var want []string
		for part := range strings.SplitSeq(source, "«") {
			if shown, _, ok := strings.Cut(part, "»"); ok {
				want = append(want, same(shown))
			}
		}
		source = strings.NewReplacer("«", "", "»", "").Replace(source)
		rendered := Render(source)
		checkInert(t, source, rendered)
		if got := linksOf(t, rendered); !slices.Equal(got, want) {
			t.Errorf("%q\nlinks %q\nwant  %q", source, got, want)
		}
	}
}

func TestLinksLeadToTheFormThatBrowsersAskFor(t *testing.T) {
	for source, want := range map[string][]string{
		"https://münchen.de/":                  {"https://xn--mnchen-3ya.de/|https://münchen.de/"},
		"看：https://münchen.de/straße。":         {"https://xn--mnchen-3ya.de/stra%C3%9Fe|https://münchen.de/straße"},
		"https://zh.wikipedia.org/wiki/中文":     {"https://zh.wikipedia.org/wiki/%E4%B8%AD%E6%96%87|https://zh.wikipedia.org/wiki/中文"},
		"见https://zh.wikipedia.org/wiki/C语言，好": {"https://zh.wikipedia.org/wiki/C%E8%AF%AD%E8%A8%80|https://zh.wikipedia.org/wiki/C语言"},
		"https://zh.wikipedia.org/wiki/爱因斯坦·阿": {
			"https://zh.wikipedia.org/wiki/%E7%88%B1%E5%9B%A0%E6%96%AF%E5%9D%A6%C2%B7%E9%98%BF|https://zh.wikipedia.org/wiki/爱因斯坦·阿",
		},
		"https://ja.wikipedia.org/wiki/東京_(市)":         {"https://ja.wikipedia.org/wiki/%E6%9D%B1%E4%BA%AC_(%E5%B8%82)|https://ja.wikipedia.org/wiki/東京_(市)"},
		"https://ru.wikipedia.org/wiki/Мир.":           {"https://ru.wikipedia.org/wiki/%D0%9C%D0%B8%D1%80|https://ru.wikipedia.org/wiki/Мир"},
		"https://he.wikipedia.org/wiki/צה״ל":           {"https://he.wikipedia.org/wiki/%D7%A6%D7%94%D7%B4%D7%9C|https://he.wikipedia.org/wiki/צה״ל"},
		"https://fr.wikipedia.org/wiki/L’Été":          {"https://fr.wikipedia.org/wiki/L%E2%80%99%C3%89t%C3%A9|https://fr.wikipedia.org/wiki/L’Été"},
		"https://hi.wikipedia.org/wiki/हिन्दी।":        {"https://hi.wikipedia.org/wiki/%E0%A4%B9%E0%A4%BF%E0%A4%A8%E0%A5%8D%E0%A4%A6%E0%A5%80|https://hi.wikipedia.org/wiki/हिन्दी"},
		"https://例え.テスト/":                              {"https://xn--r8jz45g.xn--zckzah/|https://例え.テスト/"},
		"https://例子.公司，好":                              {"https://xn--fsqu00a.xn--55qx5d|https://例子.公司"},
		"https://президент.рф/":                        {"https://xn--d1abbgf6aiiy.xn--p1ai/|https://президент.рф/"},
		"http://عربي.امارات":                           {"http://xn--ngbrx4e.xn--mgbaam7a8h|http://عربي.امارات"},
		"https://münchen.de:8443/a":                    {"https://xn--mnchen-3ya.de:8443/a|https://münchen.de:8443/a"},
		"HTTPS://Example.com":                          {"https://Example.com|HTTPS://Example.com"},
		"看：Http://x.example/A。":                        {"http://x.example/A|Http://x.example/A"},
		"<https://münchen.de/a>":                       {"https://xn--mnchen-3ya.de/a|https://münchen.de/a"},
		"https://x.example/?a[b]=c, d":                 {"https://x.example/?a%5Bb%5D=c|https://x.example/?a[b]=c"},
		"[a](https://münchen.de/?b=c&d)":               {"https://xn--mnchen-3ya.de/?b=c&d|a"},
		"[a](HTTPS://münchen.de)":                      {"https://xn--mnchen-3ya.de|a"},
		"![a](https://münchen.de/b.png)":               {"https://xn--mnchen-3ya.de/b.png|a"},
		"[a](https://x.example/?b=&amp;lt;)":           {"https://x.example/?b=&lt;|a"},
		"[看 https://x.example/a](https://y.example/)":  {"https://y.example/|看 https://x.example/a"},
		"[<https://x.example/a>](https://y.example/)":  {"https://y.example/|https://x.example/a"},
		"[a@x.example](mailto:b@x.example)":            {"mailto:b@x.example|a@x.example"},
		"www.x.example/a":                              {"http://www.x.example/a|www.x.example/a"},
		"看www.x.example，好":                             {"http://www.x.example|www.x.example"},
		"(www.x.example)":                              {"http://www.x.example|www.x.example"},
		"\"WWW.X.Example/a_(b)\".":                     {"http://WWW.X.Example/a_(b)|WWW.X.Example/a_(b)"},
		"www.münchen.de":                               {"http://www.xn--mnchen-3ya.de|www.münchen.de"},
		"a@x.example":                                  {"mailto:a@x.example|a@x.example"},
		"邮箱：a_b.c+d@x.example。":                        {"mailto:a_b.c+d@x.example|a_b.c+d@x.example"},
		"“a@x.example”, (b@x.example); c@x.example.":   {"mailto:a@x.example|a@x.example", "mailto:b@x.example|b@x.example", "mailto:c@x.example|c@x.example"},
		"'a@x.example'":                                {"mailto:a@x.example|a@x.example"},
		"o'brien@x.example":                            {"mailto:o'brien@x.example|o'brien@x.example"},
		"mailto:a@x.example":                           {"mailto:a@x.example|a@x.example"},
		"*看a_b@x.example* 和 _c@x.example 好_":           {"mailto:a_b@x.example|a_b@x.example", "mailto:c@x.example|c@x.example"},
		"ahttps://x.example git+https://x.example":     nil,
		"https:// https://… http:///a https://. //x.y": nil,
		"ftp://a@x.example ftp://www.x.example":        nil,
		"www. www.x awww.x.example a@b @ann a@ @b.c":   nil,
		"`看https://x.example`":                         nil,
		"https\\://x.example":                          nil,
		"javascript://x.example/%0aalert(1)":           nil,
		"https://\u202ex.example":                      nil,
		"https://ⅰⅰ.\u0338/":                           nil,
	} {
		rendered := Render(source)
		checkInert(t, source, rendered)
		if got := linksOf(t, rendered); !slices.Equal(got, want) {
			t.Errorf("%q\nlinks %q\nwant  %q", source, got, want)
		}
	}
}

// All of a text is there when parts of it became links, in the order in which they were written.
func FuzzLinksLoseNothing(f *testing.F) {
	for _, source := range []string{
		"看：https://münchen.de/a_(b)。", "*a_b@x.example_ c*", "_a_b@x.example", "www.x_y.example_", "a:b.c@d.e:f",
		"https://x.example/a**b** c", "a_b_c@x.example d_e@x.example", "https://x_https://y", "[www.x.example](b",
	} {
		f.Add(source)
	}
	f.Fuzz(func(t *testing.T, source string) {
		if strings.ContainsAny(source, "\\&<>`#~|!()[]*\n\r\t\x00") || strings.TrimSpace(source) != source || justWords(source) {
			return
		}
		words := strings.ToValidUTF8(source, "\uFFFD")
		root, err := html.Parse(strings.NewReader(convert(source)))
		if err != nil {
			t.Fatal(err)
		}
		var got strings.Builder
		for n := range root.Descendants() {
			if n.Type == html.TextNode {
				got.WriteString(n.Data)
			}
		}
		kept := func(text string) string { // without what may be a mark of emphasis or of a block
			return strings.Map(func(r rune) rune {
				if strings.ContainsRune("_-+.= \n", r) || r >= '0' && r <= '9' {
					return -1
				}
				return r
			}, text)
		}
		if kept(got.String()) != kept(words) {
			t.Errorf("%q became %q", source, got.String())
		}
	})
}

func TestManyLinksInAllScriptsStaySmall(t *testing.T) {
	for _, s := range []string{
		"看https://münchen.de/中文，", "https://例え.テスト/", "a_b@x.example_", "www.x.y:", "https://a/(", "http:", "://", "a@",
		"https://a:a:", "https://x/\U0001f4a9", "https://x/&amp;", "www.", "https://" + strings.Repeat("é", 300) + " ", "@@",
		"_@", "https://x/[", "_a@b.c", "https://a@", "http://[", "https://x/a;", "https://x/&a;",
	} {
		source := strings.Repeat(s, 10_000/len(s))
		t.Run(fmt.Sprintf("%.20q", s), func(t *testing.T) { checkSize(t, source, Render(source)) })
	}
}
