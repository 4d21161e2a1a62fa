// Lines: what waits in outboxes. A line for many sockets is one piece of memory, and counts once in the budget
// of all that waits.

package rooms

import (
	"sync/atomic"

	"parley/internal/budget"
)

// Line is one line, or several with newlines between. Any number of outboxes may hold it.
type Line struct {
	text    []byte
	holders atomic.Int32 // outboxes that hold it
	apart   bool         // a welcome: it does not count against the limit of its outbox
}

// NewLine makes a line for PutCorked. The text must not be modified afterwards.
func NewLine(text []byte) *Line { return &Line{text: text} }

// hold counts one more outbox. The first takes the bytes of the line from the budget.
func (l *Line) hold(unread *budget.Budget) {
	if l.holders.Add(1) == 1 && unread != nil {
		unread.Add(len(l.text))
	}
}

// release counts one outbox less. The last gives the bytes back.
func (l *Line) release(unread *budget.Budget) {
	if l.holders.Add(-1) == 0 && unread != nil {
		unread.Add(-len(l.text))
	}
}
