// Rows that several scenarios print, about what the load generator measured.

package bench

import (
	"fmt"

	"parley/tools/load"
)

// printUsage prints what a run used of the machine, where the system measures that.
func printUsage(t *table, server, generator *load.Usage, seconds, others float64) {
	if server == nil || generator == nil {
		return
	}
	t.row("CPUs used by the server", fmt.Sprintf("%.2f", server.CPUSeconds/seconds))
	t.row("… by the generator", fmt.Sprintf("%.2f", generator.CPUSeconds/seconds))
	t.row("… by other programs", fmt.Sprintf("%.2f", others))
	t.row("memory of the server, at most", sizeOf(server.RSSPeak))
}

func printLatency(t *table, what string, l load.Latency) {
	t.row(what+": half within", millisOf(l.P50).String())
	t.row("… 95 of 100 within", millisOf(l.P95).String())
	t.row("… 99 of 100 within", millisOf(l.P99).String())
	t.row("… all within", millisOf(l.Max).String())
}

// printFaults prints the faults, also when there were none.
func printFaults(t *table, f load.Faults, closed int) {
	t.row("lost", grouped(f.Lost))
	t.row("delivered twice", grouped(f.Doubled))
	t.row("out of order", grouped(f.Disordered))
	t.row("refused", grouped(f.Refused))
	t.row("connections lost", grouped(closed))
}

func addFaults(a, b load.Faults) load.Faults {
	return load.Faults{
		Lost: a.Lost + b.Lost, Doubled: a.Doubled + b.Doubled, Disordered: a.Disordered + b.Disordered,
		Misdirected: a.Misdirected + b.Misdirected, Unsent: a.Unsent + b.Unsent, Refused: a.Refused + b.Refused,
	}
}

// faultsText describes the faults; empty when there were none.
func faultsText(f load.Faults, closed int) string {
	if f.None() && closed == 0 {
		return ""
	}
	return fmt.Sprintf("deliveries: %d lost, %d twice, %d out of order, %d in a wrong room, %d never sent; "+
		"%d messages refused; %d connections ended",
		f.Lost, f.Doubled, f.Disordered, f.Misdirected, f.Unsent, f.Refused, closed)
}

// peak is the largest amount of memory that was used.
func peak(used *load.Usage) string {
	if used == nil {
		return ""
	}
	return sizeOf(used.RSSPeak)
}
