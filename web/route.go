// Routes: each is made from a typed handler. The tags on the fields of the handler's input say where the
// server reads them from.

package web

import (
	"context"
	"net/http"
	"reflect"
	"runtime"
	"strings"

	"github.com/labstack/echo/v4"

	"parley/access"
	"parley/chat"
	"parley/internal/listen"
)

// Guard says who may call a handler.
type Guard string

// The guards. All but Outside also refuse a request of a foreign page that would change something.
const (
	Outside            Guard = "outside"               // not part of the API: the handler guards itself
	Anyone             Guard = "anyone"                // signed in or not
	SignedIn           Guard = "signed in"             // people with a session, programs with a token
	SignedInOrOperator Guard = "signed in or operator" // also the operator's commands
)

// Request is a request that passed its guard.
type Request struct {
	By   access.Caller // the zero Caller behind the guard Anyone
	echo echo.Context
}

// Ctx is the context of the request: it ends when the client goes away.
func (r *Request) Ctx() context.Context { return r.echo.Request().Context() }

// network is the key under which limits count the request's address.
func (r *Request) network() string { return listen.Network(r.echo.RealIP()) }

// addressRange is the key under which attempts to sign in count the request's address.
func (r *Request) addressRange() string { return rangeOf(r.echo.RealIP()) }

// None is an input without fields, or an answer without a body, with status 204.
type None struct{}

// Route is one address of the server: who may call it, its input, its answer, and its limits.
type Route struct {
	Method, Path string
	Guard        Guard
	Scope        chat.Scope   // that a program's token needs; empty: any token, if programs may call it
	Cost         access.Cost  // what a request takes from its caller's budget before anything runs
	Body         int          // the largest body; 0: as large as a frame, or access.StrangerBytes
	Status       int          // of a success
	In, Out      reflect.Type // nil outside the API
	Name         string       // of the handler

	input  input
	handle func(*Server, echo.Context) error
}

// Get makes a route that only reads.
func Get[In, Out any](path string, guard Guard, scope chat.Scope, cost access.Cost, handler Handler[In, Out]) Route {
	return route(http.MethodGet, path, guard, scope, cost, http.StatusOK, handler)
}

// Post makes a route that does something.
func Post[In, Out any](path string, guard Guard, scope chat.Scope, cost access.Cost, handler Handler[In, Out]) Route {
	return route(http.MethodPost, path, guard, scope, cost, http.StatusOK, handler)
}

// Create makes a route that creates something: it answers 201.
func Create[In, Out any](path string, guard Guard, scope chat.Scope, cost access.Cost, handler Handler[In, Out]) Route {
	return route(http.MethodPost, path, guard, scope, cost, http.StatusCreated, handler)
}

// Patch makes a route that changes parts of something.
func Patch[In, Out any](path string, guard Guard, scope chat.Scope, cost access.Cost, handler Handler[In, Out]) Route {
	return route(http.MethodPatch, path, guard, scope, cost, http.StatusOK, handler)
}

// Put makes a route that sets something: repeating the request has no further effect.
func Put[In, Out any](path string, guard Guard, scope chat.Scope, cost access.Cost, handler Handler[In, Out]) Route {
	return route(http.MethodPut, path, guard, scope, cost, http.StatusOK, handler)
}

// Delete makes a route that removes something.
func Delete[In, Out any](path string, guard Guard, scope chat.Scope, cost access.Cost, handler Handler[In, Out]) Route {
	return route(http.MethodDelete, path, guard, scope, cost, http.StatusOK, handler)
}

// Raw makes a route outside the API: the handler reads the request and writes the answer by itself. Instead
// of writing an answer it may return an error, such as that of NoAddress.
func Raw(method, path string, handler func(http.ResponseWriter, *http.Request) error) Route {
	return Route{
		Method: method, Path: path, Guard: Outside,
		handle: func(_ *Server, c echo.Context) error { return handler(c.Response(), c.Request()) },
	}
}

// Handled adapts an http.Handler of another package for Raw.
func Handled(handler http.Handler) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		handler.ServeHTTP(w, r)
		return nil
	}
}

// NoAddress answers 404, for an address that does not exist or that the caller may not know of.
func NoAddress(http.ResponseWriter, *http.Request) error { return echo.ErrNotFound }

// Within is the route with another limit for a request's body, in bytes.
func (r Route) Within(bytes int) Route {
	r.Body = bytes
	return r
}

// Handler does what a request asks for. In is read from the request's path, query and body as the tags of its
// fields say; Out is the body of the answer.
type Handler[In, Out any] func(*Request, In) (Out, error)

// route makes a route of the API. It panics if the fields of In do not fit the path: the program then fails
// at its first start.
func route[In, Out any](
	method, path string, guard Guard, scope chat.Scope, cost access.Cost, status int, handler Handler[In, Out],
) Route {
	in := inputOf(reflect.TypeFor[In]())
	in.mustFit(method, path)
	in.mustCount(method, path, cost, reflect.TypeFor[In]())
	if reflect.TypeFor[Out]() == reflect.TypeFor[None]() {
		status = http.StatusNoContent
	}
	return Route{
		Method: method, Path: path, Guard: guard, Scope: scope, Cost: cost, Status: status,
		In: reflect.TypeFor[In](), Out: answerOf[Out](), Name: nameOf(handler), input: in,
		handle: func(s *Server, c echo.Context) error {
			var call struct { // one allocation for both
				request Request
				in      In
			}
			call.request.echo = c
			payer := access.Caller{Address: call.request.network()}
			if by, signedIn := c.Get(callerKey).(access.Caller); signedIn {
				if scope != "" {
					if err := by.May(scope); err != nil {
						return err
					}
				}
				if cost.Changes > 0 {
					by.Charge = &access.Charge{}
				}
				call.request.By, payer = by, by
			}
			if err := s.actions.Spend(payer, cost); err != nil {
				return err
			}
			paid(c, cost, payer)
			if err := in.read(c, &call.in); err != nil {
				return err
			}
			if cost.Per > 0 {
				if err := s.actions.SpendMore(payer, cost, in.bodyOf(&call.in)); err != nil {
					paid(c, access.Cost{}, payer)
					return err
				}
			}
			out, err := handler(&call.request, call.in)
			if err != nil {
				return err
			}
			s.actions.Settle(payer)
			if status == http.StatusNoContent {
				c.Response().Header().Set("Cache-Control", uncached)
				return c.NoContent(status)
			}
			return c.JSON(status, out)
		},
	}
}

// bodyType is the type of the request's body. The route must have a body.
func (r Route) bodyType() reflect.Type { return bodyType(r.In, r.input.body) }

// bodyType is the type of the body of an input, with the index of its field.
func bodyType(in reflect.Type, index []int) reflect.Type {
	if len(index) == 0 {
		return in
	}
	return in.FieldByIndex(index).Type
}

// nameOf is the name of a handler's method with a lower-case first letter, such as "postMessage".
func nameOf(handler any) string {
	name := runtime.FuncForPC(reflect.ValueOf(handler).Pointer()).Name()
	name = strings.TrimSuffix(name[strings.LastIndexByte(name, '.')+1:], "-fm")
	return strings.ToLower(name[:1]) + name[1:]
}

// Mount adds the routes to the server. HEAD is answered as GET is, without the body, which net/http leaves out.
// Any other path under /api is answered with an API error, 404.
func (s *Server) Mount(routes []Route) {
	for _, r := range routes {
		methods := []string{r.Method}
		if r.Method == http.MethodGet {
			methods = append(methods, http.MethodHead)
		}
		s.echo.Match(methods, r.Path, func(c echo.Context) error { return r.handle(s, c) }, s.guards(r)...)
	}
	s.echo.Any("/api/*", func(echo.Context) error { return echo.ErrNotFound })
}

// Quiet keeps the requests for these paths out of the log, because the doors behind them log their
// connections themselves.
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
			body = access.StrangerBytes
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

// bodyBelow limits the size of a request's body.
func bodyBelow(limit int) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			r := c.Request()
			r.Body = http.MaxBytesReader(c.Response(), r.Body, int64(limit))
			return next(c)
		}
	}
}
