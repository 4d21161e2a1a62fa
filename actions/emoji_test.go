// Emoji: what may be one, and what is the same.

package actions

import (
	"os"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"parley/access"
	"parley/chat"
)

func TestEmojiThatMayBe(t *testing.T) {
	t.Parallel()
	for _, emoji := range []string{
		"👍", "👍🏽", "❤️", "❤", "👨‍👩‍👧‍👦", "🇩🇪", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "1️⃣", "#️⃣", "*️⃣", "©", "™", "⁉️", "‼️", "〰️", "〽️", "㊗️", "🏳️‍🌈", "☝🏿", "ℹ️", "\U0001fadf",
	} {
		if _, err := checkEmoji(emoji); err != nil {
			t.Errorf("%q: %v", emoji, err)
		}
	}
	for _, text := range []string{
		"", "a", ":)", "1", "#", "👍a", "👍 ", "<b>", "\u200d", "\ufe0f", "\u0301", "\u0301\u0302\u0303", "👍\u0301", "字", "\x00", "\xff", "👍\n",
		"123", strings.Repeat("👍", 17),
	} {
		if _, err := checkEmoji(text); err == nil {
			t.Errorf("%q is taken for an emoji", text)
		}
	}
}

func TestAnEmojiHasOneForm(t *testing.T) {
	t.Parallel()
	for want, forms := range map[string][]string{
		"❤\ufe0f":              {"❤", "❤\ufe0f", "❤\ufe0e", "❤\ufe0f\ufe0f"},
		"☝\ufe0f":              {"☝"},
		"☝🏽":                   {"☝\ufe0f🏽", "☝🏽"},
		"👍":                    {"👍\ufe0f"},
		"👍🏽":                   {"👍🏽"},
		"1\ufe0f\u20e3":        {"1\u20e3", "1\ufe0f\u20e3"},
		"🏳\ufe0f\u200d🌈":       {"🏳\u200d🌈", "🏳\ufe0f\u200d🌈"},
		"👁\ufe0f\u200d🗨\ufe0f": {"👁\u200d🗨", "👁\ufe0f\u200d🗨", "👁\u200d🗨\ufe0f"},
		"🧔🏽\u200d♂\ufe0f":      {"🧔🏽\u200d♂"},
		"⛹🏽\u200d♀\ufe0f":      {"⛹\ufe0f🏽\u200d♀"},
		"✓":                    {"✓\ufe0f", "✓\ufe0e"},
		"🇩🇪":                   {"🇩🇪"},
		"©\ufe0f":              {"©"},
	} {
		for _, form := range forms {
			if got, err := checkEmoji(form); err != nil || got != want {
				t.Errorf("%+q: got %+q %v, want %+q", form, got, err, want)
			}
		}
	}
	// What would be too long in its one form is refused.
	if got, err := checkEmoji(strings.Repeat("❤", 16)); err == nil {
		t.Errorf("got an emoji of %d bytes", len(got))
	}
}

// The migration that gave earlier reactions their one form has the same list.
func TestTheMigrationOfEmojiHasTheSameList(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../store/migrations/0017_emoji.sql")
	if err != nil {
		t.Fatal(err)
	}
	_, list, _ := strings.Cut(string(text), "text_first(chars) AS (SELECT")
	list, _, _ = strings.Cut(list, ")")
	if list = strings.NewReplacer("'", "", "|", "", " ", "", "\n", "").Replace(list); list != textFirst {
		t.Errorf("the migration has %q, want %q", list, textFirst)
	}
}

func TestTwoFormsOfAnEmojiAreOneReaction(t *testing.T) {
	t.Parallel()
	p := start(t)
	ann, bob := p.signsUp(t, "ann"), p.signsUp(t, "bob")
	room := p.creates(t, ann, chat.Public, "room")
	joined := make(chan error, 1)
	p.Join(bob, room, func(_ chat.RoomState, err error) { joined <- err })
	if err := <-joined; err != nil {
		t.Fatal(err)
	}
	seq := p.says(t, ann, room, "hello").Seq
	reacts := func(by access.Caller, emoji string, add bool) {
		t.Helper()
		done := make(chan error, 1)
		p.react(by, chat.ReactionAt{RoomID: room, Seq: seq, Emoji: emoji}, add, func(_ chat.MessageSent, err error) { done <- err })
		if err := <-done; err != nil {
			t.Fatal(err)
		}
	}
	shows := func(want ...chat.Reaction) {
		t.Helper()
		page, err := p.History(t.Context(), ann, room, PageOf{Limit: 10})
		if err != nil {
			t.Fatal(err)
		}
		if got := page.Messages[len(page.Messages)-1].Reactions; !reflect.DeepEqual(got, want) {
			t.Errorf("got %+v, want %+v", got, want)
		}
	}
	reacts(ann, "❤", true)
	reacts(bob, "❤\ufe0f", true)
	reacts(ann, "❤\ufe0f", true)
	shows(chat.Reaction{Emoji: "❤\ufe0f", UserIDs: []chat.UserID{ann.User, bob.User}})
	reacts(ann, "👍", true)
	reacts(ann, "👍🏽", true)
	reacts(bob, "❤", false)
	reacts(ann, "👍🏽", false)
	shows(
		chat.Reaction{Emoji: "❤\ufe0f", UserIDs: []chat.UserID{ann.User}},
		chat.Reaction{Emoji: "👍", UserIDs: []chat.UserID{ann.User}},
	)
}

func FuzzEmoji(f *testing.F) {
	f.Add("👍🏽")
	f.Add("1️⃣")
	f.Add("☝\ufe0f🏽")
	f.Fuzz(func(t *testing.T, emoji string) {
		got, err := checkEmoji(emoji)
		if err != nil {
			return
		}
		if len(got) > maxEmoji || !utf8.ValidString(got) || strings.ContainsAny(got, " <>&\"'/\\\n") {
			t.Errorf("%q is taken for the emoji %q", emoji, got)
		}
		if again, err := checkEmoji(got); err != nil || again != got {
			t.Errorf("%+q gives %+q, and that gives %+q (%v)", emoji, got, again, err)
		}
	})
}
