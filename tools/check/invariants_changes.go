// The part of I6 about coming back: an answer to room.changes leaves nothing out.

package check

import (
	"fmt"
	"slices"

	"parley/chat"
)

// roomHistory is a room in one epoch.
type roomHistory struct {
	epoch string
	room  chat.RoomID
}

// changesAreWhole compares each page that says it is the last with every change that anybody saw of the room.
// The server read such a page when the room was at the page's Rev. So the page must have every message whose
// last change by then came after Since.
func (v *view) changesAreWhole(tell func(Violation)) {
	seqs := map[roomHistory]map[int64]int64{} // of each rev
	v.observations(func(o observation) {
		at := roomHistory{o.epoch, o.room}
		if seqs[at] == nil {
			seqs[at] = map[int64]int64{}
		}
		seqs[at][o.m.Rev] = o.m.Seq
	})
	for _, f := range v.Frames {
		at := roomHistory{v.epochOf(&f), f.Room}
		if revs := seqs[at]; f.Reaction != nil && revs != nil {
			revs[f.Reaction.Rev] = f.Reaction.Seq
		}
	}
	for i := range v.Pages {
		page := &v.Pages[i]
		revs := seqs[roomHistory{v.Sockets[page.Socket].Epoch, page.Room}]
		if why, seq := page.wrong(revs); why != "" {
			tell(about(page.Room, seq, chat.ClientID{}, page.Socket,
				"room.changes since %d, up to %d: %s", page.Since, page.Rev, why))
		}
	}
}

// wrong says what is wrong with a page, given the seq of each rev that anybody saw.
func (p *Page) wrong(seqs map[int64]int64) (why string, seq int64) {
	if !slices.IsSorted(p.Revs) {
		return "not in order of rev", 0
	}
	if n := len(p.Revs); n > 0 && (p.Revs[0] <= p.Since || p.Revs[n-1] > p.Rev) {
		return "more than was asked for", 0
	}
	if p.More {
		return "", 0 // a message that is left out may come later, when it has changed again
	}
	last := map[int64]int64{} // the rev of each seq
	for rev := p.Since + 1; rev <= p.Rev; rev++ {
		if seq, known := seqs[rev]; known {
			last[seq] = rev
		}
	}
	for seq, rev := range last {
		if _, there := slices.BinarySearch(p.Revs, rev); !there {
			return fmt.Sprintf("rev %d is left out", rev), seq
		}
	}
	return "", 0
}
