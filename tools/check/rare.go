// Rare paths: what must have happened in a run for the run to prove anything. A run that did not take one of
// them is void.

package check

import (
	"math"
	"slices"
	"time"

	"parley/chat"
	"parley/tools/hostile"
)

// Path is something that must happen in a run.
type Path struct {
	Name       string
	count      func(*view) int
	provokedBy []Fault
}

var paths = []Path{
	{"a resend got the first answer", (*view).repeatedAnswers, nil},
	{"unknown, then found stored", (*view).unknownThenStored, []Fault{
		{Kind: faultKill, Moment: eventBeforeAcknowledgment}, {Kind: faultKillCommit, Nth: 9},
	}},
	{"unknown, then found absent", (*view).unknownThenAbsent, []Fault{{Kind: faultKill, Moment: manyUnderWay}}},
	{"came back to changes", (*view).resumedChanges, []Fault{{Kind: faultCut, Clients: []int{0, 1, 2}}}},
	{"a slow socket was closed", (*view).slowCloses, nil},
	{"reset by another epoch", (*view).resetsByEpoch, []Fault{{Kind: faultBackup}, {Kind: faultRestore}}},
	{"busy", (*view).busy, nil},
	{"killed with a message under way, found stored", (*view).killedThenStored, []Fault{
		{Kind: faultKill, Moment: eventBeforeAcknowledgment}, {Kind: faultKillCommit, Nth: 9},
	}},
	{"killed with a message under way, found absent", (*view).killedThenAbsent, []Fault{
		{Kind: faultKill, Moment: manyUnderWay},
	}},
	{"killed inside a commit", (*view).killedInsideCommit, []Fault{
		{Kind: faultKillCommit, Nth: 7}, {Kind: faultKillCommit, Nth: 17},
	}},
}

// pathsOf are the paths that a run can take. The disk fails only if the server can be traced, and attackers are
// refused only if there are attacks.
func pathsOf(h *History) []Path {
	all := slices.Clone(paths)
	if h.Faults[string(faultAttack)] > 0 {
		all = append(all, Path{
			"an attacker was refused", func(v *view) int { return int(v.Repelled) },
			[]Fault{{Kind: faultAttack, Nth: hostile.Named("message-flood"), For: 3 * time.Second}},
		}, Path{
			"an attacker left every route unread", (*view).leftUnread,
			[]Fault{{Kind: faultAttack, Nth: hostile.Named("stalled-routes"), For: 3 * time.Second}},
		})
	}
	if !h.Traced {
		return all
	}
	for i, trouble := range troubles {
		all = append(all, Path{
			"refused or unknown, disk " + trouble.name,
			func(v *view) int { return v.refusedInTrouble(trouble.name) },
			[]Fault{{Kind: faultDisk, Nth: i, For: time.Second}},
		})
	}
	return all
}

// Paths counts how often each rare path was taken. The order of the names is fixed.
func Paths(h *History) (names []string, counts map[string]int) {
	v := newView(h)
	counts = map[string]int{}
	for _, path := range pathsOf(h) {
		names = append(names, path.Name)
		counts[path.Name] = path.count(v)
	}
	return names, counts
}

// Missing are the paths that were never taken.
func Missing(h *History) (missing []Path) {
	v := newView(h)
	for _, path := range pathsOf(h) {
		if path.count(v) == 0 {
			missing = append(missing, path)
		}
	}
	return missing
}

// repeatedAnswers counts the messages that were acknowledged twice, with the same number.
func (v *view) repeatedAnswers() (n int) {
	for _, attempts := range v.attempts {
		var first *Ask
		for _, ask := range attempts {
			switch {
			case !ask.OK():
			case first == nil:
				first = ask
			case ask.SentSeq == first.SentSeq:
				n++
			}
		}
	}
	return n
}

// found calls each with every attempt that got no answer, if a later attempt did. stored says whether the
// message had been stored before the later attempt. The server's clock and ours are the clock of this
// machine.
func (v *view) found(each func(unanswered *Ask, stored bool)) {
	for _, attempts := range v.attempts {
		for i, ask := range attempts {
			if ask.Answered > 0 {
				continue
			}
			next := slices.IndexFunc(attempts[i+1:], (*Ask).OK)
			if next >= 0 {
				answered := attempts[i+1+next]
				each(ask, answered.CreatedAt < answered.SentWall)
			}
		}
	}
}

func (v *view) unknownThenStored() (n int) {
	v.found(func(_ *Ask, stored bool) {
		if stored {
			n++
		}
	})
	return n
}

func (v *view) unknownThenAbsent() (n int) {
	v.found(func(_ *Ask, stored bool) {
		if !stored {
			n++
		}
	})
	return n
}

// killedWith counts the messages that were under way when the server was killed, and that were or were not
// stored, as wanted says.
func (v *view) killedWith(wanted bool) (n int) {
	v.found(func(ask *Ask, stored bool) {
		for _, life := range v.Lives {
			in := life.Started < ask.Sent && ask.Sent < life.Ended && life.How != terminated
			if in && ask.Socket >= 0 && life.Ended < v.Sockets[ask.Socket].Closed+killSeen && stored == wanted {
				n++
			}
		}
	})
	return n
}

// killSeen is how long before a process's end is recorded a client may already have seen its socket end.
const killSeen = 200 * time.Millisecond

func (v *view) killedThenStored() int { return v.killedWith(true) }

func (v *view) killedThenAbsent() int { return v.killedWith(false) }

// killedInsideCommit counts the kills at a write or a sync. Where the server cannot be traced, it counts
// instead the kills after which a message without an answer was stored, which is the nearest that shows from
// outside.
func (v *view) killedInsideCommit() (n int) {
	if !v.Traced {
		return v.killedThenStored()
	}
	for _, life := range v.Lives {
		if life.How == killedInCommit {
			n++
		}
	}
	return n
}

func (v *view) resumedChanges() (n int) {
	for _, f := range v.Frames {
		if f.Event == "changes" {
			n++
		}
	}
	return n
}

// slowCloses counts the sockets that the server closed for being slow, and those that it cut off while it
// lived.
func (v *view) slowCloses() (n int) {
	for _, socket := range v.Sockets {
		if socket.Code == chat.CloseSlow {
			n++
		}
	}
	for _, stall := range v.Stalls {
		died := slices.ContainsFunc(v.Lives, func(life Life) bool {
			return life.Ended > stall.Began && life.Ended < stall.Closed
		})
		if stall.Closed > 0 && !died && stall.Why == fellBehind {
			n++
		}
	}
	return n
}

// leftUnread returns how often the path was asked for and not read that was so least often.
func (v *view) leftUnread() int {
	least := math.MaxInt
	for _, path := range v.Readable {
		least = min(least, v.Left[path])
	}
	if least == math.MaxInt {
		return 0
	}
	return least
}

func (v *view) resetsByEpoch() (n int) {
	for _, reset := range v.Resets {
		if reset.Room == 0 {
			n++
		}
	}
	return n
}

func (v *view) busy() (n int) {
	for _, ask := range v.Asks {
		if ask.Code == chat.Busy {
			n++
		}
	}
	return n
}

// refusedInTrouble counts the requests that failed, or whose outcome is unknown, while the disk failed in the
// given way.
func (v *view) refusedInTrouble(name string) (n int) {
	for _, trouble := range v.Troubles {
		for i := range v.Asks {
			ask := &v.Asks[i]
			failed := slices.Contains([]chat.Code{chat.Unavailable, chat.Unknown, chat.Internal}, ask.Code)
			if failed && trouble.Name == name && trouble.Began < ask.Answered && ask.Sent < trouble.Ended {
				n++
			}
		}
	}
	return n
}
