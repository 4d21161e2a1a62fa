// Fields that a request lacks, and names that are only nearly those of fields.

package chat

import (
	"encoding"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"reflect"
	"slices"
	"strings"
)

// ErrMissing is the cause of the refusal of a request that lacks a field.
var ErrMissing = errors.New("this field is missing")

// checkFields refuses a valid JSON value that lacks a field without omitempty of its type, as Invalid, and names the
// field: the decoder would leave 0 or nothing in its place, which asks for something else. A field that is null is
// missing. It also refuses a name that the decoder takes for that of a field although it is another one, as ROOM_ID
// for room_id.
func checkFields(value []byte, of reflect.Type) error {
	t := texts{json: value}
	return t.fields(of)
}

// fields checks the value that begins here against its type.
func (t *texts) fields(of reflect.Type) error {
	for of.Kind() == reflect.Pointer {
		of = of.Elem()
	}
	begin := t.next()
	switch {
	case readsItself(of):
	case of.Kind() == reflect.Struct && (begin == '{' || begin == 'n'):
		return t.object(of)
	case of.Kind() == reflect.Slice && begin == '[':
		for t.at++; t.next() != ']'; {
			if err := t.fields(of.Elem()); err != nil {
				return err
			}
		}
		t.at++
		return nil
	}
	t.skip()
	return nil
}

// object checks the object or the null that begins here against its type.
func (t *texts) object(of reflect.Type) error {
	var given []string
	if t.next() == 'n' {
		t.skip()
	} else {
		for t.at++; t.next() != '}'; {
			name, err := t.text()
			if err != nil {
				return err
			}
			field, known := fieldNamed(of, name)
			if !known {
				return &Error{Code: BadRequest, Message: fmt.Sprintf("there is no field %q", name), Field: name}
			}
			if t.next() == 'n' {
				t.skip()
				continue
			}
			given = append(given, name)
			t.path = append(t.path, name)
			if err := t.fields(field); err != nil {
				return err
			}
			t.path = t.path[:len(t.path)-1]
		}
		t.at++
	}
	for name, field := range fieldsOf(of) {
		if field.needed && !slices.Contains(given, name) {
			path := strings.Join(append(t.path, name), ".")
			return &Error{Code: Invalid, Field: path, Message: ErrMissing.Error(), cause: ErrMissing}
		}
	}
	return nil
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

// field is a field as it is on the wire.
type field struct {
	kind   reflect.Type
	needed bool
}

// fieldNamed returns the type of the field with exactly that name.
func fieldNamed(of reflect.Type, name string) (reflect.Type, bool) {
	for have, field := range fieldsOf(of) {
		if have == name {
			return field.kind, true
		}
	}
	return nil, false
}

// fieldsOf goes through the fields of a struct by their names on the wire, those of embedded structs too.
func fieldsOf(of reflect.Type) iter.Seq2[string, field] {
	return func(yield func(string, field) bool) {
		for i := range of.NumField() {
			f := of.Field(i)
			name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
			switch {
			case name == "-":
			case name != "":
				if !yield(name, field{f.Type, !strings.Contains(options, "omitempty")}) {
					return
				}
			case f.Anonymous:
				for name, inner := range fieldsOf(f.Type) {
					if !yield(name, inner) {
						return
					}
				}
			}
		}
	}
}
