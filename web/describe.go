// Descriptions of routes, for "parley routes" and tests.

package web

import (
	"reflect"
	"strings"

	"parley/chat"
)

// Description describes a route as plain data, for readers that cannot see its Go types: documents,
// generators, tests.
type Description struct {
	Method string     `json:"method"`
	Path   string     `json:"path"`
	Name   string     `json:"name,omitempty"` // of the handler; empty for a route outside the API
	Guard  Guard      `json:"guard"`
	Scope  chat.Scope `json:"scope,omitempty"`
	Cost   string     `json:"cost,omitempty"`   // as access.Cost writes it
	Status int        `json:"status,omitempty"` // of a success
	Params []Param    `json:"params,omitempty"`
	Body   string     `json:"body,omitempty"`   // the type in package chat that a request carries
	Answer string     `json:"answer,omitempty"` // the type in package chat of the answer; empty for status 204
}

// Param is a parameter in the path or the query.
type Param struct {
	In   string `json:"in"` // "path" or "query"
	Name string `json:"name"`
	Type string `json:"type"` // "number" or "string"
}

// Describe describes a route.
func (r Route) Describe() Description {
	d := Description{
		Method: r.Method, Path: r.Path, Name: r.Name, Guard: r.Guard, Scope: r.Scope, Cost: r.Cost.String(), Status: r.Status,
	}
	if r.Guard == Outside {
		return d
	}
	for _, p := range r.input.params {
		kind := "string"
		if p.kind == reflect.Int64 {
			kind = "number"
		}
		d.Params = append(d.Params, Param{In: p.in, Name: p.name, Type: kind})
	}
	if r.input.body != nil {
		d.Body = typeName(r.bodyType())
	}
	if r.Out != reflect.TypeFor[None]() {
		d.Answer = typeName(r.Out)
	}
	return d
}

func typeName(t reflect.Type) string { return strings.TrimPrefix(t.String(), "chat.") }
