// Reading JSON from clients strictly.

package chat

import (
	"encoding/json"
	"errors"
	"io"
)

// Decode reads exactly one JSON value and refuses unknown fields. A value of the wrong type is refused as
// Invalid, with the name of its field. Everything else is refused as BadRequest; there errors.As also finds
// the decoder's own error, such as an error of the reader.
func Decode(dec *json.Decoder, in any) error {
	dec.DisallowUnknownFields()
	err := dec.Decode(in)
	if err == nil {
		if _, err = dec.Token(); errors.Is(err, io.EOF) {
			return nil
		}
		return Errorf(BadRequest, "more than one JSON value")
	}
	var wrongType *json.UnmarshalTypeError
	if errors.As(err, &wrongType) {
		return InvalidField(wrongType.Field, "a value of the kind %s does not fit here", wrongType.Value)
	}
	return &Error{Code: BadRequest, Message: err.Error(), cause: err}
}
