package markdown

import (
	"strings"
	"testing"
)

// What would show nothing is shown as it is written.
func TestNothingIsRenderedAsAnEmptyMessage(t *testing.T) {
	t.Parallel()
	for source, want := range map[string]string{
		"&nbsp;":                            "<p>&amp;nbsp;</p>",
		"&#8203;&ZeroWidthSpace; **&shy;**": "<p>&amp;#8203;&amp;ZeroWidthSpace; **&amp;shy;**</p>",
		"[](https://example.com)":           "<p>[](https://example.com)</p>",
		"```\n```":                          "<p>```<br>\n```</p>",
		">":                                 "<p>&gt;</p>",
		"# ":                                "<p># </p>",
		"---":                               "<hr>",
		"&amp;":                             "<p>&amp;</p>",
		"**a**":                             "<p><strong>a</strong></p>",
	} {
		if got := strings.TrimSpace(convert(source)); got != want {
			t.Errorf("%q: got %q, want %q", source, got, want)
		}
	}
}
