// The report: what a history shows, for people and for programs.

package check

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"parley/chat"
)

// Report is the judgment on a run.
type Report struct {
	Seed       uint64         `json:"seed"`
	Counts     map[string]int `json:"counts"`
	Faults     map[string]int `json:"faults"`
	Paths      map[string]int `json:"paths"`
	Missing    []string       `json:"missing"`
	Violations []Violation    `json:"violations"`
	Endings    Endings        `json:"endings"`

	paths []string // in order
}

// The exit statuses of a check.
const (
	StatusFine     = 0
	StatusViolated = 1
	StatusVoid     = 3
)

// NewReport judges a history.
func NewReport(h *History) Report {
	r := Report{Seed: h.Seed, Faults: h.Faults, Missing: []string{}, Violations: Judge(h), Counts: counts(h)}
	r.Endings = newView(h).endings()
	r.paths, r.Paths = Paths(h)
	for _, name := range r.paths {
		if r.Paths[name] == 0 {
			r.Missing = append(r.Missing, name)
		}
	}
	return r
}

// Status is 0 when every promise held, 1 when one was broken, and 3 when too little happened to judge.
func (r Report) Status() int {
	switch {
	case len(r.Violations) > 0:
		return StatusViolated
	case len(r.Missing) > 0:
		return StatusVoid
	}
	return StatusFine
}

func counts(h *History) map[string]int {
	n := map[string]int{
		"clients": len(h.Clients), "sockets": len(h.Sockets), "frames": len(h.Frames), "stalls": len(h.Stalls),
		"backups": len(h.Backups), "lives": len(h.Lives),
	}
	sent := map[chat.ClientID]bool{}
	for _, send := range h.Sends {
		sent[send.ClientID] = true
	}
	n["messages"] = len(sent)
	for i := range h.Asks {
		switch ask := &h.Asks[i]; {
		case ask.OK() && ask.Event == "message.send":
			n["acknowledged"]++
		case ask.OK():
			n["other requests"]++
		case ask.Answered == 0:
			n["unknown"]++
		default:
			n["refused "+string(ask.Code)]++
		}
	}
	for _, socket := range h.Sockets {
		if socket.Code != 0 {
			n[fmt.Sprint("closed with ", socket.Code)]++
		}
	}
	for _, life := range h.Lives {
		if life.Restored >= 0 {
			n["restores"]++
		}
	}
	for _, room := range h.Final.Rooms {
		n["in the end"] += len(room.Messages)
	}
	return n
}

// Print writes the report for people.
func (r Report) Print(w io.Writer) {
	fmt.Fprintln(w, "Seen:  ", listed(r.Counts))
	fmt.Fprintln(w, "Faults:", listed(r.Faults))
	fmt.Fprintln(w, "Rare paths:")
	for _, name := range r.paths {
		fmt.Fprintf(w, "%8d  %s\n", r.Paths[name], name)
	}
	if r.Endings.Sockets > 0 {
		fmt.Fprintf(w, "Sockets of people who were deactivated: %d, the last of them closed %d ms after the answer.\n",
			r.Endings.Sockets, r.Endings.LongestMillis)
	}
	for _, found := range r.Violations {
		fmt.Fprintf(w, "\n%s, %s:\n  %s\n", found.Invariant, promiseOf(found.Invariant), found)
	}
	fmt.Fprintln(w)
	switch r.Status() {
	case StatusFine:
		fmt.Fprintf(w, "Every promise held (seed %d).\n", r.Seed)
	case StatusViolated:
		fmt.Fprintf(w, "%d violations (seed %d).\n", len(r.Violations), r.Seed)
	case StatusVoid:
		fmt.Fprintf(w, "Void (seed %d): nothing was violated, but the run never came to: %s.\n",
			r.Seed, strings.Join(r.Missing, "; "))
	}
}

// String says what was violated, by which messages, and which connection shows it.
func (v Violation) String() string {
	var b strings.Builder
	b.WriteString(v.Text)
	if v.Room != 0 {
		fmt.Fprintf(&b, "\n  room %d", v.Room)
		if len(v.Seqs) > 0 {
			fmt.Fprintf(&b, ", seq %s", strings.Trim(fmt.Sprint(v.Seqs), "[]"))
		}
	}
	for _, id := range v.ClientIDs {
		fmt.Fprintf(&b, "\n  client_id %s", id)
	}
	if v.Socket >= 0 {
		fmt.Fprintf(&b, "\n  connection %d", v.Socket)
	}
	return b.String()
}

func promiseOf(name string) string {
	i := slices.IndexFunc(Invariants, func(invariant Invariant) bool { return invariant.Name == name })
	if i < 0 {
		return ""
	}
	return Invariants[i].Promise
}

// listed lists the names and numbers of a map, sorted.
func listed(counts map[string]int) string {
	var parts []string
	for name, n := range counts {
		parts = append(parts, fmt.Sprintf("%s %d", name, n))
	}
	slices.Sort(parts)
	return strings.Join(parts, ", ")
}
