package harness

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// document is what GET /api/openapi.json says of the answers. Every answer that Try gets is checked against it.
type document struct {
	operations []operation
}

// operation is an address with a method, and the schemas of what it answers by status; nil where there is no body.
type operation struct {
	method  string
	path    *regexp.Regexp
	answers map[string]map[string]*jsonschema.Schema // by status or "default", then by media type
}

var documents struct {
	sync.Mutex
	known *document // the same for every program of a run
}

// documentOf fetches and compiles the document once.
func documentOf(t testing.TB, p *Program) *document {
	t.Helper()
	documents.Lock()
	defer documents.Unlock()
	if documents.known != nil {
		return documents.known
	}
	resp, err := p.Visitor(t, "nobody").Client.Get(p.URL + "/api/openapi.json")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	if documents.known, err = readDocument(text); err != nil {
		t.Fatal(err)
	}
	if n := len(documents.known.operations); n < 30 {
		t.Fatalf("the document describes only %d operations", n)
	}
	return documents.known
}

func readDocument(text []byte) (*document, error) {
	whole, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		return nil, err
	}
	var parts struct {
		Paths map[string]map[string]struct {
			Responses map[string]struct {
				Content map[string]json.RawMessage
			}
		}
	}
	if err := json.Unmarshal(text, &parts); err != nil {
		return nil, err
	}
	forbidMore(whole)
	const location = "openapi.json"
	compiler := jsonschema.NewCompiler()
	compiler.DefaultDraft(jsonschema.Draft2020)
	if err := compiler.AddResource(location, whole); err != nil {
		return nil, err
	}
	d := &document{}
	for path, methods := range parts.Paths {
		for method, described := range methods {
			op := operation{
				method: strings.ToUpper(method), path: patternOf(path), answers: map[string]map[string]*jsonschema.Schema{},
			}
			for status, answer := range described.Responses {
				op.answers[status] = map[string]*jsonschema.Schema{}
				for kind := range answer.Content {
					at := []string{"paths", path, method, "responses", status, "content", kind, "schema"}
					schema, err := compiler.Compile(location + "#" + pointer(at))
					if err != nil {
						return nil, fmt.Errorf("the schema of %s %s: %w", method, path, err)
					}
					op.answers[status][kind] = schema
				}
			}
			d.operations = append(d.operations, op)
		}
	}
	return d, nil
}

// forbidMore has every schema with properties refuse others. The document allows them, since later versions may answer
// more; this version must answer what it describes.
func forbidMore(value any) {
	switch value := value.(type) {
	case map[string]any:
		if _, given := value["additionalProperties"]; !given && value["type"] == "object" && value["properties"] != nil {
			value["additionalProperties"] = false
		}
		for _, inner := range value {
			forbidMore(inner)
		}
	case []any:
		for _, inner := range value {
			forbidMore(inner)
		}
	}
}

// pointer writes a JSON pointer, RFC 6901, as a part of an address.
func pointer(parts []string) string {
	var b strings.Builder
	for _, part := range parts {
		b.WriteString("/" + strings.NewReplacer("~", "~0", "/", "~1", "{", "%7B", "}", "%7D").Replace(part))
	}
	return b.String()
}

// patternOf matches the addresses of a path such as /api/rooms/{room}.
func patternOf(path string) *regexp.Regexp {
	var parts []string
	for part := range strings.SplitSeq(path, "/") {
		if strings.HasPrefix(part, "{") {
			parts = append(parts, `[^/]+`)
		} else {
			parts = append(parts, regexp.QuoteMeta(part))
		}
	}
	return regexp.MustCompile("^" + strings.Join(parts, "/") + "$")
}

// CheckAnswer fails the test when an answer is not one that the document describes. It passes over addresses that are not
// of the API.
func (p *Program) CheckAnswer(t testing.TB, method, path string, resp *http.Response, body []byte) {
	t.Helper()
	path, _, _ = strings.Cut(path, "?")
	if !strings.HasPrefix(path, "/api/") {
		return
	}
	if err := documentOf(t, p).check(method, path, resp, body); err != nil {
		t.Errorf("%s %s answers what the document does not describe: %v\n%.2000s", method, path, err, body)
	}
}

func (d *document) check(method, path string, resp *http.Response, body []byte) error {
	op := d.find(method, path)
	if op == nil {
		return nil // an address that there is not
	}
	described, known := op.answers[strconv.Itoa(resp.StatusCode)]
	if !known {
		described = op.answers["default"]
	}
	if len(described) == 0 {
		if len(body) > 0 {
			return fmt.Errorf("status %d has a body", resp.StatusCode)
		}
		return nil
	}
	kind, _, _ := strings.Cut(resp.Header.Get("Content-Type"), ";")
	schema := described[kind]
	if schema == nil {
		return fmt.Errorf("status %d is of the type %q", resp.StatusCode, kind)
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(body))
	if err != nil {
		return err
	}
	return schema.Validate(value)
}

// find prefers a path without parameters, as the server does.
func (d *document) find(method, path string) *operation {
	var found *operation
	for i := range d.operations {
		op := &d.operations[i]
		if op.method != method || !op.path.MatchString(path) {
			continue
		}
		if found == nil || len(op.path.String()) > len(found.path.String()) {
			found = op
		}
	}
	return found
}
