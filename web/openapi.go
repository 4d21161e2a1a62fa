// The description of the API as an OpenAPI 3.1 document, made from the table of routes.

package web

import (
	"encoding/json"
	"net/http"
	"reflect"
	"strconv"
	"strings"
	"sync"

	"github.com/danielgtaylor/huma/v2"

	"parley/auth"
	"parley/chat"
)

// schemaPath is where the document holds the types.
const schemaPath = "#/components/schemas/"

// OpenAPI makes the route that answers the document. The document is made from the routes at the first
// request for it.
func OpenAPI(path, version string, routes *[]Route) Route {
	document := sync.OnceValues(func() ([]byte, error) { return json.Marshal(documentOf(version, *routes)) })
	return Raw(http.MethodGet, path, func(w http.ResponseWriter, _ *http.Request) error {
		text, err := document()
		if err != nil {
			return err
		}
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Cache-Control", "no-cache")
		_, err = w.Write(text)
		return err
	})
}

// documentOf describes the routes of the API.
func documentOf(version string, routes []Route) *huma.OpenAPI {
	huma.DefaultArrayNullable = false // a global variable of the library; our lists are never null
	schemas := huma.NewMapRegistry(schemaPath, huma.DefaultSchemaNamer)
	enumerate(schemas, chat.RoleOwner, chat.RoleAdmin, chat.RoleMember)
	enumerate(schemas, chat.Public, chat.Private, chat.Direct, chat.Announcements)
	enumerate(schemas, chat.MemberOwner, chat.MemberPlain)
	enumerate(schemas, chat.ScopeRead, chat.ScopePost, chat.ScopeNotify, chat.ScopeAdmin)
	enumerate(schemas, chat.RegistrationOpen, chat.RegistrationInvite, chat.RegistrationClosed)
	enumerate(schemas, chat.ChangesPage, chat.ChangesTooFar, chat.ChangesAhead, chat.ChangesGone, chat.ChangesLater)
	enumerate(schemas, chat.Online, chat.Away, chat.Offline)
	enumerate(schemas, chat.AddingAnyone, chat.AddingAsk)
	enumerate(schemas, chat.KeepMessages, chat.DeleteMessages, chat.DeleteRooms)
	enumerate(schemas, chat.Acts...)
	enumerate(schemas, chat.Codes...)
	document := &huma.OpenAPI{
		OpenAPI: "3.1.0",
		Info: &huma.Info{
			Title: "Parley", Version: version,
			Description: "What a program can ask of this server over HTTP. docs/protocol.md says what each thing means.",
		},
		Components: &huma.Components{Schemas: schemas, SecuritySchemes: map[string]*huma.SecurityScheme{
			"token": {Type: "http", Scheme: "bearer"},
			"cookie": {
				Type: "apiKey", In: "cookie", Name: auth.CookieName(false),
				Description: "A browser's login. Over https the cookie is called " + auth.CookieName(true) + ".",
			},
		}},
	}
	refused := &huma.Response{Description: "Refused", Content: map[string]*huma.MediaType{
		"application/problem+json": {Schema: schemas.Schema(reflect.TypeFor[problem](), true, "")},
	}}
	for _, r := range routes {
		if r.Guard != Outside {
			document.AddOperation(operationOf(r, schemas, refused))
		}
	}
	openAnswers(schemas, routes)
	return document
}

// openAnswers lets answers have more properties than the document names, as clients have to expect of later versions.
// Requests must not have more: the server refuses unknown fields.
func openAnswers(schemas huma.Registry, routes []Route) {
	asked := map[string]bool{} // the names of types that requests are made of
	var note func(s *huma.Schema)
	note = func(s *huma.Schema) {
		if s == nil {
			return
		}
		if name, ok := strings.CutPrefix(s.Ref, schemaPath); ok && !asked[name] {
			asked[name] = true
			note(schemas.Map()[name])
		}
		note(s.Items)
		for _, property := range s.Properties {
			note(property)
		}
	}
	for _, r := range routes {
		if r.Guard != Outside && r.input.body != nil {
			note(schemas.Schema(r.bodyType(), true, ""))
		}
	}
	for name, schema := range schemas.Map() {
		if !asked[name] {
			schema.AdditionalProperties = nil
		}
	}
}

// operationOf describes a route.
func operationOf(r Route, reg huma.Registry, refused *huma.Response) *huma.Operation {
	op := &huma.Operation{
		OperationID: r.Name, Method: r.Method, Path: braces(r.Path),
		Responses: map[string]*huma.Response{"default": refused},
	}
	if r.Guard != Anyone {
		op.Security = []map[string][]string{{"token": {}}, {"cookie": {}}}
	}
	if r.Scope != "" {
		op.Extensions = map[string]any{"x-scope": r.Scope} // that a program's token needs
	}
	for _, p := range r.input.params {
		kind := r.In.FieldByIndex(p.index).Type
		if p.optional {
			kind = kind.Elem()
		}
		op.Parameters = append(op.Parameters, &huma.Param{
			Name: p.name, In: p.in, Required: p.in == "path", Schema: reg.Schema(kind, true, ""),
		})
	}
	if r.input.body != nil {
		op.RequestBody = &huma.RequestBody{Required: true, Content: content(reg, r.bodyType())}
	}
	answer := &huma.Response{Description: "Done"}
	if r.Status != http.StatusNoContent {
		answer.Content = content(reg, r.Out)
	}
	op.Responses[strconv.Itoa(r.Status)] = answer
	return op
}

func content(reg huma.Registry, t reflect.Type) map[string]*huma.MediaType {
	return map[string]*huma.MediaType{"application/json": {Schema: reg.Schema(t, true, "")}}
}

// braces writes /:room as /{room}.
func braces(path string) string {
	parts := strings.Split(path, "/")
	for i, part := range parts {
		if name, ok := strings.CutPrefix(part, ":"); ok {
			parts[i] = "{" + name + "}"
		}
	}
	return strings.Join(parts, "/")
}

// enumerate lists the values of a string type in the document. Reflection cannot find them.
func enumerate[T ~string](reg huma.Registry, words ...T) {
	name := reflect.TypeFor[T]().Name()
	all := make([]any, len(words))
	for i, word := range words {
		all[i] = string(word)
	}
	reg.Map()[name] = &huma.Schema{Type: huma.TypeString, Enum: all}
	reg.RegisterTypeAlias(reflect.TypeFor[T](), reflect.TypeFor[enumOf[T]]())
}

// enumOf stands for T in the registry of types.
type enumOf[T ~string] string

// Schema refers to the list of values of T.
func (enumOf[T]) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Ref: schemaPath + reflect.TypeFor[T]().Name()}
}
