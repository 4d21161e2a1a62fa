// The dispatcher: the one goroutine that hands each committed change to the sockets that should get it, in
// commit order.

package rooms

import (
	"bytes"
	"cmp"
	"log/slog"
	"runtime/debug"
	"slices"

	"parley/chat"
)

// dispatcher is the state of that goroutine; nothing else uses it. Its slices are used again for each batch.
// They are cleared after each, since the unused end of a slice would keep sockets and texts of an earlier
// batch alive.
type dispatcher struct {
	rooms    *Rooms
	run      []*chat.Change // changes of rooms that wait to be told together
	lines    [2]lines       // of the run: as whole events, and with deltas
	audience []recipient
	corked   []*Socket // sockets with lines in their outboxes that are not sent yet
}

// recipient is a socket, and the index of the first of a room's changes that the socket does not know yet.
type recipient struct {
	sock *Socket
	from int
}

// dispatchAll takes batches as they come. It puts all batches that wait into the outboxes before it sends any
// of them, so that the lines for a socket leave in few frames: the more batches wait, the larger the frames.
// It takes at most maxBatches before it sends, since batches might come without an end.
func (r *Rooms) dispatchAll() {
	d := dispatcher{rooms: r}
	for batch := range r.batches {
		d.take(batch)
		for taken, more := 1, true; more && taken < maxBatches; taken++ {
			select {
			case batch, more = <-r.batches:
				if more {
					d.take(batch)
				}
			default:
				more = false
			}
		}
		d.send()
	}
}

// take puts the changes of a batch into the outboxes, and then answers the writes of the batch. It collects
// the changes of rooms, and tells them together before each change that may move a user in or out of a room.
func (d *dispatcher) take(batch committed) {
	defer batch.answer()
	defer d.recover()
	for i := range batch.changes {
		c := &batch.changes[i]
		if c.Room != 0 && c.User == 0 && !c.Lost {
			d.run = append(d.run, c)
			continue
		}
		d.tellRooms()
		if c.Lost {
			d.rooms.startOver()
			continue
		}
		d.tellPeople(c)
	}
	d.tellRooms()
}

// recover is deferred. After a panic nobody knows which sockets were told what, so all of them start over.
func (d *dispatcher) recover() {
	if p := recover(); p != nil {
		slog.Error("panic in the dispatcher", "panic", p, "stack", string(debug.Stack()))
		d.run = d.run[:0]
		d.rooms.startOver()
	}
}

// send lets the outboxes send the lines that were put into them.
func (d *dispatcher) send() {
	defer d.recover()
	for _, sock := range d.corked {
		sock.out.uncork()
	}
	clear(d.corked)
	d.corked = d.corked[:0]
}

// put puts a line into a socket's outbox, and notes a socket whose outbox send has to uncork.
func (d *dispatcher) put(sock *Socket, line *Line) {
	if sock.PutCorked(line) {
		d.corked = append(d.corked, sock)
	}
}

// tellPeople tells a change that is private to a user, or that is for everyone.
func (d *dispatcher) tellPeople(c *chat.Change) {
	d.audience = d.rooms.apply(c, d.audience[:0])
	if len(d.audience) == 0 {
		return
	}
	text, err := chat.Encode(c.Event, "", c.Data)
	if err != nil {
		slog.Error("rooms: encode", "event", c.Event, "error", err)
		return
	}
	line := NewLine(text)
	d.rooms.counts.deliveries.Add(int64(len(d.audience)))
	for _, to := range d.audience {
		if to.sock.Dialect != nil {
			to.sock.tellDialect(c)
		} else {
			d.put(to.sock, line)
		}
		if c.Ended != nil {
			d.end(to.sock, c.EndCode)
		}
	}
	clear(d.audience)
}

// end ends a socket whose session has ended: it is told nothing that comes after, however long it takes to read what
// came before. Its outbox is not sealed for a dialect, which has yet to translate that.
func (d *dispatcher) end(sock *Socket, code int) {
	if sock.ended = true; sock.Dialect == nil {
		sock.out.seal()
	}
	sock.Finish(code, "the session ended")
}

// tellRooms tells the collected changes, room by room. Nobody joins or leaves a room between them. Each
// change is encoded once, and the changes of one room go into each outbox as one piece.
func (d *dispatcher) tellRooms() {
	slices.SortStableFunc(d.run, func(a, b *chat.Change) int { return cmp.Compare(a.Room, b.Room) })
	for rest := d.run; len(rest) > 0; {
		n := 1
		for n < len(rest) && rest[n].Room == rest[0].Room {
			n++
		}
		d.tellRoom(rest[:n])
		rest = rest[n:]
	}
	clear(d.run)
	d.run = d.run[:0]
}

// lines are the changes of one room as they are sent: each by itself, and all together.
type lines struct {
	each []*Line
	all  *Line
}

// The forms in which a socket is told changes.
const (
	wholly = iota
	deltas
)

// form is the form in which the socket is told changes. The socket has no dialect.
func (s *Socket) form() int {
	if s.Deltas {
		return deltas
	}
	return wholly
}

// tellRoom tells changes of one room to the sockets in it. A socket that knows the first changes gets only
// the rest.
func (d *dispatcher) tellRoom(changes []*chat.Change) {
	d.audience = d.rooms.applyToRoom(changes, d.audience[:0])
	if !d.encode(changes) {
		return
	}
	deliveries := 0
	for _, to := range d.audience {
		deliveries += len(changes) - to.from
		if to.sock.Dialect != nil {
			for _, c := range changes[to.from:] {
				to.sock.tellDialect(c)
			}
			continue
		}
		as := &d.lines[to.sock.form()]
		if to.from == 0 && len(as.all.text) <= maxFrame {
			d.put(to.sock, as.all)
			continue
		}
		for _, line := range as.each[to.from:] {
			d.put(to.sock, line)
		}
	}
	clear(d.audience)
	for i := range d.lines {
		clear(d.lines[i].each)
		d.lines[i].all = nil
	}
	d.rooms.counts.deliveries.Add(int64(deliveries))
}

// encode encodes changes into d.lines, in each form that somebody in the audience needs. A line that is the
// same in both forms is encoded once. When a change has no JSON it starts over and returns false.
func (d *dispatcher) encode(changes []*chat.Change) bool {
	var needed [len(d.lines)]bool
	for _, to := range d.audience {
		if to.sock.Dialect == nil {
			needed[to.sock.form()] = true
		}
	}
	for i := range d.lines {
		d.lines[i].each = d.lines[i].each[:0]
	}
	for _, c := range changes {
		var text []byte
		var err error
		if needed[wholly] || needed[deltas] && c.Delta == nil {
			text, err = chat.Encode(c.Event, "", c.Data)
		}
		line := NewLine(text)
		delta := line
		if needed[deltas] && c.Delta != nil && err == nil {
			text, err = chat.Encode(c.Delta.Event, "", c.Delta.Data)
			delta = NewLine(text)
		}
		if err != nil { // every socket would miss this event, so all of them have to ask
			slog.Error("rooms: encode", "event", c.Event, "error", err)
			d.rooms.startOver()
			return false
		}
		d.lines[wholly].each = append(d.lines[wholly].each, line)
		d.lines[deltas].each = append(d.lines[deltas].each, delta)
	}
	for i := range d.lines {
		if needed[i] {
			d.lines[i].all = joined(d.lines[i].each)
		}
	}
	return true
}

// joined makes one line of several. One alone stays as it is, so that it counts once.
func joined(each []*Line) *Line {
	if len(each) == 1 {
		return each[0]
	}
	texts := make([][]byte, len(each))
	for i, line := range each {
		texts[i] = line.text
	}
	return NewLine(bytes.Join(texts, []byte{'\n'}))
}
