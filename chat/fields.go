// Fields that a request lacks, and names that are only nearly those of fields.

package chat

import (
	"encoding"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"sync"
)

// ErrMissing is the cause of the refusal of a request that lacks a field.
var ErrMissing = errors.New("this field is missing")

// checkFields refuses a valid JSON value that lacks a field without omitempty of its type, as Invalid, and names the
// field: the decoder would leave 0 or nothing in its place, which asks for something else. A field that is null is
// missing. It also refuses a name that the decoder takes for that of a field although it is another one, as ROOM_ID
// for room_id.
func checkFields(value []byte, of reflect.Type) error {
	t := texts{json: value}
	return t.fields(shapeOf(of))
}

// shape is what is checked of a type: its fields as they are on the wire, or those of the elements of a list. It is nil
// for a type of which nothing is.
type shape struct {
	fields   []field
	elements *shape
}

// field is a field as it is on the wire.
type field struct {
	name   string
	needed bool
	shape  *shape
}

// shapes remembers the shape of every type that a request has.
var shapes sync.Map

// shapeOf returns what is checked of a type, which has no field of its own type.
func shapeOf(of reflect.Type) *shape {
	if known, ok := shapes.Load(of); ok {
		return known.(*shape)
	}
	for of.Kind() == reflect.Pointer {
		of = of.Elem()
	}
	var s *shape
	switch {
	case readsItself(of):
	case of.Kind() == reflect.Struct:
		s = &shape{fields: fieldsOf(of)}
	case of.Kind() == reflect.Slice:
		if elements := shapeOf(of.Elem()); elements != nil {
			s = &shape{elements: elements}
		}
	}
	shapes.Store(reflect.PointerTo(of), s)
	shapes.Store(of, s)
	return s
}

// fieldsOf lists the fields of a struct, those of embedded structs too.
func fieldsOf(of reflect.Type) (list []field) {
	for i := range of.NumField() {
		f := of.Field(i)
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case name == "-":
		case name != "":
			list = append(list, field{name, !strings.Contains(options, "omitempty"), shapeOf(f.Type)})
		case f.Anonymous:
			list = append(list, fieldsOf(f.Type)...)
		}
	}
	return list
}

// fields checks the value that begins here.
func (t *texts) fields(s *shape) error {
	begin := t.next()
	switch {
	case s == nil:
	case s.elements != nil && begin == '[':
		for t.at++; t.next() != ']'; {
			if err := t.fields(s.elements); err != nil {
				return err
			}
		}
		t.at++
		return nil
	case s.elements == nil && (begin == '{' || begin == 'n'):
		return t.object(s)
	}
	t.skip()
	return nil
}

// object checks the object or the null that begins here.
func (t *texts) object(s *shape) error {
	var given uint64 // a bit for each field
	if t.next() == 'n' {
		t.skip()
	} else {
		for t.at++; t.next() != '}'; {
			i, err := t.field(s)
			if err != nil {
				return err
			}
			if t.next() == 'n' {
				t.skip()
				continue
			}
			given |= 1 << i
			t.path = append(t.path, s.fields[i].name)
			if err := t.fields(s.fields[i].shape); err != nil {
				return err
			}
			t.path = t.path[:len(t.path)-1]
		}
		t.at++
	}
	for i, field := range s.fields {
		if field.needed && given&(1<<i) == 0 {
			path := strings.Join(append(t.path, field.name), ".")
			return &Error{Code: Invalid, Field: path, Message: ErrMissing.Error(), cause: ErrMissing}
		}
	}
	return nil
}

// field reads the name that begins here, and returns which field has it.
func (t *texts) field(s *shape) (int, error) {
	raw := t.quoted()
	for i := range s.fields {
		if string(raw[1:len(raw)-1]) == s.fields[i].name {
			return i, nil
		}
	}
	var name string // perhaps with escapes
	if err := json.Unmarshal(raw, &name); err != nil {
		return 0, inPlainWords(err)
	}
	for i := range s.fields {
		if name == s.fields[i].name {
			return i, nil
		}
	}
	return 0, &Error{Code: BadRequest, Message: fmt.Sprintf("there is no field %q", name), Field: name}
}

// skip skips the value that begins here.
func (t *texts) skip() {
	for depth := 0; ; {
		switch t.next() {
		case '"':
			t.quoted()
		case '[', '{':
			depth++
			t.at++
		case ']', '}':
			depth--
			t.at++
		default:
			t.word()
		}
		if depth == 0 {
			return
		}
	}
}

// readsItself tells whether a type has its own way of reading JSON.
func readsItself(t reflect.Type) bool {
	p := reflect.PointerTo(t)
	return p.Implements(reflect.TypeFor[json.Unmarshaler]()) || p.Implements(reflect.TypeFor[encoding.TextUnmarshaler]())
}
