package console

import (
	"strings"
	"testing"
)

func TestColumnsStandUnderEachOtherWhateverTheScript(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	err := Table{
		{"NAME", "SHOWN AS", "ROLE"},
		{"小明", "王小明（园丁）", "member"},
		{"ada-lovelace", "Ada", "owner"},
		{"zoe\u0308", "Ｚｏë", "member"},
	}.Print(&out)
	if err != nil {
		t.Fatal(err)
	}
	// Each Chinese character and each wide letter takes the place of two.
	want := strings.Join([]string{
		"NAME          SHOWN AS        ROLE",
		"小明          王小明（园丁）  member",
		"ada-lovelace  Ada             owner",
		"zoe\u0308           Ｚｏë           member",
		"",
	}, "\n")
	if out.String() != want {
		t.Errorf("got\n%s\nwant\n%s", out.String(), want)
	}
}
