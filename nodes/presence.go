// Presence across the nodes: each node tells the others who is at its sockets.

package nodes

import (
	"context"
	"slices"
	"sync"
	"time"

	"parley/chat"
)

const (
	heartbeatEvery = 4 * time.Second
	// deadAfter is after how long without a word a node is forgotten, with all its people.
	deadAfter = 12 * time.Second
	// askAgain is how long a node waits for an answer before it asks again, and how long one that has answered waits
	// before it answers again. An answer is for all that have asked.
	askAgain  = time.Second
	tickEvery = 500 * time.Millisecond

	otherNodes  = 64      // of how many nodes a node remembers the people
	mostPeople  = 250_000 // of all other nodes together, and of this one; somebody at two nodes counts twice
	piecePeople = 4096    // in one message, and in one call of onChange
)

// Presence knows who is at the sockets of the other nodes of a server, and tells them who is at those of this one. Its
// methods are safe from any goroutine.
type Presence struct {
	kind     byte
	now      func() time.Time
	onChange func(users []chat.UserID)

	mu sync.RWMutex
	// self and send are of the bus, after Join.
	self string
	send func(kind byte, payload []byte)
	// mine are the people of this node, as they were told.
	mine     map[chat.UserID]state
	number   uint64 // of the last change of mine
	beatAt   time.Time
	answerAt time.Time
	asked    bool // an answer is due
	nodes    map[string]*otherNode
	// elsewhere is at how many other nodes somebody is.
	elsewhere     map[chat.UserID]int
	onlyElsewhere int // how many of them are not in mine
	entries       int // in the maps of all nodes
	counts        PresenceCounts
}

// PresenceCounts are for metrics.
type PresenceCounts struct {
	Nodes   int    // other nodes that are heard
	People  int    // at other nodes; somebody at two of them counts twice
	Asked   uint64 // how often this node has asked another for all of its people
	Told    uint64 // how often it has told all of its own
	Dropped uint64 // nodes, people and messages beyond the bounds, and messages that cannot be read
	Died    uint64 // nodes that were forgotten since nothing was heard of them
}

// state is where somebody is at one node, and since when.
type state struct {
	away  bool
	since int64
}

// otherNode is what is known of another node. One that has told nothing yet has nobody at number 0.
type otherNode struct {
	heardAt time.Time
	askedAt time.Time
	number  uint64
	// unsure means that changes are missing: people stay as they are until the node has told all.
	unsure bool
	// cut means that some of its people did not fit.
	cut    bool
	people map[chat.UserID]state
	// coming are the people of an answer of which not all pieces are there; nil when there is none.
	coming    map[chat.UserID]state
	comingCut bool
	nextPiece uint64
}

// NewPresence makes a Presence with a clock, whose messages have a kind of their own on the bus. It says nothing before
// Join. OnChange gets people whose state at other nodes may be another one, at most 4,096 a call; it is called by Heard
// and by Run, without a lock, and may be nil.
func NewPresence(kind byte, now func() time.Time, onChange func(users []chat.UserID)) *Presence {
	if onChange == nil {
		onChange = func([]chat.UserID) {}
	}
	return &Presence{
		kind: kind, now: now, onChange: onChange, send: func(byte, []byte) {},
		mine: map[chat.UserID]state{}, nodes: map[string]*otherNode{}, elsewhere: map[chat.UserID]int{},
	}
}

// Join has the Presence speak over a bus, whose handlers are to call Heard and Up.
func (p *Presence) Join(bus *Bus) { p.join(bus.ID(), bus.Publish) }

func (p *Presence) join(self string, send func(kind byte, payload []byte)) {
	p.mu.Lock()
	p.self, p.send = self, send
	p.mu.Unlock()
	p.Up()
}

// Run does what is due by the clock until the context ends.
func (p *Presence) Run(ctx context.Context) {
	ticker := time.NewTicker(tickEvery)
	defer ticker.Stop()
	for {
		p.tick()
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

// Tell tells the other nodes of people of this one. Whoever is offline is no more at a socket of this node. The caller
// tells somebody at most once a second. Those whose state was told before are left out.
func (p *Presence) Tell(people []chat.Presence) {
	p.mu.Lock()
	defer p.mu.Unlock()
	changed := make([]chat.Presence, 0, min(len(people), piecePeople))
	for _, one := range people {
		if p.setMine(one) {
			changed = append(changed, one)
		}
	}
	for part := range slices.Chunk(changed, piecePeople) {
		p.number++
		p.send(p.kind, writeChanges(p.number, part))
	}
}

// setMine notes the state of somebody at this node, and tells whether it is another one.
func (p *Presence) setMine(one chat.Presence) bool {
	before, was := p.mine[one.UserID]
	if one.State == chat.Offline {
		if was {
			delete(p.mine, one.UserID)
			if p.elsewhere[one.UserID] > 0 {
				p.onlyElsewhere++
			}
		}
		return was
	}
	after := stateOf(one)
	if was && before == after {
		return false
	}
	if !was {
		if len(p.mine) >= mostPeople {
			p.counts.Dropped++
			return false
		}
		if p.elsewhere[one.UserID] > 0 {
			p.onlyElsewhere--
		}
	}
	p.mine[one.UserID] = after
	return true
}

func stateOf(one chat.Presence) state {
	return state{away: one.State == chat.Away, since: max(0, one.LastSeenAt)}
}

// Of is the state of somebody over all other nodes: online when they are online at one of them, and since the first of
// these times. Who is at none is offline, with no time.
func (p *Presence) Of(user chat.UserID) chat.Presence {
	p.mu.RLock()
	defer p.mu.RUnlock()
	all := chat.Presence{UserID: user, State: chat.Offline}
	if p.elsewhere[user] == 0 {
		return all
	}
	for _, node := range p.nodes {
		at, is := node.people[user]
		if !is {
			continue
		}
		if all.State == chat.Offline || at.since < all.LastSeenAt {
			all.LastSeenAt = at.since
		}
		if !at.away {
			all.State = chat.Online
		} else if all.State == chat.Offline {
			all.State = chat.Away
		}
	}
	return all
}

// Online is how many people are online or away, at this node as Tell has it or at others. Everybody counts once.
func (p *Presence) Online() int {
	p.mu.RLock()
	defer p.mu.RUnlock()
	return len(p.mine) + p.onlyElsewhere
}

// OnlyElsewhere is how many of them are at other nodes and not at this one.
func (p *Presence) OnlyElsewhere() int {
	p.mu.RLock()
	defer p.mu.RUnlock()
	return p.onlyElsewhere
}

// Counts returns the counts now.
func (p *Presence) Counts() PresenceCounts {
	p.mu.RLock()
	defer p.mu.RUnlock()
	counts := p.counts
	counts.Nodes, counts.People = len(p.nodes), p.entries
	return counts
}

// Up is to be called when messages begin to arrive: it asks all other nodes for their people, and shows this one.
func (p *Presence) Up() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.heartbeat()
	p.ask("")
}

// tick does what is due.
func (p *Presence) tick() {
	now := p.now()
	p.mu.Lock()
	if now.Sub(p.beatAt) >= heartbeatEvery {
		p.heartbeat()
	}
	if p.asked {
		p.answer()
	}
	var changed []chat.UserID
	for from, node := range p.nodes {
		if now.Sub(node.heardAt) >= deadAfter {
			changed = append(changed, p.replace(node, nil)...)
			p.dropComing(node)
			delete(p.nodes, from)
			p.counts.Died++
		}
	}
	p.mu.Unlock()
	p.tellChanged(changed)
}

func (p *Presence) tellChanged(users []chat.UserID) {
	for part := range slices.Chunk(users, piecePeople) {
		p.onChange(part)
	}
}

func (p *Presence) heartbeat() {
	p.beatAt = p.now()
	p.send(p.kind, writeHeartbeat(p.number, len(p.mine)))
}

// ask asks a node for all of its people; "" asks every node.
func (p *Presence) ask(whom string) {
	p.counts.Asked++
	p.send(p.kind, writeAsk(whom))
}

// answer tells all people of this node in pieces, unless it has just done so: then it is done later.
func (p *Presence) answer() {
	now := p.now()
	if p.asked = now.Sub(p.answerAt) < askAgain; p.asked {
		return
	}
	p.answerAt = now
	p.counts.Told++
	all := make([]chat.Presence, 0, len(p.mine))
	for user, at := range p.mine {
		all = append(all, at.presence(user))
	}
	parts := slices.Collect(slices.Chunk(all, piecePeople))
	if len(parts) == 0 {
		parts = [][]chat.Presence{nil}
	}
	for i, part := range parts {
		p.send(p.kind, writePiece(p.number, uint64(i), uint64(len(parts)), part))
	}
}

func (s state) presence(user chat.UserID) chat.Presence {
	if s.away {
		return chat.Presence{UserID: user, State: chat.Away, LastSeenAt: s.since}
	}
	return chat.Presence{UserID: user, State: chat.Online, LastSeenAt: s.since}
}

// Heard takes what another node has said with the kind of this Presence.
func (p *Presence) Heard(from string, payload []byte) {
	said, ok := readPresence(payload)
	p.mu.Lock()
	var changed []chat.UserID
	if node := p.nodeOf(from); !ok || node == nil {
		p.counts.Dropped++
	} else {
		node.heardAt = p.now()
		changed = p.take(from, node, said)
	}
	p.mu.Unlock()
	p.tellChanged(changed)
}

// nodeOf is what is known of a node; nil when there are too many.
func (p *Presence) nodeOf(from string) *otherNode {
	node := p.nodes[from]
	if node == nil && len(p.nodes) < otherNodes {
		node = &otherNode{people: map[chat.UserID]state{}}
		p.nodes[from] = node
	}
	return node
}

// take takes what a node says, and returns the people for whom it may change something.
func (p *Presence) take(from string, node *otherNode, said said) (changed []chat.UserID) {
	if said.what != piece && node.coming != nil { // a node tells all in a row: the rest is lost
		p.dropComing(node)
		node.unsure = true
	}
	switch said.what {
	case asks:
		if said.whom == "" || said.whom == p.self {
			p.answer()
		}
	case beats:
		same := node.number == said.number && (node.cut || uint64(len(node.people)) == said.count)
		node.unsure = node.unsure || !same
	case changes:
		switch {
		case said.number <= node.number: // it was in an answer
		case node.unsure || said.number != node.number+1:
			node.unsure = true
		default:
			node.number = said.number
			for _, one := range said.people {
				if p.set(node, one) {
					changed = append(changed, one.UserID)
				}
			}
		}
	case piece:
		changed = p.takePiece(node, said)
	}
	if now := p.now(); node.unsure && node.coming == nil && now.Sub(node.askedAt) >= askAgain {
		node.askedAt = now
		p.ask(from)
	}
	return changed
}

// takePiece takes a piece of all people of a node. With the last piece they replace those that were known.
func (p *Presence) takePiece(node *otherNode, said said) []chat.UserID {
	if said.index == 0 {
		p.dropComing(node)
		node.coming = map[chat.UserID]state{}
	}
	if said.index != node.nextPiece || node.coming == nil {
		p.dropComing(node)
		node.unsure = true
		return nil
	}
	for _, one := range said.people {
		if _, is := node.coming[one.UserID]; is {
			continue
		}
		// Those whom it will replace leave, and need no place.
		if p.entries-len(node.people) >= mostPeople {
			p.counts.Dropped++
			node.comingCut = true
			continue
		}
		node.coming[one.UserID] = stateOf(one)
		p.entries++
	}
	if node.nextPiece++; node.nextPiece < said.count {
		return nil
	}
	coming, cut := node.coming, node.comingCut
	p.dropComing(node)
	changed := p.replace(node, coming)
	node.number, node.unsure, node.cut = said.number, false, cut
	return changed
}

// dropComing ends an answer.
func (p *Presence) dropComing(node *otherNode) {
	p.entries -= len(node.coming)
	node.coming, node.comingCut, node.nextPiece = nil, false, 0
}

// replace puts other people in the place of those of a node, and returns those for whom it changes something.
func (p *Presence) replace(node *otherNode, people map[chat.UserID]state) (changed []chat.UserID) {
	for user := range node.people {
		if _, stays := people[user]; !stays {
			p.set(node, chat.Presence{UserID: user, State: chat.Offline})
			changed = append(changed, user)
		}
	}
	for user, at := range people {
		if p.set(node, at.presence(user)) {
			changed = append(changed, user)
		}
	}
	return changed
}

// set notes the state of somebody at a node, and tells whether it is another one.
func (p *Presence) set(node *otherNode, one chat.Presence) bool {
	before, was := node.people[one.UserID]
	if one.State == chat.Offline {
		if was {
			delete(node.people, one.UserID)
			p.entries--
			if p.elsewhere[one.UserID]--; p.elsewhere[one.UserID] == 0 {
				delete(p.elsewhere, one.UserID)
				p.countOnlyElsewhere(one.UserID, -1)
			}
		}
		return was
	}
	after := stateOf(one)
	if !was {
		if p.entries >= mostPeople {
			p.counts.Dropped++
			node.cut = true
			return false
		}
		p.entries++
		if p.elsewhere[one.UserID]++; p.elsewhere[one.UserID] == 1 {
			p.countOnlyElsewhere(one.UserID, 1)
		}
	}
	node.people[one.UserID] = after
	return !was || before != after
}

func (p *Presence) countOnlyElsewhere(user chat.UserID, by int) {
	if _, here := p.mine[user]; !here {
		p.onlyElsewhere += by
	}
}
