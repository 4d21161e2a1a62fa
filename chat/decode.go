// Reading JSON from clients strictly.

package chat

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"unicode/utf8"
)

// Decode reads exactly one JSON value and refuses unknown fields. A value of the wrong type is refused as
// Invalid, with the name of its field, and so is a text that is not Unicode or holds the character NUL: see
// checkTexts. Everything else is refused as BadRequest; there errors.As also finds the decoder's own error,
// such as an error of the reader. No error names a type of this program.
func Decode(dec *json.Decoder, in any) error {
	var value json.RawMessage
	if err := dec.Decode(&value); err != nil {
		return inPlainWords(err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return Errorf(BadRequest, "more than one JSON value")
	}
	return decode(value, in, true)
}

// DecodeLoosely is Decode for a value that has been read, and ignores unknown fields.
func DecodeLoosely(value []byte, in any) error { return decode(value, in, false) }

// DecodeFrame is Decode for a line that a client sent. It leaves the texts in the line's data to whoever decodes
// the data, so that the error names the field.
func DecodeFrame(line []byte, frame *Frame) error {
	dec := json.NewDecoder(bytes.NewReader(line))
	dec.DisallowUnknownFields()
	if err := dec.Decode(frame); err != nil {
		return inPlainWords(err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return Errorf(BadRequest, "more than one JSON value")
	}
	return nil
}

func decode(value []byte, in any, strict bool) error {
	dec := json.NewDecoder(bytes.NewReader(value))
	if strict {
		dec.DisallowUnknownFields()
	}
	if err := dec.Decode(in); err != nil {
		return inPlainWords(err)
	}
	return checkTexts(value)
}

// inPlainWords is a decoder's error for people who do not know the decoder.
func inPlainWords(err error) error {
	var wrongType *json.UnmarshalTypeError
	var syntax *json.SyntaxError
	message := "the JSON could not be read"
	switch {
	case errors.As(err, &wrongType):
		return InvalidField(wrongType.Field, "a value of the kind %s does not fit here", wrongType.Value)
	case errors.As(err, &syntax):
		message = "this is not JSON: " + syntax.Error()
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		message = "this is not JSON: it ends too early"
	case errors.Is(err, errClientID):
		message = err.Error()
	default:
		if field, unknown := strings.CutPrefix(err.Error(), "json: unknown field "); unknown {
			message = "there is no field " + field
		}
	}
	return &Error{Code: BadRequest, Message: message, cause: err}
}

// checkTexts refuses the texts in a JSON value that are not Unicode or hold NUL, and names the field. The
// decoder would replace bytes that are not UTF-8, and halves of surrogate pairs such as \ud800, by another
// character: then the server would store something else than was sent.
func checkTexts(value []byte) error {
	if utf8.Valid(value) && !bytes.Contains(value, []byte(`\u`)) {
		return nil
	}
	t := texts{value, 0}
	return t.value("")
}

// texts goes through the texts of a valid JSON value.
type texts struct {
	json []byte
	at   int
}

// next skips what separates values, and returns the byte after it without taking it.
func (t *texts) next() byte {
	for t.at < len(t.json) && bytes.IndexByte([]byte(" \t\r\n,:"), t.json[t.at]) >= 0 {
		t.at++
	}
	if t.at == len(t.json) {
		return 0
	}
	return t.json[t.at]
}

// value checks the value that begins here. path leads to it, as "rooms.name".
func (t *texts) value(path string) error {
	switch t.next() {
	case '"':
		_, err := t.text(path)
		return err
	case '[':
		for t.at++; t.next() != ']'; {
			if err := t.value(path); err != nil {
				return err
			}
		}
		t.at++
	case '{':
		for t.at++; t.next() != '}'; {
			key, err := t.text(path)
			if err != nil {
				return err
			}
			inner := key
			if path != "" {
				inner = path + "." + key
			}
			if err := t.value(inner); err != nil {
				return err
			}
		}
		t.at++
	default: // a number or a word
		for t.at < len(t.json) && bytes.IndexByte([]byte(" \t\r\n,:]}"), t.json[t.at]) < 0 {
			t.at++
		}
	}
	return nil
}

// text checks the text that begins here, and returns it.
func (t *texts) text(path string) (string, error) {
	start := t.at
	for t.at++; t.json[t.at] != '"'; t.at++ {
		if t.json[t.at] == '\\' {
			t.at++
		}
	}
	t.at++
	raw := t.json[start:t.at]
	var text string
	if err := json.Unmarshal(raw, &text); err != nil {
		return "", inPlainWords(err)
	}
	switch {
	case !utf8.Valid(raw), strings.Count(text, "\ufffd") > written(raw):
		return "", InvalidField(path, "this text is not Unicode: it has bytes that are not UTF-8, or half of a surrogate pair")
	case strings.ContainsRune(text, 0):
		return "", InvalidField(path, "a text cannot hold the character NUL")
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
