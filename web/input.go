// Inputs: the parts of a request that the tags on the fields of a handler's input name, and its body.

package web

import (
	"encoding/json"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"parley/access"
	"parley/chat"
)

// input says where the parts of an input come from.
type input struct {
	params []param
	body   []int // index of its field; nil without a body
}

// param is a field with a tag path:"name" or query:"name".
type param struct {
	in, name string
	index    []int
	kind     reflect.Kind
	optional bool // the field is a pointer, which is nil when the parameter is missing
}

// inputOf reads the tags of an input type. An input without tags is itself the body. If some fields have
// tags, the one field without a tag is the body. The fields of an embedded struct that has only parameters
// count as fields of the input.
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

// twoBodies is an index that no field has. It marks an input with two bodies, which mustFit refuses.
var twoBodies = []int{-1}

func paramOf(field reflect.StructField) (param, bool) {
	for _, where := range []string{"path", "query"} {
		if name := field.Tag.Get(where); name != "" {
			p := param{in: where, name: name, index: field.Index, kind: field.Type.Kind()}
			if p.kind == reflect.Pointer && where == "query" {
				p.kind, p.optional = field.Type.Elem().Kind(), true
			}
			return p, true
		}
	}
	return param{}, false
}

// mustFit panics if the input does not fit the path: if their parameters differ, if one is neither an int64
// nor a string, if a string is optional, or if there are two bodies.
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
		if p.kind != reflect.Int64 && (p.kind != reflect.String || p.optional) {
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

// mustCount panics if a request with that body cannot say how long its list is, although the list costs.
func (in input) mustCount(method, path string, cost access.Cost, t reflect.Type) {
	if cost.Per == 0 {
		return
	}
	if in.body == nil || !bodyType(t, in.body).Implements(reflect.TypeFor[access.Counted]()) {
		panic(fmt.Sprintf("%s %s: the body cannot say how many elements it has", method, path))
	}
}

// bodyOf returns the body in the input that from points to.
func (in *input) bodyOf(from any) any {
	return reflect.ValueOf(from).Elem().FieldByIndex(in.body).Interface()
}

// read fills an input, which into points to, from a request.
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

// read reads a parameter of the path or the query. A part of a path that is not a whole number is NotFound. A
// parameter that is missing in the query is 0 or the empty string, or nil when it is optional.
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
			return chat.Errorf(chat.NotFound, "there is no %s %q: an address has its number, as 1", p.name, text)
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
		return chat.InvalidField(p.name, "use a whole number")
	}
	if p.optional {
		into.Set(reflect.New(into.Type().Elem()))
		into = into.Elem()
	}
	into.SetInt(n)
	return nil
}

// bind reads a body that is exactly one JSON value without unknown fields.
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
