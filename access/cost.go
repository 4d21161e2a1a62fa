// Costs: what each request takes from the budgets of whoever makes it.

package access

import "strconv"

// Cost is what a request takes, before anything of it runs, from what whoever makes it may ask for in a
// second: from their changes or from their reads. Every entry in the tables of routes and events has one. The
// zero Cost takes nothing.
type Cost struct {
	Changes int // one is a message posted to a room
	Reads   int // one is something small that is read
	// Per is how many elements of the request's list, such as people to add, count as one more. 0: the request
	// has no list, or its length costs nothing.
	Per int
}

// Changes is the cost of a request that changes something. What is told to more people costs more.
func Changes(n int) Cost { return Cost{Changes: n} }

// Reads is the cost of a request that only reads.
func Reads(n int) Cost { return Cost{Reads: n} }

// AndOnePer is the cost with one more for every n elements of the request's list.
func (c Cost) AndOnePer(n int) Cost {
	c.Per = n
	return c
}

// Counted is a request with a list. Elements returns the list's length.
type Counted interface{ Elements() int }

// Of returns what a request takes for its list in addition to c, which is the same kind of cost. Without a
// list that counts it takes nothing.
func (c Cost) Of(request any) Cost {
	counted, ok := request.(Counted)
	if c.Per == 0 || !ok {
		return Cost{}
	}
	more := counted.Elements() / c.Per
	if c.Reads > 0 {
		return Reads(more)
	}
	return Changes(more)
}

// IsFree tells whether the cost takes nothing.
func (c Cost) IsFree() bool { return c.Changes == 0 && c.Reads == 0 }

// String writes the cost as the protocol's tables do: "1", "2 reads", "1 + 1 per 4", or nothing for no cost.
func (c Cost) String() string {
	if c.IsFree() {
		return ""
	}
	text := strconv.Itoa(c.Changes + c.Reads)
	if c.Per > 0 {
		text += " + 1 per " + strconv.Itoa(c.Per)
	}
	switch {
	case c.Reads == 1 && c.Per == 0:
		text += " read"
	case c.Reads > 0:
		text += " reads"
	}
	return text
}

// Charge is what a request has taken from its caller's changes, kept until it is known whether the request changed
// anything: see actions.Settle. All its methods may be called on nil, which does nothing. One request uses it, one
// step after the other.
type Charge struct {
	changes   int  // taken
	reads     int  // that it costs besides, if nothing changes
	unchanged bool // a write has changed nothing
	changed   bool // a write has changed something
}

// Take notes that the request has taken changes.
func (c *Charge) Take(changes int) {
	if c != nil {
		c.changes += changes
	}
}

// Work notes work that the request makes, in reads: it is paid when nothing changes.
func (c *Charge) Work(reads int) {
	if c != nil {
		c.reads += reads
	}
}

// Wrote notes that a write of the request was done, and whether it changed anything.
func (c *Charge) Wrote(changed bool) {
	if c != nil {
		c.changed = c.changed || changed
		c.unchanged = c.unchanged || !changed
	}
}

// Refund tells what to give back to whoever made the request, and what to take instead: nothing when it changed
// something, or wrote nothing. A second call tells nothing.
func (c *Charge) Refund() (changes, reads int) {
	if c == nil || c.changed || !c.unchanged {
		return 0, 0
	}
	changes, reads = c.changes, c.changes+c.reads
	*c = Charge{}
	return changes, reads
}
