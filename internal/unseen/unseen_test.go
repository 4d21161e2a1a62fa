package unseen

import "testing"

func TestBlankTextsShowNothing(t *testing.T) {
	t.Parallel()
	for _, r := range "\u200b\u200c\u200d\u200e\u200f\u202a\u202e\u2060\u2064\u2066\u2069\ufeff\u061c\u00ad\u034f\u115f\u1160\u17b4" +
		"\u3164\uffa0\u2800\u180b\u180e\ufe00\ufe0f\U000e0100\U000e0001\U000e0041\U000e007f\ufff9\U0001d159\U0001d173" +
		"\u00a0\u3000\u2003\u1680\u2028\u2029\u0085\t\x01" {
		if text := " " + string(r) + "\n" + string(r); !Blank(text) {
			t.Errorf("U+%04X shows something", r)
		}
	}
	for _, text := range []string{"a", "é", "字", "\u0301", "👍", "👨‍👩‍👧", "❤️", "·", "؀١", "؀", "ー", "_", "\ufffd", "\u200ba"} {
		if Blank(text) {
			t.Errorf("%+q shows nothing", text)
		}
	}
}
