package chat

import (
	"encoding/json"
	"errors"
	"io"
)

// Decode reads exactly one JSON value without unknown fields. What it refuses is BadRequest, or Invalid with the
// field that has a value of another kind; the cause, such as an error of the reader, can be found by errors.As.
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
		return InvalidField(wrongType.Field, "want another kind of value than %s", wrongType.Value)
	}
	return &Error{Code: BadRequest, Message: err.Error(), cause: err}
}
