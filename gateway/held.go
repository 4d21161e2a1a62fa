// Events held back: what happens while a client is told what it missed waits until that is done.

package gateway

import "parley/chat"

// hold holds an event back until the client has caught up. Its bound is that of the missed events. The text counts
// in the total of what waits, once however many sockets hold it back.
func (l *Listener) hold(event *Event) {
	switch {
	case l.sock.CloseCode() != 0: // nobody will be told
		return
	case len(l.held) == maxMissed:
		l.sock.Cut(chat.CloseSlow, "too much happened while it was told what it missed")
		return
	case len(l.held) == 0:
		l.translator.unread.Join(holder{l})
	}
	l.held = append(l.held, event)
	l.heldBytes.Add(int64(event.bytes))
	if event.holders++; event.holders == 1 {
		l.translator.unread.Add(event.bytes)
		l.translator.unread.Relieve()
	}
}

// release delivers the events that were held back.
func (l *Listener) release() {
	l.caughtUp = true
	defer l.letGo()
	for _, event := range l.held {
		l.deliver(event)
	}
}

func (l *Listener) letGo() {
	for _, event := range l.held {
		if event.holders--; event.holders == 0 {
			l.translator.unread.Add(-event.bytes)
		}
	}
	l.held = nil
	l.heldBytes.Store(0)
	l.translator.unread.Leave(holder{l})
}

// holder is a Listener for which events are held back, as a reader who is cut when too much waits.
type holder struct{ listener *Listener }

// Waiting is how many bytes of text are held back for it.
func (h holder) Waiting() int { return int(h.listener.heldBytes.Load()) }

// CutSlow closes its socket. What is held back is let go once nothing is read for the socket any more.
func (h holder) CutSlow() {
	h.listener.sock.Cut(chat.CloseSlow, "too much waits for others while it is told what it missed")
}
