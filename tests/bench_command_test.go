// "parley bench" as people run it: small runs of the real command.

package tests

import (
	"context"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"parley/chat"
	"parley/client"
	"parley/internal/wait"
	"parley/tests/harness"
	"parley/tools/hostile"
)

// bench runs a scenario in a folder of its own and gives what it printed as JSON.
func bench(t *testing.T, args ...string) map[string]any {
	t.Helper()
	p := harness.Launch(t, nil, append([]string{"bench", "--json", "--seconds=0.3"}, args...)...)
	if status := p.Wait(t); status != 0 {
		t.Fatalf("status %d: %s", status, p.Stderr.String())
	}
	checkNothingLeft(t, p)
	var report struct {
		Scenario string
		Parley   string
		Machine  struct{ CPUs int }
		Figures  map[string]any
	}
	if err := json.Unmarshal([]byte(p.Stdout.String()), &report); err != nil {
		t.Fatalf("%v: %q", err, p.Stdout.String())
	}
	if want := args[0]; report.Scenario != want || report.Parley != "dev" || report.Machine.CPUs < 1 {
		t.Errorf("the report is of %+v, want %s", report, want)
	}
	return report.Figures
}

// checkNothingLeft looks at the folder that a bench ran in.
func checkNothingLeft(t *testing.T, p *harness.Program) {
	t.Helper()
	left, err := filepath.Glob(filepath.Join(p.Process().Cmd.Dir, "*"))
	if err != nil || len(left) > 0 {
		t.Errorf("the bench left %q behind (%v)", left, err)
	}
}

// figure finds a number in JSON by its path.
func figure(t *testing.T, in map[string]any, path ...string) float64 {
	t.Helper()
	for _, name := range path[:len(path)-1] {
		inner, ok := in[name].(map[string]any)
		if !ok {
			t.Fatalf("there is no %q in %v", name, in)
		}
		in = inner
	}
	n, ok := in[path[len(path)-1]].(float64)
	if !ok {
		t.Fatalf("there is no number %q in %v", path, in)
	}
	return n
}

// ofEachRun finds a number in each of several runs.
func ofEachRun(t *testing.T, in map[string]any, name string) []float64 {
	t.Helper()
	var all []float64
	runs, _ := in["runs"].([]any)
	for _, run := range runs {
		all = append(all, figure(t, run.(map[string]any), name))
	}
	return all
}

func TestBenchFanoutLosesNothing(t *testing.T) {
	t.Parallel()
	profiles := t.TempDir()
	found := bench(t, "fanout", "--rooms=2", "--members=5", "--senders=2", "--idle=7", "--cpus=1", "--memory=64MiB",
		"--profile="+profiles)
	for _, name := range []string{"cpu-1.pprof", "heap-1.pprof"} {
		if info, err := os.Stat(filepath.Join(profiles, name)); err != nil || info.Size() == 0 {
			t.Errorf("there is no profile %s (%v)", name, err)
		}
	}
	if got := figure(t, found, "connections"); got != 20 { // 2 rooms where people write, 2 where nobody does
		t.Errorf("%v connections, want 20", got)
	}
	sent, seen := figure(t, found, "messages"), figure(t, found, "deliveries")
	if sent == 0 || seen == 0 || figure(t, found, "latency", "p50_ms") <= 0 {
		t.Errorf("%v messages were sent and %v seen: %v", sent, seen, found)
	}
	for _, fault := range []string{"lost", "doubled", "out_of_order", "wrong_room", "never_sent", "refused"} {
		if n := figure(t, found, "faults", fault); n != 0 {
			t.Errorf("%s: %v", fault, n)
		}
	}
}

func TestBenchDurableComparesInOneRun(t *testing.T) {
	t.Parallel()
	found := bench(t, "durable", "--senders=10", "--under-way=20", "--stored=100")
	for _, path := range [][]string{
		{"server", "messages_per_second"},
		{"one_sender", "messages_per_second"},
		{"store_alone", "acks_per_second"},
		{"disk", "syncs_per_second"},
		{"store_acks_to_disk_syncs"},
		{"server_acks_to_store_acks"},
		{"one_sender_p50_to_disk_p50"},
	} {
		if figure(t, found, path...) <= 0 {
			t.Errorf("%q is not there: %v", path, found)
		}
	}
}

func TestBenchIdleCountsEveryone(t *testing.T) {
	t.Parallel()
	found := bench(t, "idle", "--people=20,40", "--members=10")
	if people := ofEachRun(t, found, "connections"); !slices.Equal(people, []float64{20, 40}) {
		t.Errorf("got runs with %v, want 20 and 40", people)
	}
}

func TestBenchDoorsMeasuresEachDoor(t *testing.T) {
	t.Parallel()
	found := bench(t, "doors", "--rooms=2", "--members=5", "--senders=2", "--people=20")
	runs, _ := found["runs"].([]any)
	var names []string
	for _, run := range runs {
		run := run.(map[string]any)
		names = append(names, run["door"].(string))
		sent, seen := figure(t, run, "fanout", "messages"), figure(t, run, "fanout", "deliveries")
		if sent == 0 || seen == 0 {
			t.Errorf("%s: %v messages were sent and %v seen", run["door"], sent, seen)
		}
		if people := figure(t, run, "idle", "connections"); people != 20 {
			t.Errorf("%s: %v connections, want 20", run["door"], people)
		}
	}
	if want := []string{"native", "plain WebSocket", "Socket.IO"}; !slices.Equal(names, want) {
		t.Errorf("got %q, want %q", names, want)
	}
}

func TestBenchStormBringsWhatWasMissed(t *testing.T) {
	t.Parallel()
	// 3 rooms with 150 messages each are more than one answer holds.
	found := bench(t, "storm", "--people=20", "--members=10", "--rooms=3", "--missed=250")
	if got, want := figure(t, found, "messages"), 20.0*3*250; got != want || figure(t, found, "missing") != 0 {
		t.Errorf("%v messages came, want %v: %v", got, want, found)
	}
	if pages := figure(t, found, "pages"); pages <= 20 {
		t.Errorf("%v answers, want some that did not hold everything", pages)
	}
}

func TestBenchHistoryReadsWhileOthersWrite(t *testing.T) {
	t.Parallel()
	found := bench(t, "history", "--stored=2000", "--rooms=4", "--readers=2", "--rate=100")
	for _, who := range []string{"store_alone", "while_nobody_writes", "while_others_write"} {
		if figure(t, found, who, "pages_per_second") <= 0 || figure(t, found, who, "p99_ms") <= 0 {
			t.Errorf("%s: %v", who, found[who])
		}
	}
	if n := figure(t, found, "writes", "messages"); n == 0 {
		t.Error("nothing was written meanwhile")
	}
}

func TestBenchGrowthMeasuresEachSize(t *testing.T) {
	t.Parallel()
	found := bench(t, "growth", "--stored=20,400", "--rooms=10", "--members=2", "--active=2", "--sockets=30")
	if stored := ofEachRun(t, found, "stored"); !slices.Equal(stored, []float64{20, 400}) {
		t.Errorf("got runs with %v messages, want 20 and 400", stored)
	}
}

func TestBenchOverloadEndsAsItBegan(t *testing.T) {
	t.Parallel()
	found := bench(t, "overload", "--times=3", "--senders=20")
	sent, lost := figure(t, found, "offered", "messages"), figure(t, found, "offered", "faults", "lost")
	if figure(t, found, "capacity", "messages") == 0 || sent <= lost {
		t.Errorf("nothing was acknowledged: %v", found)
	}
	if figure(t, found, "normal_after_ms") < 0 {
		t.Errorf("the server was not as before: %v", found)
	}
}

func TestBenchSizeSaysWhenNothingGoesWell(t *testing.T) {
	t.Parallel()
	found := bench(t, "size", "--most=20", "--team=5", "--devices=1", "--each=60000", "--within=1")
	if found["answer"] != nil {
		t.Errorf("25,000 messages a second, seen within a millisecond: %v", found)
	}
	if tried, _ := found["tried"].([]any); len(tried) != 2 { // more would tell no more
		t.Errorf("tried %d times, want 2", len(tried))
	}
}

func TestBenchOfARunningServerLeavesItsRoom(t *testing.T) {
	t.Parallel()
	server := harness.Start(t)
	ann := server.SetUp(t)
	server.SignUp(t, ann, "bob")
	var tokens []string
	for _, name := range []string{"ann", "bob"} {
		token, err := client.SignIn(t.Context(), server.URL, name, harness.GoodPassword)
		if err != nil {
			t.Fatal(err)
		}
		tokens = append(tokens, token)
	}
	file := filepath.Join(t.TempDir(), "tokens")
	if err := os.WriteFile(file, []byte(strings.Join(tokens, "\n")), 0o600); err != nil {
		t.Fatal(err)
	}
	found := bench(t, "fanout", "--url="+server.URL, "--i-own-this-server", "--tokens="+file, "--rate=8", "--seconds=1")
	// The last of them may be seen when the second is over; "lost" says whether it was at all.
	if sent, seen := figure(t, found, "messages"), figure(t, found, "deliveries"); sent != 8 || seen == 0 || seen > 16 {
		t.Errorf("%v messages were seen %v times, want 8, and 16 at most", sent, seen)
	}
	if figure(t, found, "lost") != 0 || figure(t, found, "acknowledged", "p50_ms") <= 0 {
		t.Errorf("got %v", found)
	}
	var list struct{ Rooms []chat.RoomState }
	ann.Get(t, "/api/rooms", &list)
	for _, room := range list.Rooms {
		if strings.HasPrefix(room.Name, "parley-bench") {
			t.Errorf("ann is still in %s", room.Name)
		}
	}
}

func TestBenchHostileAttacksWhileOthersTalk(t *testing.T) {
	t.Parallel()
	found := bench(t, "hostile", "--rooms=2", "--members=3", "--rate=10", "--attack=page-flood", "--attack=guessing")
	runs := found["runs"].([]any)
	if len(runs) != 2 {
		t.Fatalf("got %d runs, want 2: %v", len(runs), found)
	}
	for _, run := range runs {
		run := run.(map[string]any)
		if figure(t, run, "quiet", "messages") == 0 || figure(t, run, "attacked", "messages") == 0 {
			t.Errorf("nobody talked: %v", run)
		}
		if figure(t, run, "attacker_done")+figure(t, run, "attacker_refused") == 0 {
			t.Errorf("nobody attacked: %v", run)
		}
	}
}

func TestEveryAttackDoesSomething(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	owner := p.SetUp(t)
	attacker := p.SignUp(t, owner, "attacker")
	owner.Gives(t, attacker.User.ID, chat.RoleAdmin)
	victim := p.SignUp(t, owner, "victim")
	room := attacker.Creates(t, chat.Private, "mine").ID
	sent := attacker.Says(t, room, hostile.LongText[:5000])
	target := hostile.Target{URL: p.URL, Token: attacker.Token(t), Room: room, Seq: sent.Seq}
	target.Victim, target.Guessed = victim.User, victim.User.Name
	var err error
	if target.Readable, err = hostile.Readable(t.Context(), p.URL); err != nil {
		t.Fatal(err)
	}
	for _, attack := range hostile.Attacks {
		t.Run(attack.Name, func(t *testing.T) {
			ctx, stop := context.WithCancel(t.Context())
			var tally hostile.Tally
			var attacking sync.WaitGroup
			attacking.Go(func() { attack.Run(ctx, target, &tally) })
			defer attacking.Wait()
			defer stop()
			wait.Until(t, "it does something", func() bool { return tally.Done.Load() > 0 })
		})
	}
	owner.Says(t, owner.Room(t, "general").ID, "still here")
}

func TestAnAttackerLeavesEveryRouteUnread(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	owner := p.SetUp(t)
	attacker := p.SignUp(t, owner, "attacker")
	target := hostile.Target{URL: p.URL, Token: attacker.Token(t), Room: attacker.Creates(t, chat.Private, "mine").ID}
	var err error
	if target.Readable, err = hostile.Readable(t.Context(), p.URL); err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(hostile.Attacks, func(a hostile.Attack) bool { return a.Name == "stalled-routes" })
	ctx, stop := context.WithCancel(t.Context())
	var tally hostile.Tally
	var attacking sync.WaitGroup
	attacking.Go(func() { hostile.Attacks[i].Run(ctx, target, &tally) })
	defer attacking.Wait()
	defer stop()
	for _, route := range harness.Routes(t) {
		if route.Method != http.MethodGet || !strings.HasPrefix(route.Path, "/api/") {
			continue
		}
		path := regexp.MustCompile(`:(\w+)`).ReplaceAllString(route.Path, "{$1}")
		wait.Until(t, path+" is left unread", func() bool { return tally.Left()[path] > 0 })
	}
}
