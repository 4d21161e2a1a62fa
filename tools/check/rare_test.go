package check

import (
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"parley/chat"
)

// lost has a message of ann's without an answer when the server is killed; stored tells whether it was.
func lost(s *scene, stored bool) {
	id := s.say(annC, "under way")
	ask := &s.Asks[len(s.Asks)-1]
	ask.Answered, ask.SentSeq, ask.SentRev = 0, 0, 0
	s.kill()
	s.start("e1", -1)
	s.connect(annC)
	again := *ask
	again.Socket, again.Sent, again.SentWall = s.sockets[annC], s.tick(), s.clock.Milliseconds()
	again.ClientID, again.SentSeq, again.SentRev = id, s.head.Seq, s.head.Rev
	if !stored {
		again.CreatedAt = again.SentWall + 1
	}
	again.Answered = s.tick()
	s.Asks = append(s.Asks, again)
}

func TestEachRarePathIsSeen(t *testing.T) {
	for name, take := range map[string]func(*scene){
		"a resend got the first answer": func(s *scene) {
			s.say(annC, "one")
			s.Asks = append(s.Asks, s.Asks[0])
		},
		"unknown, then found stored":                    func(s *scene) { lost(s, true) },
		"unknown, then found absent":                    func(s *scene) { lost(s, false) },
		"killed with a message under way, found stored": func(s *scene) { lost(s, true) },
		"killed with a message under way, found absent": func(s *scene) { lost(s, false) },
		"came back to changes":                          func(s *scene) { s.frame(annC, Frame{Event: "changes"}) },
		"a slow socket was closed":                      func(s *scene) { s.Sockets[0].Code = chat.CloseSlow },
		"reset by another epoch":                        func(s *scene) { s.Resets = append(s.Resets, Reset{}) },
		"busy": func(s *scene) {
			s.Asks = append(s.Asks, Ask{Code: chat.Busy})
		},
		"an attacker was refused":             func(s *scene) { s.Repelled++ },
		"an attacker left every route unread": func(s *scene) { s.Left = map[string]int{"/a": 2, "/b": 1} },
		"killed inside a commit":              func(s *scene) { s.Lives[0].How = killedInCommit },
		"refused or unknown, disk full": func(s *scene) {
			began := s.tick()
			s.Asks = append(s.Asks, Ask{Sent: s.tick(), Answered: s.tick(), Code: chat.Unavailable})
			s.Troubles = append(s.Troubles, Trouble{"full", began, s.tick()})
		},
	} {
		s := newScene()
		s.Traced, s.Faults[string(faultAttack)] = true, 1
		s.Readable, s.Left = []string{"/a", "/b"}, map[string]int{"/a": 3}
		missing := func() bool {
			return slices.ContainsFunc(Missing(s.History), func(path Path) bool { return path.Name == name })
		}
		if !missing() {
			t.Errorf("%s: seen before it happened", name)
		}
		take(s)
		if missing() {
			t.Errorf("%s: not seen", name)
		}
	}
}

func TestNoDiskHasToFailWhereNobodyCanBeTraced(t *testing.T) {
	s := newScene()
	without := len(Missing(s.History))
	s.Traced = true
	if with := len(Missing(s.History)); with != without+len(troubles) {
		t.Errorf("%d paths are missing, %d where nobody can be traced", with, without)
	}
}

func TestAReportTellsByItsStatus(t *testing.T) {
	void := NewReport(usual().end())
	if void.Status() != StatusVoid || len(void.Missing) == 0 {
		t.Errorf("got %d, %v", void.Status(), void.Missing)
	}
	h := usual().end()
	forget(h, 1)
	broken := NewReport(h)
	if broken.Status() != StatusViolated {
		t.Errorf("got %d", broken.Status())
	}
	var text strings.Builder
	broken.Print(&text)
	for _, want := range []string{
		"I1, what was acknowledged is there", "room 1, seq 4", idOf(4).String(), "connection 2",
	} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("no %q in\n%s", want, text.String())
		}
	}
	fine := Report{}
	if fine.Status() != StatusFine {
		t.Errorf("got %d", fine.Status())
	}
}

func TestAHistoryIsTheSameFromAFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "history.json.gz")
	h := rewound().end()
	if err := WriteFile(file, h); err != nil {
		t.Fatal(err)
	}
	got, err := ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(NewReport(got), NewReport(h)) || len(got.Frames) != len(h.Frames) {
		t.Errorf("got %+v", got)
	}
	if len(Judge(got)) > 0 {
		t.Errorf("judged %v", Judge(got))
	}
}
