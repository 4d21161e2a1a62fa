// Tests of copies of messages that follow their reactions.

package chat

import (
	"reflect"
	"testing"
)

func TestAReactionIsAppliedToACopy(t *testing.T) {
	t.Parallel()
	thumb, party := "👍", "🎉"
	was := []Reaction{{thumb, []UserID{1, 2}}, {party, []UserID{2}}}
	for name, test := range map[string]struct {
		change ReactionChanged
		want   []Reaction
	}{
		"the last of an emoji": {
			ReactionChanged{Emoji: thumb, UserID: 3, Added: true, Index: 0},
			[]Reaction{{thumb, []UserID{1, 2, 3}}, {party, []UserID{2}}},
		},
		"a new emoji": {
			ReactionChanged{Emoji: "❤️", UserID: 1, Added: true, Index: 2},
			[]Reaction{{thumb, []UserID{1, 2}}, {party, []UserID{2}}, {"❤️", []UserID{1}}},
		},
		"one of two": {
			ReactionChanged{Emoji: thumb, UserID: 2, Index: 0},
			[]Reaction{{thumb, []UserID{1}}, {party, []UserID{2}}},
		},
		"the first of an emoji, which then comes later": {
			ReactionChanged{Emoji: thumb, UserID: 1, Index: 1},
			[]Reaction{{party, []UserID{2}}, {thumb, []UserID{2}}},
		},
		"the only one": {
			ReactionChanged{Emoji: party, UserID: 2},
			[]Reaction{{thumb, []UserID{1, 2}}},
		},
		"an index beyond the end": {
			ReactionChanged{Emoji: "❤️", UserID: 1, Added: true, Index: 9},
			[]Reaction{{thumb, []UserID{1, 2}}, {party, []UserID{2}}, {"❤️", []UserID{1}}},
		},
	} {
		test.change.Was, test.change.Rev = 7, 9
		m := Message{Rev: 7, Body: "text", Reactions: was}
		if !test.change.Apply(&m) || m.Rev != 9 || m.Body != "text" || !reflect.DeepEqual(m.Reactions, test.want) {
			t.Errorf("%s: got %+v, want %+v", name, m, test.want)
		}
	}
	if want := []Reaction{{thumb, []UserID{1, 2}}, {party, []UserID{2}}}; !reflect.DeepEqual(was, want) {
		t.Errorf("the reactions that copies share became %+v", was)
	}
}

func TestOnlyACopyAtTheRightRevTakesAReaction(t *testing.T) {
	t.Parallel()
	change := ReactionChanged{Was: 7, Rev: 9, Emoji: "👍", UserID: 1, Added: true}
	for rev, want := range map[int64]bool{6: false, 7: true, 8: false, 9: true, 12: true} {
		m := Message{Rev: rev}
		if got := change.Apply(&m); got != want {
			t.Errorf("a copy at rev %d: %v, want %v", rev, got, want)
		}
		if rev != 7 && (m.Rev != rev || m.Reactions != nil) {
			t.Errorf("a copy at rev %d became %+v", rev, m)
		}
	}
}

func TestOnlyACopyWithTheTextTakesReactions(t *testing.T) {
	t.Parallel()
	now := MessageReactions{Rev: 9, TextRev: 5, Reactions: []Reaction{{"👍", []UserID{1}}}}
	for rev, want := range map[int64]bool{4: false, 5: true, 8: true, 9: true, 12: true} {
		m := Message{Rev: rev}
		if got := now.Apply(&m); got != want {
			t.Errorf("a copy at rev %d: %v, want %v", rev, got, want)
		}
		if taken := m.Rev == 9 && rev < 9; taken != (rev == 5 || rev == 8) {
			t.Errorf("a copy at rev %d became %+v", rev, m)
		}
	}
}

func TestDeltasAreAskedForByName(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]bool{
		"": false, "reactions": true, "texts,reactions": true, "reactions,texts": true, "reaction": false, "all": false,
	} {
		if got := AsksForDeltas(value); got != want {
			t.Errorf("%q: %v, want %v", value, got, want)
		}
	}
}
