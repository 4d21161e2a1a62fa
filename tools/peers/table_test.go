package main

import (
	"strings"
	"testing"

	"parley/tools/load"
)

func TestMediansAreOfRunsThatCount(t *testing.T) {
	t.Parallel()
	s := scenario{name: "10x100", title: "10 rooms of 100"}
	of := func(server string, repetition int, perCPU float64, lost int64, counts bool) run {
		return run{Scenario: s.name, Server: server, Repetition: repetition, Counts: counts, Fanout: &load.Result{
			Seconds: 1, DeliveriesPerCPUSecond: perCPU, Faults: load.Faults{Lost: lost},
		}}
	}
	runs := []run{
		of("parley", 1, 300, 0, true), of("parley", 2, 900, 5, false),
		of("parley", 3, 500, 0, true), of("parley", 4, 400, 0, true),
		of("melody", 1, 100, 7, true), of("melody", 2, 100, 0, true),
		{Scenario: s.name, Server: "melody", Repetition: 3, Error: "it broke"},
		{Scenario: "another", Server: "parley", Repetition: 1, Error: "not here"},
	}
	servers := []*contender{{name: "parley"}, {name: "melody"}, {name: "gorilla", unfit: []string{s.name}}}
	var out strings.Builder
	printScenario(&out, s, servers, runs)
	got := strings.Join(strings.Fields(out.String()), " ")
	for _, want := range []string{
		"parley 0 400 300-500 4.00 ", "melody 0 100 100-100 1.00 ",
		"parley: run 2 does not count: {Lost:5 ", "melody: run 1 counts all the same: {Lost:7 ",
		"melody: run 3 failed: it broke",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, out.String())
		}
	}
	for _, wrong := range []string{"gorilla", "not here", "900"} {
		if strings.Contains(got, wrong) {
			t.Errorf("%q in\n%s", wrong, out.String())
		}
	}
}

func TestParleysReportsAreRead(t *testing.T) {
	t.Parallel()
	fanout, err := readReport([]byte(`{"scenario": "fanout", "figures":
		{"deliveries_per_cpu_second": 5, "other_programs_cpus": 0.5, "faults": {"lost": 2}}}`))
	r := fanout.Fanout
	if err != nil || r.DeliveriesPerCPUSecond != 5 || r.Faults.Lost != 2 || fanout.Others != 0.5 {
		t.Errorf("got %+v, %v", r, err)
	}
	idle, err := readReport([]byte(`{"scenario": "idle", "figures":
		{"runs": [{"connections": 5000, "bytes_per_connection": 1024, "other_programs_cpus": 0.5}]}}`))
	if err != nil || idle.Connected.BytesEach != 1024 || idle.Others != 0.5 {
		t.Errorf("got %+v, %v", idle, err)
	}
	for _, bad := range []string{"", "no JSON", `{"scenario": "idle", "figures": {"runs": []}}`} {
		if r, err := readReport([]byte(bad)); err == nil {
			t.Errorf("%q: got %+v", bad, r)
		}
	}
}
