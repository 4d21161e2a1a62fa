// Names and lines: what may be chosen, and what is the same.

package actions

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"parley/access"
	"parley/chat"
)

func TestNamesThatMayBe(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"ann": "ann", " ann ": "ann", "小明": "小明", "Zoë": "Zoë", "Zoe\u0308": "Zoë", "a_b-c.d": "a_b-c.d", "२a": "२a",
		"ａｎｎ": "ann", "हिन्दी": "हिन्दी", "עברית": "עברית", "ไทย": "ไทย", "ΣΊΣΥΦΟΣ": "ΣΊΣΥΦΟΣ", "x": "x",
		strings.Repeat("字", maxName): strings.Repeat("字", maxName), "1a": "1a", "ﬁsh": "fish", "한국어": "한국어",
	} {
		got, err := checkName("name", name)
		if err != nil || got.Shown != want {
			t.Errorf("%q: got %q %v, want %q", name, got.Shown, err, want)
		}
	}
}

func TestNamesThatMayNotBe(t *testing.T) {
	t.Parallel()
	for _, name := range []string{
		"", " ", "123", "१२३", "a b", "a/b", "a@b", "a:b", "a\x00b", "a\nb", "😀", "#general", "<b>", "a%b", "a\u200bb", "a\u202eb",
		"a\ufeff", "a\u00adb", "\u3164", "\u115f", "\uffa0", "ann\ufe0f", "ann\u034f", "ann\U000e0100", "ann\u180b", "a\u2060b",
		"\u0301", "\u0301ann", "\xff", strings.Repeat("x", maxName+1), strings.Repeat("字", maxName+1), "ﷺ",
	} {
		if got, err := checkName("name", name); err == nil {
			t.Errorf("%q is taken as %q", name, got.Shown)
		}
	}
}

// Whoever sends a text that no name can be long enough for has it refused as it came: normalizing 120 kB would make
// 1.4 MB of it, in a twentieth of a second.
func TestTextsThatAreTooLongForANameAreNotNormalized(t *testing.T) { // not parallel: it counts what is allocated
	p := start(t)
	ann := p.signsUp(t, "ann")
	ctx := context.Background()
	long := strings.Repeat("\ufdfa", 40_000) // one character, of which normalizing makes 18
	for what, ask := range map[string]func() error{
		"signing in": func() error {
			_, _, err := p.SignIn(ctx, "home", chat.Login{Name: long, Password: goodPassword})
			return wanted(err, chat.WrongCredentials)
		},
		"making a room": func() error {
			_, err := p.CreateRoom(ann, chat.NewRoom{Kind: chat.Public, Name: long})
			return wanted(err, chat.Invalid)
		},
		"finding a room": func() error {
			_, err := p.RoomNamed(ctx, ann, long)
			return wanted(err, chat.NotFound)
		},
		"finding somebody": func() error {
			_, err := p.PersonCalled(ctx, long)
			return wanted(err, chat.NotFound)
		},
		"notifying somebody": func() error {
			_, err := p.Notify(ctx, ann, chat.NewNotification{To: []string{long}, Title: "a", Key: "b"})
			return wanted(err, chat.Invalid)
		},
		"searching": func() error {
			found, err := p.PublicRooms(ctx, ann, long)
			if err == nil && len(found.Rooms) > 0 {
				err = fmt.Errorf("found %d rooms", len(found.Rooms))
			}
			return err
		},
		"searching for what a pattern escapes": func() error {
			_, err := p.PublicRooms(ctx, ann, strings.Repeat("%", 40_000))
			return err
		},
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		if err := ask(); err != nil {
			t.Errorf("%s: %v", what, err)
		}
		runtime.ReadMemStats(&after)
		if used := after.TotalAlloc - before.TotalAlloc; used > 1<<20 {
			t.Errorf("%s: a text of %d bytes took %d", what, len(long), used)
		}
	}
}

// wanted tells what is wrong when an error has another code.
func wanted(err error, code chat.Code) error {
	if chat.IsCode(err, code) {
		return nil
	}
	return fmt.Errorf("got %v, want %s", err, code)
}

// TestNoNameIsLongerThanWhatIsNormalized is about what maxNameBytes counts on.
func TestNoNameIsLongerThanWhatIsNormalized(t *testing.T) {
	t.Parallel()
	for r := range unicode.MaxRune + 1 {
		shown := norm.NFKC.String(string(r))
		if utf8.RuneCountInString(shown) != 1 {
			continue // it counts as more than one
		}
		if apart := norm.NFD.String(shown); len(apart) > maxNameBytes/maxName {
			t.Errorf("%U has %d bytes when it is taken apart", r, len(apart))
		}
		if folded := Fold(shown); len(folded) >= maxNameBytes/maxName {
			t.Errorf("%U has %d bytes when it is folded", r, len(folded))
		}
	}
}

func TestNewNamesThatMayBe(t *testing.T) {
	t.Parallel()
	for _, name := range []string{
		"ann", "Zoë", "a_b-c.d", "1a", "小明", "小明a", "小明-2", "山田たろう", "カタカナ", "スーパー", "ラーメン二郎x", "한국어", "한국ann", "漢字한국어",
		"ㄅㄆ漢a", "Иван", "иван-2", "σίσυφος", "עברית", "שָׁלוֹם", "हिन्दी", "राम१", "ไทย", "محمد", "محمد١", "_ann_", "佐々木", "〆切", "nguyễn", "x",
		"И\u0301ван", "ကြွိုး", // five marks on one letter, of which two have a width
	} {
		if got, err := checkNewName("name", name); err != nil || got.Shown != norm.NFKC.String(name) {
			t.Errorf("%q: got %q, %v", name, got.Shown, err)
		}
	}
}

// Each of these was a name before there was this check: who has one still signs in with it.
func TestNewNamesThatMayNotBe(t *testing.T) {
	t.Parallel()
	for name, why := range map[string]string{
		"аnn":           "'а' (Cyrillic) and 'n' (Latin) do not go together; use letters of one script", // the first letter is Cyrillic
		"ownеr":         "'o' (Latin) and 'е' (Cyrillic)",
		"οwner":         "(Greek) and",
		"иvan":          "(Cyrillic) and",
		"小明и":           "(Han) and",
		"ann한かな":        "do not go together",
		"ㄅかa":           "do not go together",
		"αи":            "do not go together",
		"aא":            "do not go together",
		"२a":            "do not go together",
		"a١":            "do not go together",
		"राम१1":         "do not go together",
		"١۱ا":           "the digits",
		"owner.":        "begin or end",
		".owner":        "begin or end",
		"-owner":        "begin or end",
		"owner-":        "begin or end",
		"a..b":          "two dots",
		"annーlee":       "looks like another sign",
		"ーア":            "looks like another sign",
		"annʼ":          "looks like another sign",
		"aˈb":           "looks like another sign",
		"محـمد":         "looks like another sign",
		"ᎪᏁᎪ":           "the script Cherokee",
		"ꓐꓳ":            "the script Lisu",
		"𐌀𐌁":            "the script Old Italic",
		"a_\u0332b":     "needs a letter",
		"x\u0332\u0332": "too many accents",
		"x" + heap(5):   "too many accents",
	} {
		if _, err := checkName("name", name); err != nil {
			t.Errorf("%q was no name before: %v", name, err)
		}
		if got, err := checkNewName("name", name); err == nil || !strings.Contains(err.Error(), why) {
			t.Errorf("%q is taken as %q, or refused for another reason than %q: %v", name, got.Shown, why, err)
		}
	}
	for _, name := range []string{"a\u115fb", "a\u1160", "\u3164a", "a\uffa0", "a\u2800", "a\u200eb", "a\u200f", "a\u061c", "a\u2066b"} {
		if got, err := checkNewName("name", name); err == nil {
			t.Errorf("%q is taken as %q", name, got.Shown)
		}
	}
}

// heap returns n different marks that stand above one letter.
func heap(n rune) string {
	var marks strings.Builder
	for i := range n {
		marks.WriteRune('\u0363' + i)
	}
	return marks.String()
}

func TestLinesShowAllTheirCharacters(t *testing.T) {
	t.Parallel()
	for _, r := range "\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2061\u2062\u2063\u2064\u2066\u2067\u2068\u2069" +
		"\ufeff\u061c\u00ad\u034f\u115f\u1160\u3164\uffa0\u2800\u180e\ufe00\ufe0f\U000e0100\U000e0001\U000e0041\U000e007f\ufff9\ufffb" {
		hides := string(r)
		for _, text := range []string{"Bo Li" + hides, hides + "Bo Li", "B" + hides + hides + "o Li", "Bo " + hides + "Li"} {
			if got, err := checkLine("display_name", text, maxDisplayName); err != nil || got != "Bo Li" {
				t.Errorf("%q: got %q %v, want Bo Li", text, got, err)
			}
		}
		if got, err := checkLine("display_name", " "+hides+" "+hides, maxDisplayName); err == nil {
			t.Errorf("U+%04X alone is taken as %q", r, got)
		}
	}
	for _, same := range []string{
		"👍🏽", "❤️", "👨‍👩‍👧‍👦", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "1️⃣", "🏳️‍🌈 Bo", "می\u200cخواهم", "क्\u200dष", "שלום", "محمد", "؀١", "☺︎",
	} {
		if got, err := checkLine("topic", same, maxTopic); err != nil || got != same {
			t.Errorf("%+q: got %+q %v", same, got, err)
		}
	}
	if got, err := checkLine("display_name", strings.Repeat("x\u200b", maxDisplayName), maxDisplayName); err != nil {
		t.Errorf("%q: invisible characters count: %v", got, err)
	}
	if got, err := checkLine("display_name", "Bo\u2028Li", maxDisplayName); err == nil {
		t.Errorf("two lines are taken as %q", got)
	}
	heaped := "Z" + strings.Repeat("\u0301\u0302", 30) + "o"
	if got, err := checkLine("display_name", heaped, maxDisplayName); err != nil || got != "Z\u0301\u0302\u0301\u0302o" {
		t.Errorf("a heap of marks became %+q: %v", got, err)
	}
	if got, err := checkRoomName("name", "Z"+heap(9)); err == nil {
		t.Errorf("a room may be called %+q", got.Shown)
	}
	if _, err := checkRoomName("name", "Zo\u0301\u0302"); err != nil {
		t.Error(err)
	}
	if got := visible("a\xff\u200b"); got != "a\ufffd" {
		t.Errorf("got %q", got)
	}
	if got, err := checkKey("key", "a\u200b", 2); err != nil || got != "a\u200b" {
		t.Errorf("a key became %q: %v", got, err)
	}
}

func TestAMessageOfCharactersThatShowNothingIsEmpty(t *testing.T) {
	t.Parallel()
	a := &Actions{limits: access.Limits{MessageCharacters: 100}}
	for _, body := range []string{"\u200b", " \u3164\n", "\u00ad\u00ad", "\u2800", "\U000e0041", "\ufe0f", "\u034f", "\u115f\u1160", "\x01"} {
		got, want := a.checkBody(body), a.checkBody("")
		if got == nil || got.Error() != want.Error() {
			t.Errorf("%+q: got %v, want %v", body, got, want)
		}
	}
	for _, body := range []string{"a", "❤️", "می\u200cخواهم", "\u200ba"} {
		if err := a.checkBody(body); err != nil {
			t.Errorf("%+q: %v", body, err)
		}
	}
}

func TestNamesThatLookTheSameAreTheSame(t *testing.T) {
	t.Parallel()
	for _, same := range [][]string{
		{"ann", "ANN", "Ann", "ａｎｎ", "ＡＮＮ"},
		{"straße", "STRASSE", "strasse"},
		{"Zoë", "Zoe\u0308", "ZOË"},
		{"σίσυφος", "ΣΊΣΥΦΟΣ"},
		{"fish", "ﬁsh"},
		{"K", "\u212a", "k"},
		{"as\u015b", "a\u00df\u0301"},
		{"Å", "\u212b", "A\u030a"},
	} {
		for _, name := range same {
			got, err := checkName("name", name)
			first, _ := checkName("name", same[0])
			if err != nil || got.Key != first.Key {
				t.Errorf("%q has the key %q (%v), %q has %q", name, got.Key, err, same[0], first.Key)
			}
		}
	}
}

func TestLinesAreBoundedInCharactersAndHoldNoControls(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{"": "", "  a b  ": "a b", "你好 <b>": "你好 <b>", strings.Repeat("字", 10): strings.Repeat("字", 10)} {
		if got, err := checkLine("topic", text, 10); err != nil || got != want {
			t.Errorf("%q: got %q %v, want %q", text, got, err, want)
		}
	}
	for _, text := range []string{strings.Repeat("字", 11), "a\nb", "a\x00", "a\x1b[31m", "a\u0085b"} {
		if got, err := checkLine("topic", text, 10); err == nil {
			t.Errorf("%q is taken as %q", text, got)
		}
	}
	if _, err := checkRequiredLine("name", " \t ", 10); err == nil {
		t.Error("an empty line is taken where one is needed")
	}
	for password, ok := range map[string]bool{"1234567": false, "12345678": true, "密码很长": true, strings.Repeat("x", 1024): true, strings.Repeat("x", 1025): false} {
		if err := checkPassword("password", password); (err == nil) != ok {
			t.Errorf("a password of %d bytes: %v", len(password), err)
		}
	}
}

func FuzzNames(f *testing.F) {
	for _, name := range []string{"ann", "Zoe\u0308", "小明", "ＡＮＮ", "straße", "İ", "ǅ", "\u0345α", "ﷺ", "\u3164"} {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		got, err := checkName("name", name)
		if err != nil {
			return
		}
		if n := utf8.RuneCountInString(got.Shown); n < 1 || n > maxName || !utf8.ValidString(got.Shown) {
			t.Errorf("%q is shown as %q", name, got.Shown)
		}
		again, err := checkName("name", got.Shown)
		if err != nil || again != got {
			t.Errorf("%q gives %+v, and that gives %+v %v", name, got, again, err)
		}
		if !norm.NFKC.IsNormalString(got.Key) {
			t.Errorf("%q has the key %q, which could be written in another way", name, got.Key)
		}
	})
}
