package markdown

import (
	"fmt"
	"strings"
	"sync"
	"testing"
)

// link is the HTML of a link.
func link(href, label string) string {
	return fmt.Sprintf(`<a href="%s" rel="noopener noreferrer nofollow" target="_blank">%s</a>`, href, label)
}

func TestSourceGivesThisHTML(t *testing.T) {
	for _, c := range []struct{ name, source, want string }{
		{"empty", "", ""},
		{"a new line is a line break", "a\nb\n\nc", "<p>a<br>\nb</p>\n<p>c</p>\n"},
		{"hard breaks stay single", "a  \nb\\\nc", "<p>a<br>\nb<br>\nc</p>\n"},
		{"inline marks", "*a* **b** ~~c~~ `d`", "<p><em>a</em> <strong>b</strong> <del>c</del> <code>d</code></p>\n"},
		{"entities", `& &amp; &lt;b&gt; "q"`, "<p>&amp; &amp; &lt;b&gt; &#34;q&#34;</p>\n"},
		{"headings below the page's, without ids", "# a b\n\nc\n---\n\n###### d", "<h4>a b</h4>\n<h5>c</h5>\n<h6>d</h6>\n"},
		{
			"quotes", "> a\n> > b",
			"<blockquote>\n<p>a</p>\n<blockquote>\n<p>b</p>\n</blockquote>\n</blockquote>\n",
		},
		{"lists", "3. a\n4. b\n", "<ol start=\"3\">\n<li>a</li>\n<li>b</li>\n</ol>\n"},
		{
			"tasks", "- [ ] a\n- [x] b",
			"<ul>\n<li><span class=\"task\">☐</span> a</li>\n<li><span class=\"task done\">☑</span> b</li>\n</ul>\n",
		},
		{
			"tables", "a|b\n:-:|-\n1|2",
			"<table>\n<thead>\n<tr>\n<th class=\"align-center\">a</th>\n<th>b</th>\n</tr>\n</thead>\n" +
				"<tbody>\n<tr>\n<td class=\"align-center\">1</td>\n<td>2</td>\n</tr>\n</tbody>\n</table>\n",
		},
		{"code names its language", "```go\na < b\n```", "<pre><code class=\"language-go\">a &lt; b\n</code></pre>\n"},
		{"a language that is none is dropped", "```\"onload=x\na\n```", "<pre><code>a\n</code></pre>\n"},
		{"HTML is text", "<b>a</b>", "<p>&lt;b&gt;a&lt;/b&gt;</p>\n"},
		{"blocks of HTML are text", "<div>\n*a*\n</div>", "<p>&lt;div&gt;<br>\n<em>a</em><br>\n&lt;/div&gt;</p>\n"},
		{"comments are text", "<!-- a -->", "<p>&lt;!-- a --&gt;</p>\n"},
		{"NUL and broken UTF-8", "a\x00b\xffc", "<p>a\uFFFDb\uFFFDc</p>\n"},
		{"mentions and emoji stay text", "@ann :smile: <@1>", "<p>@ann :smile: &lt;@1&gt;</p>\n"},

		{"links", "[a *b*](https://x.example \"t\")", "<p>" + link("https://x.example", "a <em>b</em>") + "</p>\n"},
		{"links to mail", "[a](mailto:a@x.example)", "<p>" + link("mailto:a@x.example", "a") + "</p>\n"},
		{
			"links in angle brackets", "<https://x.example/a>",
			"<p>" + link("https://x.example/a", "https://x.example/a") + "</p>\n",
		},
		{"links elsewhere keep their text", "[a](ftp://x.example) [b](/c) [*d*](#e)", "<p>a b <em>d</em></p>\n"},
		{"links without a host keep their text", "[a](https:b) [c](http:///d)", "<p>a c</p>\n"},
		{"a definition is text", "[a]: b\n\n[a]", "<p>[a]: b</p>\n<p>[a]</p>\n"},
		{
			"bare links", "see https://x.example/a_b_c?d=e&f. (http://localhost:3000/g) www.x.example a@x.example",
			"<p>see " + link("https://x.example/a_b_c?d=e&amp;f", "https://x.example/a_b_c?d=e&amp;f") +
				". (" + link("http://localhost:3000/g", "http://localhost:3000/g") +
				") " + link("http://www.x.example", "www.x.example") +
				" " + link("mailto:a@x.example", "a@x.example") + "</p>\n",
		},
		{
			"bare links in emphasis", "**https://192.168.1.5/a**",
			"<p><strong>" + link("https://192.168.1.5/a", "https://192.168.1.5/a") + "</strong></p>\n",
		},
		{
			"a bare link keeps its parentheses", "(https://x.example/a_(b))",
			"<p>(" + link("https://x.example/a_(b)", "https://x.example/a_(b)") + ")</p>\n",
		},
		{"other schemes stay text", "ftp://x.example file:///a", "<p>ftp://x.example file:///a</p>\n"},
		{"no links in code", "`https://x.example`", "<p><code>https://x.example</code></p>\n"},

		{"pictures are links", "![a *b*](https://x.example/c)", "<p>" + link("https://x.example/c", "a b") + "</p>\n"},
		{
			"a picture without text", "![](https://x.example/c)",
			"<p>" + link("https://x.example/c", "https://x.example/c") + "</p>\n",
		},
		{
			"a picture in a link", "[![a](https://x.example/b)](https://y.example)",
			"<p>" + link("https://y.example", "a") + "</p>\n",
		},
		{
			"a link in a picture", "![a [b](https://x.example) c](https://y.example)",
			"<p>" + link("https://y.example", "a b c") + "</p>\n",
		},
		{"a picture from nowhere", "![a](data:image/png;base64,AA)", "<p>a</p>\n"},

		{"Chinese", "**重要**：请看 *这里*", "<p><strong>重要</strong>：请看 <em>这里</em></p>\n"},
		{"Chinese emphasis inside a word", "请**务必**看", "<p>请<strong>务必</strong>看</p>\n"},
		{"Chinese punctuation before a mark", "**重要：**请看", "<p><strong>重要：</strong>请看</p>\n"},
		{"Chinese punctuation on both sides", "**“重要”**。", "<p><strong>“重要”</strong>。</p>\n"},
		{
			"a full-width stop ends a link", "看 https://x.example/a。好",
			"<p>看 " + link("https://x.example/a", "https://x.example/a") + "。好</p>\n",
		},
		{
			"a full-width comma ends a link", "看 https://x.example，好",
			"<p>看 " + link("https://x.example", "https://x.example") + "，好</p>\n",
		},
		{
			"no space before a link in Chinese", "看https://x.example/a_b_c，和http://y.example\n好",
			"<p>看" + link("https://x.example/a_b_c", "https://x.example/a_b_c") +
				"，和" + link("http://y.example", "http://y.example") + "<br>\n好</p>\n",
		},
		{
			"full-width parentheses", "（https://x.example/a(b)）",
			"<p>（" + link("https://x.example/a(b)", "https://x.example/a(b)") + "）</p>\n",
		},
		{"no link inside a word", "ahttps://x.example", "<p>ahttps://x.example</p>\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := Render(c.source); got != c.want {
				t.Errorf("%q gave\n%s\nwant\n%s", c.source, got, c.want)
			}
		})
	}
}

func TestNestingEndsAtADepth(t *testing.T) {
	for source, tag := range map[string]string{
		strings.Repeat(">", 10_000) + " a":                            "<blockquote>",
		strings.Repeat("- ", 5_000) + "a":                             "<ul>",
		strings.Repeat("> 1. ", 2_000) + "a":                          "<ol>",
		strings.Repeat("> * + ", 1_500) + "a":                         "<li>",
		strings.Repeat("_", 999) + "a" + strings.Repeat("_", 999):     "<strong>",
		strings.Repeat("*a ~~b ", 99) + strings.Repeat("b~~ a* ", 99): "<em>",
	} {
		got := Render(source)
		if n := strings.Count(got, tag); n < 4 || n > maxDepth {
			t.Errorf("%.12q…: %d times %s, want 4 to %d", source, n, tag, maxDepth)
		}
		if !strings.Contains(got, "a") {
			t.Errorf("%.12q…: the text is lost", source)
		}
	}
}

// hostile returns sources of 10,000 characters that make parsers slow or their output large.
// characters makes a text of different Chinese characters.
func characters(n int) string {
	var text strings.Builder
	for i := range n {
		text.WriteRune(rune(0x4e00 + i))
	}
	return text.String()
}

func hostile() map[string]string {
	const n = 10_000
	all := map[string]string{
		"quotes on two lines":  strings.Repeat(">", n/2) + "\n" + strings.Repeat(">", n/2-1),
		"open, then close":     strings.Repeat("[", n/2) + strings.Repeat("]", n/2),
		"links in links":       strings.Repeat("[a", n/4) + strings.Repeat("](b)", n/8),
		"emphasis in emphasis": strings.Repeat("*a **a ", n/14) + strings.Repeat("b** b* ", n/14),
		"stars that never end": strings.Repeat("*a ", n/6) + strings.Repeat("b_ ", n/6),
		"a host of characters": "", // each of which is another
		"a list below a list":  "",
		"ticks of all lengths": "",
		"a wide table": strings.Repeat("|a", n/8) + "\n" + strings.Repeat("|-", n/8) + "\n" +
			strings.Repeat("|\n", n/4),
		"a long table":  "a|b\n-|-\n" + strings.Repeat("|\n", n/2),
		"a lazy quote":  strings.Repeat("> ", n/5) + strings.Repeat("a\n", n/3),
		"a definition":  "[a]: https://x.example/" + strings.Repeat("b", n/2) + "\n\n" + strings.Repeat("[a]", n/6),
		"Chinese links": strings.Repeat("中http://a", n/10),
		// A message is bounded in characters, of which these have many bytes.
		"www in a word":         strings.Repeat("\u0301www.", n/5),
		"a long host":           "https://" + characters(n/3) + "/",
		"a link to a long host": "[a](https://" + characters(n/3) + "/)",
		"www without an end":    strings.Repeat("中www.1", n/6),
		"URLs in brackets":      strings.Repeat("https://中http://a/(", n/19),
		"links without an end":  strings.Repeat("[a](\U0001f469\u200d\U0001f469", n/7),
		"ticks that never pair": strings.Repeat("<\\``    x\n/", n/10),
	}
	for i := range n - 20 {
		all["a host of characters"] += string(rune('一' + i))
	}
	all["a host of characters"] = "[a](http://" + all["a host of characters"] + ")"
	for i := 0; len(all["a list below a list"]) < n; i++ {
		all["a list below a list"] += strings.Repeat(" ", i) + "- a\n"
		all["ticks of all lengths"] += strings.Repeat("`", i) + " "
	}
	for _, s := range []string{
		">", "> ", "*", "_", "~", "`", "[", "]", "![", "[](", "[a](", "[a](b)", "*a ", "a*", "**a ", "_a ", "*a_ ",
		"*a *b_", "a**b", "~~a ", "`a ", "- ", "* *\n", "1. ", "-\n", "#\n", "|", "<", "<a", "&", "&amp", "\\",
		"<http://a>", "http://a ", "a@b.c ", "![a](b)", "\n", "\t", "```\n", "- [ ] a\n", "\x00", "中",
	} {
		all[fmt.Sprintf("%q again and again", s)] = strings.Repeat(s, n/len(s))
	}
	return all
}

func TestHostileSourcesStaySmall(t *testing.T) {
	for _, source := range hostile() {
		checkSize(t, source, Render(source))
	}
}

// checkSize fails the test when the HTML of a source is larger than it may be.
func checkSize(t *testing.T, source, rendered string) {
	t.Helper()
	if len(rendered) > MaxHTML(len(source)) {
		t.Errorf("%.20q… of %d bytes gave %d bytes, want at most %d",
			source, len(source), len(rendered), MaxHTML(len(source)))
	}
}

func TestAManyfoldLongerSourceIsShownAsItIs(t *testing.T) {
	source := strings.Repeat("a@b.c & \"d\"\n", 800)
	want := "<p>" + strings.Repeat("a@b.c &amp; \"d\"<br>\n", 800) + "</p>\n"
	if got := Render(source); got != want {
		t.Errorf("got %d bytes, %.60q…, want %.60q…", len(got), got, want)
	}
	few := strings.Repeat("a@b.c ", 40) // as many links as somebody may well send
	if got := Render(few); strings.Count(got, "<a ") != 40 {
		t.Errorf("got %.60q…, want 40 links", got)
	}
}

// FuzzRenderIsBounded looks for a source whose HTML is larger than it may be, alone and many times over.
func FuzzRenderIsBounded(f *testing.F) {
	for _, source := range hostile() {
		f.Add(source[:min(len(source), 200)])
	}
	for _, source := range attack {
		f.Add(source)
	}
	for _, source := range []string{
		"[a](https://x.example/\"\"\"\")", "<https://x.example/&&&&>", "> 1. - a@b.c\n", "|a@b.c|\n|:-:|\n|www.a.b|\n",
		"看https://x.example/a，", "- [x] www.a.b\n", "**~~*a@b.c*~~**", "1. ```\n", "[\"](https:\"\")", "\xff\xff",
		"![\"](https://x.example/%22\"<>)", "&quot;&#34;", "#\n", "-\n\n",
	} {
		f.Add(source)
	}
	f.Fuzz(func(t *testing.T, source string) {
		for _, times := range []int{1, 40, 1000} {
			if many := strings.Repeat(source, times); len(many) <= 20_000 {
				checkSize(t, many, Render(many))
			}
		}
	})
}

func TestLongSourceIsShownAsItIs(t *testing.T) {
	got := Render("*a* <b>\n" + strings.Repeat("c", 1<<20))
	if want := "<p>*a* &lt;b&gt;<br>\ncc"; !strings.HasPrefix(got, want) {
		t.Errorf("got %.40q, want %q in front", got, want)
	}
}

func TestManyGoroutinesRenderAtOnce(t *testing.T) {
	const source = "- [x] **看**https://x.example，`a`\n\n|a|\n|-|\n|![b](https://y.example)|"
	want := Render(source)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 50 {
				if got := Render(source); got != want {
					t.Errorf("got %q, want %q", got, want)
				}
			}
		})
	}
	wg.Wait()
}

// FuzzJustWords looks for a text that justWords takes for plain text although it has a meaning in markdown.
func FuzzJustWords(f *testing.F) {
	for _, source := range []string{
		"See you at 9, then (or later)!", "好的，明天见。", "1. first", "a) b; c", "www.x.example", "so WwW.x.example",
		"two  spaces", "ends with one ", "Ünïcödé?", "a\nb", "...", "a---", "(see below", "x\u00a0y", "İ", "a\u200bb",
	} {
		f.Add(source)
	}
	f.Fuzz(func(t *testing.T, source string) {
		if got := convert(source); justWords(source) && got != "<p>"+source+"</p>\n" {
			t.Errorf("%q means something: %q", source, got)
		}
	})
}

func TestJustWordsKnowsPlainText(t *testing.T) {
	for source, want := range map[string]bool{
		"See you at 9, then (or later)!": true, "好的，明天见。": true, "Wie wär's?": false, "*so*": false,
		" a": false, "a ": false, "9 of us": false, "at www.x.example": false, "https://x.example": false,
	} {
		if justWords(source) != want {
			t.Errorf("%q: got %v, want %v", source, !want, want)
		}
		if got := Render(source); (got == "") != want {
			t.Errorf("%q gave %q", source, got)
		}
	}
}

func BenchmarkRenderWords(b *testing.B) {
	for b.Loop() {
		Render("Has anyone seen the numbers for last week? I need them at nine, thanks.")
	}
}

func BenchmarkRender(b *testing.B) {
	const source = "Has anyone seen **the numbers** for `rooms.go`? See https://x.example/a, 谢谢。"
	for b.Loop() {
		Render(source)
	}
}

func BenchmarkHostile(b *testing.B) {
	for name, source := range hostile() {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				Render(source)
			}
		})
	}
}
