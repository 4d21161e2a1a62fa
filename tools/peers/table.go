// The tables that are printed.

package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"parley/tools/load"
)

// column is one value of a run.
type column struct {
	head   string
	format string
	of     func(run) float64
	ratio  bool // also print it divided by the value of each reference
}

// references are the servers that the others are compared with, if they took part.
var references = []string{"melody", "centrifuge"}

var fanoutColumns = []column{
	{"deliveries/s", "%.0f", func(r run) float64 { return r.Fanout.DeliveriesPerSecond }, false},
	{"per CPU-s", "%.0f", func(r run) float64 { return r.Fanout.DeliveriesPerCPUSecond }, true},
	{"p50 ms", "%.1f", func(r run) float64 { return r.Fanout.Latency.P50 }, false},
	{"p95 ms", "%.1f", func(r run) float64 { return r.Fanout.Latency.P95 }, false},
	{"p99 ms", "%.1f", func(r run) float64 { return r.Fanout.Latency.P99 }, false},
	{"max ms", "%.1f", func(r run) float64 { return r.Fanout.Latency.Max }, false},
	{"cores", "%.2f", func(r run) float64 { return cores(r.Fanout.Server, r.Fanout.Seconds) }, false},
	{"load's", "%.2f", func(r run) float64 { return cores(r.Fanout.Generator, r.Fanout.Seconds) }, false},
	{"others'", "%.2f", func(r run) float64 { return r.Others }, false},
	{"bytes each", "%.0f", func(r run) float64 { return r.Fanout.BytesPerDelivery }, false},
	{"peak MiB", "%.0f", func(r run) float64 { return peak(r.Fanout.Server) }, false},
}

var connectColumns = []column{
	{"seconds", "%.2f", func(r run) float64 { return r.Connected.Seconds }, false},
	{"connections/s", "%.0f", func(r run) float64 { return r.Connected.PerSecond }, false},
	{"per CPU-s", "%.0f", func(r run) float64 { return r.Connected.PerCPUSecond }, true},
	{"others'", "%.2f", func(r run) float64 { return r.Others }, false},
	{"KiB each", "%.1f", func(r run) float64 { return r.Connected.BytesEach / 1024 }, false},
	{"peak MiB", "%.0f", func(r run) float64 { return peak(r.Connected.Server) }, false},
}

func cores(u *load.Usage, seconds float64) float64 {
	if u == nil {
		return 0
	}
	return u.CPUSeconds / seconds
}

func peak(u *load.Usage) float64 {
	if u == nil {
		return 0
	}
	return float64(u.RSSPeak) / (1 << 20)
}

// printScenario prints a table of a scenario: the medians of the runs that count, with one server on each
// line.
func printScenario(out io.Writer, s scenario, servers []*contender, all []run) {
	columns := fanoutColumns
	if s.connect {
		columns = connectColumns
	}
	runs := map[string][]run{}
	for _, r := range all {
		if r.Scenario == s.name && r.Counts {
			runs[r.Server] = append(runs[r.Server], r)
		}
	}
	fmt.Fprintf(out, "\n%s: %s\n", s.name, s.title)
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(table, "server\t%s\t\n", strings.Join(heads(columns, runs), "\t"))
	for _, c := range servers {
		if slices.Contains(c.unfit, s.name) {
			continue
		}
		cells := []string{c.name}
		for _, col := range columns {
			cells = append(cells, cellsOf(col, c.name, runs)...)
		}
		fmt.Fprintf(table, "%s\t\n", strings.Join(cells, "\t"))
	}
	table.Flush()
	for _, c := range servers {
		for _, note := range notes(s, c, all) {
			fmt.Fprintf(out, "  %s: %s\n", c.name, note)
		}
	}
}

func heads(columns []column, runs map[string][]run) []string {
	var list []string
	for _, col := range columns {
		list = append(list, col.head)
		if col.ratio {
			list = append(list, "low-high")
			for _, reference := range references {
				if len(runs[reference]) > 0 {
					list = append(list, "÷ "+reference)
				}
			}
		}
	}
	return list
}

func cellsOf(col column, server string, runs map[string][]run) []string {
	mine := values(col, runs[server])
	if len(mine) == 0 {
		mine = []float64{0}
	}
	cells := []string{fmt.Sprintf(col.format, median(mine))}
	if !col.ratio {
		return cells
	}
	cells = append(cells, fmt.Sprintf(col.format+"-"+col.format, mine[0], mine[len(mine)-1]))
	for _, reference := range references {
		if theirs := values(col, runs[reference]); len(theirs) > 0 {
			cells = append(cells, fmt.Sprintf("%.2f", median(mine)/median(theirs)))
		}
	}
	return cells
}

// values returns the values of a column in some runs, sorted.
func values(col column, runs []run) []float64 {
	var list []float64
	for _, r := range runs {
		list = append(list, col.of(r))
	}
	slices.Sort(list)
	return list
}

// median is the middle value of a sorted list; the lower of two.
func median(sorted []float64) float64 { return sorted[(len(sorted)-1)/2] }

// notes say what a table of medians hides: runs that did not count, faults that were let pass, and what
// happened to members who do not read.
func notes(s scenario, c *contender, all []run) []string {
	var list []string
	for _, r := range all {
		if r.Scenario != s.name || r.Server != c.name {
			continue
		}
		note := func(format string, args ...any) {
			list = append(list, fmt.Sprintf("run %d ", r.Repetition)+fmt.Sprintf(format, args...))
		}
		if r.Error != "" {
			note("failed: %s", r.Error)
			continue
		}
		if r.Fanout == nil {
			if len(r.Connected.Closed) > 0 {
				note("does not count: closed %v", r.Connected.Closed)
			}
			continue
		}
		if !r.Fanout.Sound() {
			verdict := "does not count"
			if r.Counts {
				verdict = "counts all the same"
			}
			note("%s: %+v, closed %v", verdict, r.Fanout.Faults, r.Fanout.Closed)
		}
		if stalled := r.Fanout.Stalled; stalled != nil {
			note("did not read: %d, of them closed %d %v, messages they never got %d",
				stalled.Members, stalled.Closed, r.Fanout.Closed, stalled.Missed)
		}
	}
	return list
}
