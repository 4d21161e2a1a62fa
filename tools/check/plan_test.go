package check

import (
	"slices"
	"testing"
	"time"

	"parley/tools/hostile"
)

func options(seed uint64) Options {
	return Options{Seed: seed, Time: time.Minute, Clients: 8, Rooms: 3, Faults: AllFaults}
}

func TestASeedGivesTheSamePlan(t *testing.T) {
	plan := describe(newPlan(options(1)))
	if again := describe(newPlan(options(1))); again != plan {
		t.Errorf("the plan of a seed is another the second time:\n%s\n%s", plan, again)
	}
	if other := describe(newPlan(options(2))); other == plan {
		t.Error("two seeds have one plan")
	}
	often := options(1)
	often.Every = faultEvery / 10
	if few, many := len(newPlan(options(1))), len(newPlan(often)); many < 5*few {
		t.Errorf("%d faults, and %d when they come ten times as often", few, many)
	}
}

func TestAPlanHasEveryFaultAndNoneThatIsLeftOut(t *testing.T) {
	of := func(plan []Fault, kind FaultKind) bool {
		return slices.ContainsFunc(plan, func(f Fault) bool { return f.Kind == kind })
	}
	long := options(3)
	long.Time = 10 * time.Minute
	all := newPlan(long)
	for i, kind := range AllFaults {
		if !of(all, kind) {
			t.Errorf("no %s in ten minutes", kind)
		}
		less := long
		less.Faults = slices.Delete(slices.Clone(AllFaults), i, i+1)
		want := slices.DeleteFunc(slices.Clone(all), func(f Fault) bool { return f.Kind == kind })
		if describe(newPlan(less)) != describe(want) {
			t.Errorf("without %s the others are not the same", kind)
		}
	}
}

// A run that is long enough makes every attack there is.
func TestNoAttackComesAgainBeforeEachHasCome(t *testing.T) {
	for seed := range uint64(20) {
		long := options(seed)
		long.Time, long.Faults = 10*time.Minute, []FaultKind{faultAttack}
		came := map[string]int{}
		for i, f := range newPlan(long) {
			came[f.attack().Name]++
			if name, round := f.attack().Name, i/len(hostile.Attacks)+1; came[name] != round {
				t.Fatalf("seed %d: attack %d is %s for the %d. time, in round %d", seed, i, name, came[name], round)
			}
		}
		if len(came) != len(hostile.Attacks) {
			t.Errorf("seed %d: only %d of %d attacks in ten minutes", seed, len(came), len(hostile.Attacks))
		}
	}
}

func TestSmallerRunsLeaveOutOneThingEach(t *testing.T) {
	o := options(1)
	for _, less := range smaller(o) {
		fewer := 0
		for _, is := range []bool{
			less.Time < o.Time, less.Clients < o.Clients, less.Rooms < o.Rooms, len(less.Faults) < len(o.Faults),
		} {
			if is {
				fewer++
			}
		}
		if fewer != 1 || less.Seed != o.Seed {
			t.Errorf("got %s", less)
		}
	}
	least := Options{Seed: 1, Time: leastTime, Clients: leastClients, Rooms: 1}
	if got := smaller(least); len(got) != 0 {
		t.Errorf("less than the least: %v", got)
	}
}

func TestARunCanBeGivenAsACommand(t *testing.T) {
	o := options(7)
	const want = "parley check --seed=7 --seconds=60 --clients=8 --rooms=3"
	if got := o.String(); got != want {
		t.Errorf("got %q", got)
	}
	o.Faults, o.Every = []FaultKind{faultKill, faultCut}, 300*time.Millisecond
	if got := o.String(); got != want+" --every=300ms --faults=kill,cut" {
		t.Errorf("got %q", got)
	}
}
