// Replaying a trace: the folder at a moment, and what may be left of it when the power fails at that moment.

package crashdisk

import (
	"maps"
	"math/rand/v2"
	"slices"
)

// sector is the amount that a disk writes either whole or not at all.
const sector = 512

// Disk is the folder during a replay: what is certainly on disk, and what may be.
type Disk struct {
	events  []event
	next    int
	files   map[int]*file  // by inode
	names   map[string]int // that are certainly on disk
	pending []op           // changes of names that may be on disk
}

// file is the content that is certainly on disk, and the later changes that may be, in their order.
type file struct {
	content []byte
	pending []op
}

// event is an op at the moment from which it counts. A change counts from its begin, since it may be on disk
// from then on. A sync counts from its end.
type event struct {
	moment int
	op     op
}

// Disk starts to replay the trace on a folder that contained these files, which are those whose names Read
// was given.
func (t *Trace) Disk(before map[string][]byte) *Disk {
	d := &Disk{files: map[int]*file{}, names: map[string]int{}}
	for i, name := range slices.Sorted(maps.Keys(before)) {
		d.names[name] = i + 1
		d.files[i+1] = &file{content: slices.Clone(before[name])}
	}
	for _, o := range t.ops {
		if o.kind == sync || o.kind == failedSync || o.kind == syncFolder {
			d.events = append(d.events, event{o.end, o})
		} else {
			d.events = append(d.events, event{o.begin, o})
		}
	}
	slices.SortStableFunc(d.events, func(a, b event) int { return a.moment - b.moment })
	return d
}

// Advance replays up to and including a moment, and reports whether anything happened. It only goes forward.
func (d *Disk) Advance(moment int) (happened bool) {
	for ; d.next < len(d.events) && d.events[d.next].moment <= moment; d.next++ {
		d.apply(d.events[d.next].op)
		happened = true
	}
	return happened
}

// Now is the folder as it is when only the process ends: the system then writes everything to the disk in
// time.
func (d *Disk) Now() map[string][]byte {
	names := maps.Clone(d.names)
	for _, o := range d.pending {
		rearrange(names, o)
	}
	return d.contents(names, func(f *file) []byte {
		content := slices.Clone(f.content)
		for _, o := range f.pending {
			content = changed(content, o, always, sector)
		}
		return content
	})
}

func (d *Disk) contents(names map[string]int, of func(*file) []byte) map[string][]byte {
	all := map[string][]byte{}
	for _, name := range slices.Sorted(maps.Keys(names)) {
		all[name] = of(d.files[names[name]])
	}
	return all
}

func (d *Disk) apply(o op) {
	switch o.kind {
	case write, truncate:
		d.files[o.inode].pending = append(d.files[o.inode].pending, o)
	case sync:
		d.files[o.inode].synced(o)
	case failedSync:
		for i := range d.files[o.inode].pending {
			if change := &d.files[o.inode].pending[i]; change.state == open {
				change.state = doubtful
			}
		}
	case syncFolder:
		for len(d.pending) > 0 && d.pending[0].end < o.begin {
			rearrange(d.names, d.pending[0])
			d.pending = d.pending[1:]
		}
	case create:
		d.files[o.inode] = &file{}
		d.pending = append(d.pending, o)
	default:
		d.pending = append(d.pending, o)
	}
}

// synced makes certain what was done before the sync began.
func (f *file) synced(o op) {
	for i := range f.pending {
		if change := &f.pending[i]; change.state == open && change.end < o.begin {
			change.state = certain
		}
	}
	for len(f.pending) > 0 && f.pending[0].state == certain {
		f.content = changed(f.content, f.pending[0], always, sector)
		f.pending = f.pending[1:]
	}
}

// rearrange applies one change of names.
func rearrange(names map[string]int, o op) {
	switch o.kind {
	case create:
		names[o.name] = o.inode
	case remove:
		delete(names, o.name)
	case link:
		names[o.to] = names[o.name]
	case rename:
		names[o.to] = names[o.name]
		delete(names, o.name)
	}
}

func always(int) bool { return true }

// changed applies one change to a content, in the sectors for which keep returns true. It grows the content
// when needed. It does not shorten the content: Image does.
func changed(content []byte, o op, keep func(sector int) bool, size int) []byte {
	from, to, data := int(o.offset), int(o.offset)+len(o.data), o.data
	if o.kind == truncate {
		if from <= len(content) {
			return content[:from:from]
		}
		to, data = from, nil
	}
	if to > len(content) {
		content = append(content, make([]byte, to-len(content))...)
	}
	for at := from; at < to && data != nil; {
		end := min(to, (at/size+1)*size)
		if keep(at / size) {
			copy(content[at:end], data[at-from:end-from])
		}
		at = end
	}
	return content
}

// Image is a folder as it may be when the power fails now. It has the changes of names up to a random one, in
// their order. In a file that was changed since its last sync, each sector is as it was after some of the
// changes: after the same ones for all sectors, or after different ones for each sector.
func (d *Disk) Image(random *rand.Rand) map[string][]byte {
	names := maps.Clone(d.names)
	for _, o := range d.pending[:random.IntN(len(d.pending)+1)] {
		rearrange(names, o)
	}
	return d.contents(names, func(f *file) []byte { return f.afterPowerLoss(random) })
}

func (f *file) afterPowerLoss(random *rand.Rand) []byte {
	content := slices.Clone(f.content)
	all := len(f.pending)
	kept := func(int) int { return all }
	switch random.IntN(4) {
	case 0: // everything was written in time
	case 1: // nothing was written
		kept = func(int) int { return 0 }
	case 2:
		upTo := random.IntN(all + 1)
		kept = func(int) int { return upTo }
	case 3:
		upTo := map[int]int{}
		kept = func(sector int) int {
			if _, chosen := upTo[sector]; !chosen {
				upTo[sector] = random.IntN(all + 1)
			}
			return upTo[sector]
		}
	}
	size := []int{sector, 8 * sector}[random.IntN(2)]
	for i, o := range f.pending {
		keep := func(sector int) bool { return o.state == certain || kept(sector) > i }
		const ofLength = -1
		if o.kind == truncate && !keep(ofLength) {
			continue
		}
		length := len(content)
		content = changed(content, o, keep, size)
		if !keep(ofLength) && len(content) > length {
			content = content[:length] // the file had not grown yet
		}
	}
	return content
}
