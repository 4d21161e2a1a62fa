package web

import (
	"reflect"
	"strings"

	"parley/chat"
)

// Description is a route in words, for those who cannot see its types: documents, generators, tests.
type Description struct {
	Method string     `json:"method"`
	Path   string     `json:"path"`
	Name   string     `json:"name,omitempty"` // of the handler; empty for what is not of the API
	Guard  Guard      `json:"guard"`
	Scope  chat.Scope `json:"scope,omitempty"`
	Cost   int        `json:"cost,omitempty"`
	Status int        `json:"status,omitempty"` // of success
	Params []Param    `json:"params,omitempty"`
	Body   string     `json:"body,omitempty"`   // the type of chat that is sent
	Answer string     `json:"answer,omitempty"` // the type of chat that is answered; empty for status 204
}

// Param is a part of the path or the query.
type Param struct {
	In   string `json:"in"` // "path" or "query"
	Name string `json:"name"`
	Type string `json:"type"` // "number" or "string"
}

// Describe puts a route into words.
func (r Route) Describe() Description {
	d := Description{
		Method: r.Method, Path: r.Path, Name: r.Name, Guard: r.Guard, Scope: r.Scope, Cost: r.Cost, Status: r.Status,
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
