// Package places decides who holds the places of a server: its connections, or its sockets. A place is taken by a
// stranger, from an address, and may become that of a person who signs in. Strangers have a share for each
// address, people one for each person, and there are only so many places in all. When there are too many, the
// stranger who has been idle longest goes, so that strangers never keep anybody else out. What a place is, and how
// its holder is made to go, is for its callers.
package places

import (
	"container/list"
	"sync"
)

// Places counts places. Its methods are safe from any goroutine, and it starts none.
type Places struct {
	most, ofAddress, ofPerson int

	mu        sync.Mutex // guards everything below, and all places
	held      int
	strangers line             // those of all addresses
	addresses map[string]*line // strangers by address
	people    map[int64]*line
}

// line is places in the order in which they may have to go: those that are idle before those that are busy, and
// of each those that have been so longest.
type line struct{ idle, busy list.List }

func (l *line) len() int { return l.idle.Len() + l.busy.Len() }

// first is the place that goes first; nil when there is none.
func (l *line) first() *Place {
	for _, of := range []*list.List{&l.idle, &l.busy} {
		if front := of.Front(); front != nil {
			return front.Value.(*Place)
		}
	}
	return nil
}

// add puts a place at the end of those that are as busy as it is. remove takes it away again.
func (l *line) add(p *Place) (remove func()) {
	of := &l.idle
	if p.busy {
		of = &l.busy
	}
	at := of.PushBack(p)
	return func() { of.Remove(at) }
}

// New makes places: most in all, ofAddress for the strangers of each address, and ofPerson for each person.
func New(most, ofAddress, ofPerson int) *Places {
	return &Places{
		most: most, ofAddress: ofAddress, ofPerson: ofPerson,
		addresses: map[string]*line{}, people: map[int64]*line{},
	}
}

// Place is one place that is held.
type Place struct {
	places  *Places
	address string // empty for a place that no address counts, and that never has to go
	leave   func()

	person int64 // 0 for a stranger
	busy   bool
	given  bool     // the place is given back, or was taken away
	out    []func() // take it out of the lines that it is in
}

// Take takes a place for a stranger from an address. The place of another stranger may have to go for it: then
// that one's leave is called, without waiting, and does not count any more. leave must not wait, and may be called
// as soon as Take has begun. An address that is empty stands for many people, as that of a trusted proxy: its
// places count only among all. Take returns nil when all places are held by people.
func (p *Places) Take(address string, leave func()) *Place {
	p.mu.Lock()
	var goes []*Place
	if of := p.addresses[address]; of != nil && of.len() >= p.ofAddress {
		goes = append(goes, of.first())
		p.dropLocked(of.first())
	}
	if p.held >= p.most {
		first := p.strangers.first()
		if first == nil {
			p.mu.Unlock()
			return nil
		}
		goes = append(goes, first)
		p.dropLocked(first)
	}
	taken := &Place{places: p, address: address, leave: leave}
	p.held++
	p.putLocked(taken)
	p.mu.Unlock()
	for _, gone := range goes {
		gone.leave()
	}
	return taken
}

// putLocked puts a place into the lines that it belongs to.
func (p *Places) putLocked(place *Place) {
	switch {
	case place.person != 0:
		place.out = append(place.out, putInto(p.people, place.person, place))
	case place.address != "":
		place.out = append(place.out, p.strangers.add(place), putInto(p.addresses, place.address, place))
	}
}

func putInto[K comparable](lines map[K]*line, key K, place *Place) (remove func()) {
	of := lines[key]
	if of == nil {
		of = &line{}
		lines[key] = of
	}
	out := of.add(place)
	return func() {
		if out(); of.len() == 0 {
			delete(lines, key)
		}
	}
}

func (p *Place) outLocked() {
	for _, out := range p.out {
		out()
	}
	p.out = nil
}

// dropLocked ends a place.
func (p *Places) dropLocked(place *Place) {
	place.given = true
	place.outLocked()
	p.held--
}

// GiveBack ends a place. Once it has been given back or taken away, GiveBack does nothing.
func (p *Place) GiveBack() {
	p.places.mu.Lock()
	defer p.places.mu.Unlock()
	if !p.given {
		p.places.dropLocked(p)
	}
}

// SetBusy notes whether the holder is busy. The time for which they have been idle, or busy, begins anew.
func (p *Place) SetBusy(busy bool) {
	p.places.mu.Lock()
	defer p.places.mu.Unlock()
	if p.given {
		return
	}
	p.outLocked()
	p.busy = busy
	p.places.putLocked(p)
}

// SignIn makes the place one of a person's; it may have been another person's before. When the person has all of
// theirs, the one of them that has been idle longest goes, or else SignIn returns false and changes nothing: the
// place stays a stranger's. A place without an address stays what it is.
func (p *Place) SignIn(person int64) bool {
	all := p.places
	all.mu.Lock()
	if p.given || p.address == "" || p.person == person {
		all.mu.Unlock()
		return true
	}
	var goes *Place
	if of := all.people[person]; of != nil && of.len() >= all.ofPerson {
		if of.idle.Len() == 0 {
			all.mu.Unlock()
			return false
		}
		goes = of.first()
		all.dropLocked(goes)
	}
	p.outLocked()
	p.person = person
	all.putLocked(p)
	all.mu.Unlock()
	if goes != nil {
		goes.leave()
	}
	return true
}

// Counts are how many places are held, and by how many addresses of strangers and how many people.
type Counts struct{ Held, Addresses, People int }

// Counts counts the places.
func (p *Places) Counts() Counts {
	p.mu.Lock()
	defer p.mu.Unlock()
	return Counts{Held: p.held, Addresses: len(p.addresses), People: len(p.people)}
}
