package idn

import (
	"strings"
	"testing"

	"golang.org/x/net/idna"
)

func TestNamesThatDNSCannotHaveAreRefused(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"Bücher.example":                      "xn--bcher-kva.example",
		"聊天.example":                          "xn--rss932g.example",
		strings.Repeat("a", 63) + ".界":        strings.Repeat("a", 63) + ".xn--koy",
		strings.Repeat("a", 64) + ".界":        "",
		strings.Repeat("界", 64) + ".example":  "",
		strings.Repeat("界.", 126):             strings.Repeat("xn--koy.", 126),
		strings.Repeat("界.", 127):             "",
		strings.Repeat("界", 10_000):           "",
		strings.Repeat("ﬁ", 3) + "界.example":  "xn--fififi-g44o.example",
		strings.Repeat("ﬁ", 32) + "界.example": "",
		strings.Repeat("\u3350", 22):          "",
	} {
		got, err := ASCII(idna.Lookup, name)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%.30q…: got %.30q…, %v, want %.30q…", name, got, err, want)
		}
	}
}
