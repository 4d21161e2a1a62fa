// "parley routes": it prints the HTTP API, for generators and tests that cannot read the table in
// handlers.go.

package main

import (
	"encoding/json"
	"fmt"
	"text/tabwriter"

	"parley/internal/console"
	"parley/web"
)

type routesCommand struct {
	JSON bool `name:"json" env:"-" help:"Print JSON instead of a table."`
}

// Run prints the API as a table or as JSON; kong calls it.
func (r *routesCommand) Run(c *console.Console) error {
	var all []web.Description
	for _, route := range routes(nil, &live{}, web.NoAddress) {
		all = append(all, route.Describe())
	}
	if r.JSON {
		encoder := json.NewEncoder(c.Stdout)
		encoder.SetIndent("", "  ")
		return encoder.Encode(all)
	}
	table := tabwriter.NewWriter(c.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "METHOD\tPATH\tGUARD\tSCOPE\tCOST\tBODY\tANSWER")
	for _, d := range all {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", d.Method, d.Path, d.Guard, d.Scope, d.Cost, d.Body, d.Answer)
	}
	return table.Flush()
}
