package harness

import (
	"encoding/json"
	"strings"
	"testing"

	"parley/web"
)

// Routes lists every address of the program, as "parley routes --json" prints them.
func Routes(t testing.TB) []web.Description {
	t.Helper()
	var all []web.Description
	if err := json.Unmarshal([]byte(Run(t, "routes", "--json")), &all); err != nil {
		t.Fatal(err)
	}
	if len(all) == 0 {
		t.Fatal("the program lists no routes")
	}
	return all
}

// OfAPI tells a route of the API from one that guards itself.
func OfAPI(route web.Description) bool {
	return strings.HasPrefix(route.Path, "/api/") && route.Guard != web.Outside
}
