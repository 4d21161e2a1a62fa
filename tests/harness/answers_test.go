package harness

import (
	"net/http"
	"strings"
	"testing"
)

const small = `{"openapi": "3.1.0",
	"components": {"schemas": {"Room": {"type": "object", "required": ["id"],
		"properties": {"id": {"type": "integer"}, "kind": {"enum": ["public", "private"]}}}}},
	"paths": {"/api/rooms/{room}": {"get": {"responses": {
			"200": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Room"}}}},
			"default": {"content": {"application/problem+json": {"schema": {"type": "object", "required": ["code"]}}}}}},
		"delete": {"responses": {"204": {"description": "Done"}}}}}}`

// A check that accepts everything would find nothing.
func TestAnswersThatAreNotDescribedAreFound(t *testing.T) {
	t.Parallel()
	d, err := readDocument([]byte(small))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		method string
		status int
		kind   string
		body   string
		fits   bool
	}{
		{"GET", 200, "application/json", `{"id": 1, "kind": "public"}`, true},
		{"GET", 200, "application/json; charset=UTF-8", `{"id": 1}`, true},
		{"GET", 404, "application/problem+json", `{"code": "not_found"}`, true},
		{"DELETE", 204, "", ``, true},
		{"GET", 200, "application/json", `{"kind": "public"}`, false},
		{"GET", 200, "application/json", `{"id": "1"}`, false},
		{"GET", 200, "application/json", `{"id": 1, "more": 2}`, false},
		{"GET", 200, "application/json", `{"id": 1, "kind": "secret"}`, false},
		{"GET", 200, "text/plain", `{"id": 1}`, false},
		{"GET", 404, "application/problem+json", `{}`, false},
		{"GET", 404, "application/json", `{"code": "not_found"}`, false},
		{"DELETE", 204, "application/json", `{}`, false},
	} {
		resp := &http.Response{StatusCode: c.status, Header: http.Header{"Content-Type": {c.kind}}}
		err := d.check(c.method, "/api/rooms/7", resp, []byte(c.body))
		if (err == nil) != c.fits {
			t.Errorf("%s %d %s %s: got %v, want it to fit: %v", c.method, c.status, c.kind, c.body, err, c.fits)
		}
	}
	if _, err := readDocument([]byte(strings.Replace(small, "schemas/Room", "schemas/Nothing", 1))); err == nil {
		t.Error("a document with a reference to nothing was read")
	}
}
