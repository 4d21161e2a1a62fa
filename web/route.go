// Routes: from a typed handler and the tags of its input to an address of the API.

package web

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"reflect"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"parley/access"
	"parley/chat"
)

// Guard tells who gets through to a handler.
type Guard string

// The guards. Behind all but Outside, a page of another site is refused what changes something.
const (
	Outside            Guard = "outside"               // not of the API: whoever answers guards it
	Anyone             Guard = "anyone"                // signed in or not
	SignedIn           Guard = "signed in"             // people by a login, programs by a token
	SignedInOrOperator Guard = "signed in or operator" // and the operator's commands
)

// maxAnonymousBody is enough for an account, and little for those who are not known to have one.
const maxAnonymousBody = 16 << 10

// Request is one that got through its guard.
type Request struct {
	By   access.Caller // zero where anyone may ask
	echo echo.Context
}

// Ctx ends when the client goes away.
func (r *Request) Ctx() context.Context { return r.echo.Request().Context() }

// network is where the request comes from, as the limits count it.
func (r *Request) network() string { return networkOf(r.echo.RealIP()) }

// None is an input without parts, or an answer without a body: status 204.
type None struct{}

// Route is one address: who may ask, for what, and what comes of it.
type Route struct {
	Method, Path string
	Guard        Guard
	Scope        chat.Scope   // what the token of a program must be for; empty: any token, if programs may ask at all
	Cost         int          // changes that are taken from what a person may make a second
	Body         int          // bytes a request may carry; 0: as many as a frame, or less before signing in
	Status       int          // of success
	In, Out      reflect.Type // nil for what is not of the API
	Name         string       // of the handler

	input  input
	handle echo.HandlerFunc
}

// Get makes a route that reads.
func Get[In, Out any](path string, guard Guard, scope chat.Scope, cost int, handler Handler[In, Out]) Route {
	return route(http.MethodGet, path, guard, scope, cost, http.StatusOK, handler)
}

// Post makes a route that does something.
func Post[In, Out any](path string, guard Guard, scope chat.Scope, cost int, handler Handler[In, Out]) Route {
	return route(http.MethodPost, path, guard, scope, cost, http.StatusOK, handler)
}

// Create makes a route by which something comes to be: it answers 201.
func Create[In, Out any](path string, guard Guard, scope chat.Scope, cost int, handler Handler[In, Out]) Route {
	return route(http.MethodPost, path, guard, scope, cost, http.StatusCreated, handler)
}

// Patch makes a route that changes a part of something.
func Patch[In, Out any](path string, guard Guard, scope chat.Scope, cost int, handler Handler[In, Out]) Route {
	return route(http.MethodPatch, path, guard, scope, cost, http.StatusOK, handler)
}

// Put makes a route that may be asked twice and does the same.
func Put[In, Out any](path string, guard Guard, scope chat.Scope, cost int, handler Handler[In, Out]) Route {
	return route(http.MethodPut, path, guard, scope, cost, http.StatusOK, handler)
}

// Delete makes a route that takes something away.
func Delete[In, Out any](path string, guard Guard, scope chat.Scope, cost int, handler Handler[In, Out]) Route {
	return route(http.MethodDelete, path, guard, scope, cost, http.StatusOK, handler)
}

// Raw makes a route that is not of the API: it reads its request and writes its answer itself. It may answer an
// error, such as that of NoAddress, instead.
func Raw(method, path string, handler func(http.ResponseWriter, *http.Request) error) Route {
	return Route{
		Method: method, Path: path, Guard: Outside,
		handle: func(c echo.Context) error { return handler(c.Response(), c.Request()) },
	}
}

// Handled gives what another package answers by itself.
func Handled(handler http.Handler) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		handler.ServeHTTP(w, r)
		return nil
	}
}

// NoAddress is the answer for an address that there is not, or not for whoever asks.
func NoAddress(http.ResponseWriter, *http.Request) error { return echo.ErrNotFound }

// Within bounds the bytes that a request of the route may carry.
func (r Route) Within(bytes int) Route {
	r.Body = bytes
	return r
}

// Handler does what a request asks. Its input is read from the address and the body by the tags of its fields; what
// it gives is the answer.
type Handler[In, Out any] func(*Request, In) (Out, error)

// route panics on a handler whose input does not fit its path, which the first start of the program would find.
func route[In, Out any](
	method, path string, guard Guard, scope chat.Scope, cost, status int, handler Handler[In, Out],
) Route {
	in := inputOf(reflect.TypeFor[In]())
	in.mustFit(method, path)
	if reflect.TypeFor[Out]() == reflect.TypeFor[None]() {
		status = http.StatusNoContent
	}
	return Route{
		Method: method, Path: path, Guard: guard, Scope: scope, Cost: cost, Status: status,
		In: reflect.TypeFor[In](), Out: reflect.TypeFor[Out](), Name: nameOf(handler), input: in,
		handle: func(c echo.Context) error {
			var call struct { // so that both are allocated at once
				request Request
				in      In
			}
			call.request.echo = c
			if by, signedIn := c.Get(callerKey).(access.Caller); signedIn {
				if scope != "" {
					if err := by.May(scope); err != nil {
						return err
					}
				}
				by.Cost = cost
				call.request.By = by
			}
			if err := in.read(c, &call.in); err != nil {
				return err
			}
			out, err := handler(&call.request, call.in)
			if err != nil {
				return err
			}
			if status == http.StatusNoContent {
				return c.NoContent(status)
			}
			return c.JSON(status, out)
		},
	}
}

// bodyType is the type of the body; the route must have one.
func (r Route) bodyType() reflect.Type {
	if len(r.input.body) == 0 {
		return r.In
	}
	return r.In.FieldByIndex(r.input.body).Type
}

// nameOf gives the name of a method as "postMessage".
func nameOf(handler any) string {
	name := runtime.FuncForPC(reflect.ValueOf(handler).Pointer()).Name()
	name = strings.TrimSuffix(name[strings.LastIndexByte(name, '.')+1:], "-fm")
	return strings.ToLower(name[:1]) + name[1:]
}

// Mount gives the server its addresses. Whatever else is asked for under /api is refused in the API's own words.
func (s *Server) Mount(routes []Route) {
	for _, r := range routes {
		s.echo.Add(r.Method, r.Path, r.handle, s.guards(r)...)
	}
	s.echo.Any("/api/*", func(echo.Context) error { return echo.ErrNotFound })
}

// Quiet keeps requests for these paths out of the log: who answers them logs who comes and goes.
func (s *Server) Quiet(paths ...string) {
	for _, path := range paths {
		s.quiet[path] = true
	}
}

func (s *Server) guards(r Route) []echo.MiddlewareFunc {
	body := r.Body
	switch r.Guard {
	case Anyone:
		if body == 0 {
			body = maxAnonymousBody
		}
		return []echo.MiddlewareFunc{s.sameOrigin, bodyBelow(body)}
	case SignedIn, SignedInOrOperator:
		if body == 0 {
			body = s.limits.FrameBytes
		}
		guard := s.signedIn
		if r.Guard == SignedInOrOperator {
			guard = s.signedInOrOperator
		}
		return []echo.MiddlewareFunc{s.sameOrigin, guard, bodyBelow(body)}
	}
	return nil
}

// bodyBelow bounds the bytes that a request may carry.
func bodyBelow(limit int) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			r := c.Request()
			r.Body = http.MaxBytesReader(c.Response(), r.Body, int64(limit))
			return next(c)
		}
	}
}

// input tells where the parts of an input come from.
type input struct {
	params []param
	body   []int // index of the field; nil without a body
}

// param is a field with a tag path:"name" or query:"name".
type param struct {
	in, name string
	index    []int
	kind     reflect.Kind
}

// inputOf reads the tags. An input without tags is the body itself. Beside fields with tags, the one without is the
// body; an embedded struct of nothing but params is as if its fields stood there.
func inputOf(t reflect.Type) input {
	in := partsOf(t)
	if len(in.params) == 0 && t.NumField() > 0 {
		return input{body: []int{}}
	}
	return in
}

func partsOf(t reflect.Type) input {
	var in input
	for i := range t.NumField() {
		field := t.Field(i)
		if p, ok := paramOf(field); ok {
			in.params = append(in.params, p)
			continue
		}
		if field.Anonymous && field.Type.Kind() == reflect.Struct {
			if inner := partsOf(field.Type); inner.body == nil && len(inner.params) > 0 {
				for _, p := range inner.params {
					p.index = append([]int{i}, p.index...)
					in.params = append(in.params, p)
				}
				continue
			}
		}
		if in.body != nil {
			in.body = twoBodies
			continue
		}
		in.body = field.Index
	}
	return in
}

// twoBodies is an index that no field has: mustFit refuses it.
var twoBodies = []int{-1}

func paramOf(field reflect.StructField) (param, bool) {
	for _, where := range []string{"path", "query"} {
		if name := field.Tag.Get(where); name != "" {
			return param{in: where, name: name, index: field.Index, kind: field.Type.Kind()}, true
		}
	}
	return param{}, false
}

// mustFit panics when the input is not one for that path.
func (in input) mustFit(method, path string) {
	var named, asked []string
	for part := range strings.SplitSeq(path, "/") {
		if name, ok := strings.CutPrefix(part, ":"); ok {
			named = append(named, name)
		}
	}
	for _, p := range in.params {
		if p.in == "path" {
			asked = append(asked, p.name)
		}
		if p.kind != reflect.Int64 && p.kind != reflect.String {
			panic(fmt.Sprintf("%s %s: %s is no int64 and no string", method, path, p.name))
		}
	}
	if !slices.Equal(named, asked) {
		panic(fmt.Sprintf("%s %s: the input has the parts %v", method, path, asked))
	}
	if slices.Equal(in.body, twoBodies) {
		panic(fmt.Sprintf("%s %s: the input has two bodies", method, path))
	}
}

// read fills an input, given by pointer.
func (in *input) read(c echo.Context, into any) error {
	if len(in.params) == 0 && in.body == nil {
		return nil
	}
	v := reflect.ValueOf(into).Elem()
	for i := range in.params {
		p := &in.params[i]
		if err := p.read(c, v.FieldByIndex(p.index)); err != nil {
			return err
		}
	}
	if in.body == nil {
		return nil
	}
	return bind(c, v.FieldByIndex(in.body).Addr().Interface())
}

// read reads a part of the path or the query. A path whose part is no whole number names nothing; a query without it
// asks for 0 or the empty text.
func (p *param) read(c echo.Context, into reflect.Value) error {
	if p.in == "path" {
		text := c.Param(p.name)
		if p.kind == reflect.String {
			text, err := url.PathUnescape(text)
			if err != nil {
				return chat.InvalidField(p.name, "not a part of an address")
			}
			into.SetString(text)
			return nil
		}
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil || n < 0 {
			return chat.Errorf(chat.NotFound, "there is no %s %q", p.name, text)
		}
		into.SetInt(n)
		return nil
	}
	text := c.QueryParam(p.name)
	if p.kind == reflect.String || text == "" {
		if p.kind == reflect.String {
			into.SetString(text)
		}
		return nil
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 0 {
		return chat.InvalidField(p.name, "a whole number")
	}
	into.SetInt(n)
	return nil
}

// bind reads a JSON body of exactly one value without unknown fields.
func bind(c echo.Context, in any) error {
	r := c.Request()
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "application/json" {
		return chat.Errorf(chat.BadRequest, "send Content-Type: application/json")
	}
	err = chat.Decode(json.NewDecoder(r.Body), in)
	var tooBig *http.MaxBytesError
	if errors.As(err, &tooBig) {
		return &chat.Error{Code: chat.FrameTooBig, Limit: tooBig.Limit, Message: "the request is too big"}
	}
	return err
}
