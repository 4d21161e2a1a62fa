// Reading JSON from clients strictly.

package chat

import (
	"bytes"
	"encoding"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"
)

// Decode reads exactly one JSON value and refuses unknown fields. A value of the wrong type is refused as
// Invalid, with the name of its field, and so are a field that is missing (see checkFields) and a text that is not
// Unicode or holds the character NUL (see checkTexts). Everything else is refused as BadRequest; there errors.As
// also finds the decoder's own error, such as an error of the reader. No error names a type of this program.
func Decode(dec *json.Decoder, in any) error {
	var value json.RawMessage
	if err := readNext(dec, &value); err != nil {
		return err
	}
	if err := nothingMore(dec); err != nil {
		return err
	}
	return DecodeValue(value, in)
}

// DecodeValue is Decode for a value that has been read.
func DecodeValue(value []byte, in any) error { return decode(value, in, true) }

// DecodeLoosely is Decode for a value that has been read, and ignores unknown fields and missing ones.
func DecodeLoosely(value []byte, in any) error { return decode(value, in, false) }

// DecodeFrame is Decode for a line that a client sent. It leaves the texts in the line's data to whoever decodes
// the data, so that the error names the field.
func DecodeFrame(line []byte, frame *Frame) error {
	if err := decodeFrame(line, frame, true); err != nil {
		return err
	}
	return checkFields(line, reflect.TypeFor[Frame]())
}

// DecodeFrameLoosely is DecodeFrame for a line in a gateway's names, which may have other fields too.
func DecodeFrameLoosely(line []byte, frame *Frame) error { return decodeFrame(line, frame, false) }

// MaxFrameID is how many bytes the id of a frame may have.
const MaxFrameID = 64

// ErrFrameID is the error of a frame whose id no answer could carry as it came: its client would wait for ever. The
// decoder puts U+FFFD in the place of what is not Unicode.
var ErrFrameID = fmt.Errorf("an id is a text of 1 to %d bytes, without U+FFFD", MaxFrameID)

func decodeFrame(line []byte, frame *Frame, strict bool) error {
	dec := json.NewDecoder(bytes.NewReader(line))
	if strict {
		dec.DisallowUnknownFields()
	}
	var read struct {
		Event string          `json:"event"`
		ID    *string         `json:"id"`
		Data  json.RawMessage `json:"data"`
	}
	if err := readNext(dec, &read); err != nil {
		return err
	}
	if err := nothingMore(dec); err != nil {
		return err
	}
	if read.Event == "" {
		return &Error{Code: Invalid, Field: "event", Message: ErrMissing.Error(), cause: ErrMissing}
	}
	*frame = Frame{Event: read.Event, Data: read.Data}
	if id := read.ID; id != nil {
		if *id == "" || len(*id) > MaxFrameID || strings.ContainsRune(*id, utf8.RuneError) {
			return ErrFrameID
		}
		frame.ID = *id
	}
	return nil
}

// readNext reads the next value.
func readNext(dec *json.Decoder, in any) error {
	err := dec.Decode(in)
	var syntax *json.SyntaxError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &syntax) && tooDeep(dec, syntax):
		return &Error{Code: BadRequest, Message: "this JSON has too many values in each other", cause: err}
	}
	return inPlainWords(err)
}

// nothingMore reads what is left after a value: it must end. It may end early too, as a body that is too long does.
func nothingMore(dec *json.Decoder) error {
	_, err := dec.Token()
	var syntax *json.SyntaxError
	switch {
	case errors.Is(err, io.EOF):
		return nil
	case err == nil, errors.As(err, &syntax):
		return Errorf(BadRequest, "more than one JSON value")
	}
	return inPlainWords(err)
}

func decode(value []byte, in any, strict bool) error {
	dec := json.NewDecoder(bytes.NewReader(value))
	if strict {
		dec.DisallowUnknownFields()
	}
	err := readNext(dec, in)
	if err == nil || json.Valid(value) { // the error may be about a name that it cannot give back
		if broken := checkTexts(value); broken != nil {
			return broken
		}
	}
	if err == nil && strict {
		return checkFields(value, reflect.TypeOf(in))
	}
	return err
}

// inPlainWords is a decoder's error for people who do not know the decoder.
func inPlainWords(err error) error {
	var wrongType *json.UnmarshalTypeError
	var syntax *json.SyntaxError
	var ours *Error
	message := "the JSON could not be read"
	switch {
	case errors.As(err, &ours):
		return ours
	case errors.As(err, &wrongType):
		given, _, _ := strings.Cut(wrongType.Value, " ") // a number comes with its digits
		return InvalidField(onTheWire(wrongType.Field),
			"want %s here, and this is %s", wanted(wrongType.Type), kinds[given])
	case errors.As(err, &syntax):
		message = fmt.Sprintf("this is not JSON: what stands at byte %d cannot stand there", syntax.Offset)
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		message = "this is not JSON: it ends too early"
	case errors.Is(err, errClientID):
		return &Error{Code: Invalid, Field: "client_id", Message: err.Error(), cause: err}
	default: // the decoder has no type for the error of an unknown field
		if field, unknown := strings.CutPrefix(err.Error(), "json: unknown field "); unknown {
			return &Error{Code: BadRequest, Message: "there is no field " + field, Field: strings.Trim(field, `"`), cause: err}
		}
	}
	return &Error{Code: BadRequest, Message: message, cause: err}
}

// maxDepth is how many lists and objects the decoder reads in each other. In deeper ones it finds an error of syntax
// like any other.
const maxDepth = 10_000

// tooDeep tells whether a decoder stopped because the value has too many values in each other: whether the last byte
// that it read begins a list or an object in maxDepth others.
func tooDeep(dec *json.Decoder, err *json.SyntaxError) bool {
	text, _ := io.ReadAll(dec.Buffered()) // from the beginning of the value on, which the decoder has not taken
	read := text[:min(max(0, err.Offset-dec.InputOffset()), int64(len(text)))]
	depth, inText := 0, false
	for i := 0; i < len(read); i++ {
		switch c := read[i]; {
		case inText && c == '\\':
			i++
		case c == '"':
			inText = !inText
		case inText:
		case c == '[', c == '{':
			depth++
		case c == ']', c == '}':
			depth--
		}
	}
	return depth > maxDepth
}

// onTheWire is the path to a field without the names of embedded types, which the decoder puts into it. Fields on the
// wire begin with a small letter.
func onTheWire(path string) string {
	names := strings.Split(path, ".")
	return strings.Join(slices.DeleteFunc(names, func(name string) bool {
		return name != "" && name[0] >= 'A' && name[0] <= 'Z'
	}), ".")
}

// kinds are the decoder's words for what it found, and ours.
var kinds = map[string]string{
	"number": "a number", "string": "a text", "array": "a list", "object": "an object", "bool": "true or false",
}

// wanted says which kind of JSON value a type is read from.
func wanted(t reflect.Type) string {
	switch {
	case t == nil:
		return "something else"
	case t.Kind() == reflect.Pointer:
		return wanted(t.Elem())
	case t.Kind() == reflect.String, reflect.PointerTo(t).Implements(reflect.TypeFor[encoding.TextUnmarshaler]()):
		return "a text"
	case t.Kind() == reflect.Bool:
		return "true or false"
	case t.Kind() == reflect.Slice, t.Kind() == reflect.Array:
		return "a list"
	case t.Kind() == reflect.Struct, t.Kind() == reflect.Map:
		return "an object"
	case t.Kind() == reflect.Float64:
		return "a number"
	}
	return "a whole number"
}

// checkTexts refuses the texts in a JSON value that are not Unicode or hold NUL, and names the field. The
// decoder would replace bytes that are not UTF-8, and halves of surrogate pairs such as \ud800, by another
// character: then the server would store something else than was sent.
func checkTexts(value []byte) error {
	if utf8.Valid(value) && !bytes.Contains(value, []byte(`\u`)) {
		return nil
	}
	t := texts{json: value}
	return t.value()
}

// texts goes through the texts of a valid JSON value.
type texts struct {
	json []byte
	at   int
	// path has the names of the fields around the value that is checked. They are put together only for an error:
	// somebody may nest thousands of fields, and all paths to them would be far longer than the value is.
	path []string
}

// wrong refuses the text that was read last, and leads to it as "rooms.name".
func (t *texts) wrong(why string) error { return InvalidField(strings.Join(t.path, "."), "%s", why) }

// next skips what separates values, and returns the byte after it without taking it.
func (t *texts) next() byte {
	for ; t.at < len(t.json); t.at++ {
		switch c := t.json[t.at]; c {
		case ' ', '\t', '\r', '\n', ',', ':':
		default:
			return c
		}
	}
	return 0
}

// value checks the value that begins here.
func (t *texts) value() error {
	switch t.next() {
	case '"':
		_, err := t.text()
		return err
	case '[':
		for t.at++; t.next() != ']'; {
			if err := t.value(); err != nil {
				return err
			}
		}
		t.at++
	case '{':
		for t.at++; t.next() != '}'; {
			name, err := t.text()
			if err != nil {
				return err
			}
			t.path = append(t.path, name)
			if err := t.value(); err != nil {
				return err
			}
			t.path = t.path[:len(t.path)-1]
		}
		t.at++
	default:
		t.word()
	}
	return nil
}

// word skips the number or the word that begins here.
func (t *texts) word() {
	for ; t.at < len(t.json); t.at++ {
		switch t.json[t.at] {
		case ' ', '\t', '\r', '\n', ',', ':', ']', '}':
			return
		}
	}
}

// quoted skips the text that begins here, and returns it with its quotes.
func (t *texts) quoted() []byte {
	start := t.at
	for t.at++; t.json[t.at] != '"'; t.at++ {
		if t.json[t.at] == '\\' {
			t.at++
		}
	}
	t.at++
	return t.json[start:t.at]
}

// text checks the text that begins here, and returns it.
func (t *texts) text() (string, error) {
	raw := t.quoted()
	var text string
	if err := json.Unmarshal(raw, &text); err != nil {
		return "", inPlainWords(err)
	}
	switch {
	case !utf8.Valid(raw), strings.Count(text, "\ufffd") > written(raw):
		return "", t.wrong("this text is not Unicode: it has bytes that are not UTF-8, or half of a surrogate pair")
	case strings.ContainsRune(text, 0):
		return "", t.wrong("a text cannot hold the character NUL")
	}
	return text, nil
}

// written counts how often a JSON string itself says U+FFFD, which also stands for what cannot be decoded.
func written(raw []byte) int {
	n := bytes.Count(raw, []byte("\ufffd"))
	for i := 0; i+6 <= len(raw); i++ {
		if raw[i] != '\\' {
			continue
		}
		if bytes.EqualFold(raw[i:i+6], []byte(`\ufffd`)) && raw[i+1] == 'u' {
			n++
		}
		i++ // the byte after a backslash begins no escape
	}
	return n
}
