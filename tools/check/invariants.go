// The invariants: each is a function that tests one promise against a history. They are pure: they always
// judge the same history in the same way.

package check

import (
	"fmt"

	"parley/chat"
)

// Violation is one way in which a history breaks a promise.
type Violation struct {
	Invariant string
	Text      string
	Room      chat.RoomID     `json:",omitzero"`
	Seqs      []int64         `json:",omitempty"` // the messages concerned
	ClientIDs []chat.ClientID `json:",omitempty"`
	Socket    int             // the connection that shows it; -1 when none does
}

// Invariant is one promise.
type Invariant struct {
	Name    string
	Promise string
	check   func(*view, func(Violation))
}

// Invariants are all promises that concern one server.
var Invariants = []Invariant{
	{"I1", "what was acknowledged is there", (*view).acknowledgedIsThere},
	{"I2", "what is seen was sent by whoever it is from", (*view).seenWasSent},
	{"I3", "what was sent many times is there once", (*view).onceEach},
	{"I4", "numbers have no holes", (*view).noHoles},
	{"I5", "all who look see the same", (*view).allSeeTheSame},
	{"I6", "on a socket each room's events follow one another", (*view).eventsFollow},
	{"I7", "what was sent later comes later", (*view).laterComesLater},
	{"I8", "what was refused is not there", (*view).refusedIsNotThere},
	{"I9", "when all is calm everyone has everything", (*view).everyoneHasEverything},
	{"I10", "what a client makes of events is what the server has", (*view).copiesMatch},
	{"I11", "who may not see a room gets nothing of it and says nothing in it", (*view).rightsHold},
	{"I12", "who saw what was undone is told to start over", (*view).rewindsAreTold},
	{"I13", "the server lets go of what nobody needs", (*view).letsGo},
	{"I14", "the data stands up to its own check", (*view).dataIsWhole},
	{"I15", "an archived or emptied room stays as it is, a direct room that was left is left, and what is hidden comes back", (*view).usesHold},
	{"I16", "a direct room is silent while one of the two has blocked the other", (*view).blocksHold},
	{"I17", "who is deactivated gets nothing and can do nothing", (*view).deactivationsHold},
}

// mostOfEach is the largest number of violations that are reported for an invariant.
const mostOfEach = 5

// Judge returns the violations in a history, at most a few for each invariant.
func Judge(h *History) (all []Violation) {
	v := newView(h)
	for _, invariant := range Invariants {
		n := 0
		invariant.check(v, func(found Violation) {
			if n++; n <= mostOfEach {
				found.Invariant = invariant.Name
				all = append(all, found)
			}
		})
	}
	return all
}

// about begins a violation that concerns a message.
func about(room chat.RoomID, seq int64, id chat.ClientID, socket int, format string, args ...any) Violation {
	found := Violation{Room: room, Socket: socket, Text: fmt.Sprintf(format, args...)}
	if seq != 0 {
		found.Seqs = []int64{seq}
	}
	if !id.IsZero() {
		found.ClientIDs = []chat.ClientID{id}
	}
	return found
}

// letsGo tests I13.
func (v *view) letsGo(tell func(Violation)) {
	for _, stall := range v.Stalls {
		if stall.Due > 0 && stall.Closed == 0 {
			tell(about(0, 0, chat.ClientID{}, stall.Socket,
				"a socket that stopped reading (%s, %d KB said since) was still open %s later",
				stall.Why, stall.Bytes>>10, stall.Due-stall.Began))
		}
	}
	v.tellFaulty("I13", tell)
}

// dataIsWhole tests I14.
func (v *view) dataIsWhole(tell func(Violation)) { v.tellFaulty("I14", tell) }

func (v *view) tellFaulty(invariant string, tell func(Violation)) {
	for _, found := range v.Faulty {
		if found.Invariant == invariant {
			tell(found)
		}
	}
}
