// The ledger records what was sent and who has received it, so that it finds every message that is lost,
// doubled, out of order or in a wrong room.

package load

// sender is a member who publishes.
type sender struct {
	conn *connection
	room *room
	sent int
	// first is the number of the oldest message under way. left holds, for each message from first on, how
	// many members have not received it yet.
	first int
	left  []int
	under int // messages under way
	owed  int // messages that it may still send
}

// room is a room in which messages are published.
type room struct {
	senders []sender
	reading int // members who are connected and read
}

// Faults are what a server did wrong towards members who read.
type Faults struct {
	Lost        int64 `json:"lost"`         // deliveries that never came
	Doubled     int64 `json:"doubled"`      // deliveries that came again
	Disordered  int64 `json:"out_of_order"` // deliveries after a later one of the same sender
	Misdirected int64 `json:"wrong_room"`   // deliveries to members of another room
	Unsent      int64 `json:"never_sent"`   // deliveries of messages that nobody sent
	Refused     int64 `json:"refused"`      // messages that the server refused; they also count as lost
}

// None reports whether there are no faults.
func (f Faults) None() bool { return f == Faults{} }

type ledger struct {
	rooms     []room
	faults    Faults
	delivered int64 // to members who read
	sent      int64
	underWay  int
	// completed is called when all members who read have received a message.
	completed func(s *sender)
}

func newLedger(o Options, all []*connection) *ledger {
	l := &ledger{rooms: make([]room, o.Active)}
	for _, c := range all {
		if c.member.Room >= o.Active {
			continue
		}
		r := &l.rooms[c.member.Room]
		if c.member.Place < o.Senders {
			r.senders = append(r.senders, sender{conn: c, room: r})
		}
		if !c.stalls {
			r.reading++
		}
		c.lanes = make([]lane, o.Senders)
	}
	return l
}

// send notes that a sender sends its next message, and returns the message's number.
func (l *ledger) send(s *sender) int {
	s.left = append(s.left, s.room.reading)
	s.sent++
	s.under++
	l.sent++
	l.underWay++
	return s.sent - 1
}

// deliver notes that a message came to a member.
func (l *ledger) deliver(c *connection, m marker) {
	if m.room != c.member.Room {
		l.faults.Misdirected++
		return
	}
	if m.sender >= len(c.lanes) || m.number >= l.rooms[m.room].senders[m.sender].sent {
		l.faults.Unsent++
		return
	}
	s, have := &l.rooms[m.room].senders[m.sender], &c.lanes[m.sender]
	if m.number < have.next {
		l.deliverLate(c, have, m.number)
		return
	}
	l.skip(c, s, have, m.number)
	have.next = m.number + 1
	if !c.stalls {
		l.delivered++
	}
	l.settle(c, s, m.number)
}

// deliverLate handles a message that came after a later one, or after the member was gone.
func (l *ledger) deliverLate(c *connection, have *lane, number int) {
	if !have.take(number) {
		l.faults.Doubled++
		return
	}
	if !have.inOrder(number) {
		l.faults.Disordered++
	}
	if !c.stalls {
		l.delivered++
	}
}

// settle takes one member off the count that a message under way waits for.
func (l *ledger) settle(c *connection, s *sender, number int) {
	if c.stalls {
		return
	}
	s.left[number-s.first]--
	for len(s.left) > 0 && s.left[0] <= 0 {
		s.left = s.left[1:]
		s.first++
	}
	if number >= s.first && s.left[number-s.first] > 0 {
		return
	}
	s.under--
	l.underWay--
	l.completed(s)
}

// gone notes that a member will not receive what is under way to it, so that nobody waits for that.
func (l *ledger) gone(c *connection) {
	if c.member.Room >= len(l.rooms) || c.stalls {
		return
	}
	r := &l.rooms[c.member.Room]
	r.reading--
	for i := range r.senders {
		l.skip(c, &r.senders[i], &c.lanes[i], r.senders[i].sent)
	}
}

// back notes that a member who was gone reads again. Nobody waits for it to receive what was sent meanwhile.
func (l *ledger) back(c *connection) {
	if c.member.Room >= len(l.rooms) || c.stalls {
		return
	}
	r := &l.rooms[c.member.Room]
	r.reading++
	for i := range r.senders {
		c.lanes[i].returned(r.senders[i].sent)
	}
}

// skip notes that a member goes on without the messages below a number. They may be late or lost, but nobody
// waits for them.
func (l *ledger) skip(c *connection, s *sender, have *lane, number int) {
	for n := have.skip(number); n < number; n++ {
		l.settle(c, s, n)
	}
}

// missed counts the messages that were sent to a member and never came.
func (l *ledger) missed(c *connection) int64 {
	var missed int
	for i, have := range c.lanes {
		missed += l.rooms[c.member.Room].senders[i].sent - have.next + have.count()
	}
	return int64(missed)
}

// close counts what was lost. It is called when nothing more comes.
func (l *ledger) close(all []*connection) Faults {
	for _, c := range all {
		if !c.stalls {
			l.faults.Lost += l.missed(c)
		}
	}
	return l.faults
}
