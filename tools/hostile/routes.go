// The routes of the server, for an attacker who asks for all of them.

package hostile

import (
	"context"
	"fmt"
	"net/http"
	"regexp"
	"slices"

	"parley/client"
)

// openAPI is the document of all routes. It does not list itself.
const openAPI = "/api/openapi.json"

// Readable returns the paths of everything of the API that a server lets one read, as the server itself lists
// them, with parameters in braces. So no route is forgotten.
func Readable(ctx context.Context, server string) ([]string, error) {
	var document struct {
		Paths map[string]map[string]any `json:"paths"`
	}
	if err := client.Call(ctx, server, "", http.MethodGet, openAPI, nil, &document); err != nil {
		return nil, err
	}
	paths := []string{openAPI}
	for path, methods := range document.Paths {
		if methods["get"] != nil {
			paths = append(paths, path)
		}
	}
	slices.Sort(paths)
	return paths, nil
}

var parameter = regexp.MustCompile(`\{(\w+)\}`)

// filled is a path with the attacker's room, and else with the first of everything.
func (t *Target) filled(path string) string {
	return parameter.ReplaceAllStringFunc(path, func(name string) string {
		if name == "{room}" {
			return fmt.Sprint(t.Room)
		}
		return "1"
	})
}

// stalledRoute asks for the next of all routes, and reads nothing.
func stalledRoute(a *attacker) {
	if len(a.target.Readable) == 0 {
		a.tally.Refused.Add(1)
		return
	}
	path := a.target.Readable[a.number.Add(1)%int64(len(a.target.Readable))]
	stalledGet(func(t *Target) string {
		a.tally.leave(path)
		return t.filled(path)
	})(a)
}
