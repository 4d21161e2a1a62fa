// The dispatcher: the one goroutine that hands what was committed to the sockets it is for, in commit order.

package rooms

import (
	"bytes"
	"cmp"
	"log/slog"
	"runtime/debug"
	"slices"

	"parley/chat"
)

// dispatcher belongs to its goroutine. Its slices are used again for each batch, and cleared after it, since
// the largest would keep its sockets and its texts alive.
type dispatcher struct {
	rooms    *Rooms
	run      []*chat.Change // to be told room by room
	lines    [][]byte
	audience []recipient
	corked   []*Socket // have lines that have not been sent yet
}

// recipient is a socket in a room and the first of the room's changes that it does not know yet.
type recipient struct {
	sock *Socket
	from int
}

// dispatchAll takes batches as they come. All that waits is put into the outboxes before any of it is sent,
// so that what belongs together leaves together: the more waits, the larger the frames. What comes meanwhile
// has to wait in turn, since there might be no end of it.
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

// take puts a batch and its answers into the outboxes.
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

// recover is deferred: after a panic halfway nobody can be sure of who was told what.
func (d *dispatcher) recover() {
	if p := recover(); p != nil {
		slog.Error("panic in the dispatcher", "panic", p, "stack", string(debug.Stack()))
		d.run = d.run[:0]
		d.rooms.startOver()
	}
}

// send lets go what was put.
func (d *dispatcher) send() {
	defer d.recover()
	for _, sock := range d.corked {
		sock.out.uncork()
	}
	clear(d.corked)
	d.corked = d.corked[:0]
}

func (d *dispatcher) put(sock *Socket, line []byte) {
	if sock.PutCorked(line) {
		d.corked = append(d.corked, sock)
	}
}

// tellPeople is for a change that is private to a user, or for everyone.
func (d *dispatcher) tellPeople(c *chat.Change) {
	d.audience = d.rooms.apply(c, d.audience[:0])
	if len(d.audience) == 0 {
		return
	}
	line, err := chat.Encode(c.Event, "", c.Data)
	if err != nil {
		slog.Error("rooms: encode", "event", c.Event, "error", err)
		return
	}
	d.rooms.counts.deliveries.Add(int64(len(d.audience)))
	for _, to := range d.audience {
		if to.sock.Dialect != nil {
			to.sock.Dialect.Tell(to.sock, c)
		} else {
			d.put(to.sock, line)
		}
		if c.Ended != nil {
			to.sock.Finish(chat.CloseSignedOut, "the session ended")
		}
	}
	clear(d.audience)
}

// tellRooms tells a run of changes, in which nobody comes or goes, room by room: each is encoded once, and
// those of one room are put into each outbox as one.
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

// tellRoom tells changes of one room.
func (d *dispatcher) tellRoom(changes []*chat.Change) {
	d.audience = d.rooms.applyToRoom(changes, d.audience[:0])
	if len(d.audience) == 0 {
		return
	}
	if !d.encode(changes) {
		return
	}
	whole := bytes.Join(d.lines, []byte{'\n'})
	deliveries := 0
	for _, to := range d.audience {
		deliveries += len(d.lines) - to.from
		if to.sock.Dialect != nil {
			for _, c := range changes[to.from:] {
				to.sock.Dialect.Tell(to.sock, c)
			}
			continue
		}
		if to.from == 0 && len(whole) <= maxFrame {
			d.put(to.sock, whole)
			continue
		}
		for _, line := range d.lines[to.from:] {
			d.put(to.sock, line)
		}
	}
	clear(d.audience)
	clear(d.lines)
	d.rooms.counts.deliveries.Add(int64(deliveries))
}

func (d *dispatcher) encode(changes []*chat.Change) bool {
	d.lines = d.lines[:0]
	for _, c := range changes {
		line, err := chat.Encode(c.Event, "", c.Data)
		if err != nil { // a hole for everyone: they have to ask
			slog.Error("rooms: encode", "event", c.Event, "error", err)
			d.rooms.startOver()
			return false
		}
		d.lines = append(d.lines, line)
	}
	return true
}
