// The plan: which faults are made, in which order, and about when. It depends on the seed alone.

package check

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"parley/tools/hostile"
)

// FaultKind is a kind of fault.
type FaultKind string

// The kinds of faults.
const (
	faultKill       FaultKind = "kill"        // SIGKILL the server, at a moment that Fault names
	faultKillCommit FaultKind = "kill-commit" // … when it writes to the database or syncs it, with strace
	faultKillSlow   FaultKind = "kill-slow"   // … when it answers, while its writes are slow
	faultDisk       FaultKind = "disk"        // make its disk fail for a while, with strace
	faultStop       FaultKind = "stop"        // SIGTERM it
	faultBackup     FaultKind = "backup"      // copy its data while it runs
	faultCopy       FaultKind = "copy"        // stop it and copy its database by hand
	faultRestore    FaultKind = "restore"     // put the newest copy back, in the way it was made
	faultCut        FaultKind = "cut"         // close connections
	faultReset      FaultKind = "reset"       // reset them
	faultHalf       FaultKind = "half"        // close one direction
	faultPause      FaultKind = "pause"       // carry nothing for a while
	faultTrickle    FaultKind = "trickle"     // carry little for a while
	faultAttack     FaultKind = "attack"      // somebody with one account attacks it for a while
)

// AllFaults are all kinds of faults.
var AllFaults = []FaultKind{
	faultKill, faultKillCommit, faultKillSlow, faultDisk, faultStop, faultBackup, faultCopy, faultRestore,
	faultCut, faultReset, faultHalf, faultPause, faultTrickle, faultAttack,
}

var faultWeights = map[FaultKind]int{
	faultKill: 7, faultKillCommit: 4, faultKillSlow: 3, faultDisk: 4, faultStop: 2,
	faultBackup: 4, faultCopy: 1, faultRestore: 3,
	faultCut: 12, faultReset: 10, faultHalf: 5, faultPause: 14, faultTrickle: 6,
}

const (
	firstFault  = time.Second
	faultEvery  = 900 * time.Millisecond // on average, unless Options.Every says otherwise
	attackEvery = 3 * time.Second        // on average
)

// Fault is one fault.
type Fault struct {
	Kind    FaultKind
	At      time.Duration // after the clients began to act
	Clients []int         // whose connections it disturbs
	For     time.Duration // how long it lasts
	Moment  moment        // when a kill comes; with atOnce, a kill also ends a trouble of the disk
	Nth     int           // the number of the write or sync in a thread of the server, of the trouble, or of the attack
}

// String describes the fault for people.
func (f Fault) String() string {
	switch f.Kind {
	case faultKill:
		return fmt.Sprintf("kill (%s)", f.Moment)
	case faultKillCommit:
		return fmt.Sprintf("kill at write %d", f.Nth)
	case faultDisk:
		text := fmt.Sprintf("disk %s for %d ms", f.trouble().name, f.For.Milliseconds())
		if f.endsInKill() {
			text += ", then kill"
		}
		return text
	case faultKillSlow, faultStop, faultBackup, faultCopy, faultRestore:
		return string(f.Kind)
	case faultAttack:
		return fmt.Sprintf("attack %s for %d ms", f.attack().Name, f.For.Milliseconds())
	case faultPause, faultTrickle:
		return fmt.Sprintf("%s %v for %d ms", f.Kind, f.Clients, f.For.Milliseconds())
	}
	return fmt.Sprintf("%s %v", f.Kind, f.Clients)
}

// newPlan makes the plan of a run. Every plan restores something. None restores anything towards the end: a
// restore makes clients drop their copies, and with them the errors in the copies.
func newPlan(o Options) []Fault {
	random := rand.New(rand.NewPCG(o.Seed, streamPlan))
	plan := []Fault{{Kind: faultBackup, At: o.Time / 5}, {Kind: faultRestore, At: o.Time / 3}}
	for at := firstFault; at < o.Time; {
		f := randomFault(random, o.Clients)
		f.At = at
		if f.Kind != faultRestore || at < o.Time*6/10 {
			plan = append(plan, f)
		}
		at += time.Duration(random.ExpFloat64() * float64(cmp.Or(o.Every, faultEvery)))
	}
	plan = append(plan, planAttacks(o)...)
	slices.SortStableFunc(plan, func(a, b Fault) int { return cmp.Compare(a.At, b.At) })
	return slices.DeleteFunc(plan, func(f Fault) bool { return !slices.Contains(o.Faults, f.Kind) })
}

// planAttacks plans the attacks, which come beside the other faults and change nothing about those. None comes again
// before each has come.
func planAttacks(o Options) (plan []Fault) {
	random := rand.New(rand.NewPCG(o.Seed, streamAttacks))
	order := random.Perm(len(hostile.Attacks))
	for at := firstFault; at < o.Time; at += time.Duration(random.ExpFloat64() * float64(attackEvery)) {
		plan = append(plan, Fault{
			Kind: faultAttack, At: at, Nth: order[len(plan)%len(order)],
			For: time.Duration(500+random.IntN(2500)) * time.Millisecond,
		})
	}
	return plan
}

func (f Fault) attack() hostile.Attack { return hostile.Attacks[f.Nth%len(hostile.Attacks)] }

// randomFault draws the same numbers for each kind of fault. So leaving out one kind changes nothing about
// the others.
func randomFault(random *rand.Rand, clients int) Fault {
	total := 0
	for _, weight := range faultWeights {
		total += weight
	}
	n := random.IntN(total)
	f := Fault{
		For:    time.Duration(100+random.IntN(2500)) * time.Millisecond,
		Moment: moment(random.IntN(4)),
		Nth:    3 + random.IntN(60),
	}
	for _, kind := range AllFaults {
		if n -= faultWeights[kind]; n < 0 {
			f.Kind = kind
			break
		}
	}
	first, many := random.IntN(clients), 1+random.IntN(3)
	if random.IntN(8) == 0 {
		many = clients
	}
	for i := range many {
		f.Clients = append(f.Clients, (first+i)%clients)
	}
	slices.Sort(f.Clients)
	f.Clients = slices.Compact(f.Clients)
	return f
}

// describe describes a plan for people.
func describe(plan []Fault) string {
	var b strings.Builder
	for _, f := range plan {
		fmt.Fprintf(&b, "%.1f s %s\n", f.At.Seconds(), f)
	}
	return b.String()
}
