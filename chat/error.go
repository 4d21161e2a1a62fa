package chat

import (
	"errors"
	"fmt"
)

// Code names a kind of refusal. Codes are stable: clients decide by them, never by the text.
type Code string

// The codes. A refusal is certain: nothing was stored. Unknown and Internal are not refusals: what
// was asked may have happened.
const (
	BadRequest       Code = "bad_request"        // not JSON, unknown field, unknown event
	Invalid          Code = "invalid"            // Field holds something that cannot be
	SignedOut        Code = "signed_out"         // no session, or it ended
	WrongCredentials Code = "wrong_credentials"  // name or password is wrong, never said which
	Forbidden        Code = "forbidden"          // visible to the caller, but not theirs to do
	NotFound         Code = "not_found"          // does not exist, or is not for the caller to see
	NameTaken        Code = "name_taken"         // a user or room has that name
	AlreadySetUp     Code = "already_set_up"     // the owner exists
	ClientIDReused   Code = "client_id_reused"   // the client_id was used for something else
	KeyReused        Code = "key_reused"         // the key was used for another notification
	LastOwner        Code = "last_owner"         // name another owner of the room first
	Deleted          Code = "deleted"            // the message is a tombstone
	MessageTooLong   Code = "message_too_long"   // Limit is in characters
	FrameTooBig      Code = "frame_too_big"      // Limit is in bytes
	TooManyReactions Code = "too_many_reactions" // Limit is distinct emoji on a message
	TooManyPeople    Code = "too_many_people"    // Limit is people in a direct room
	TooManyRooms     Code = "too_many_rooms"     // Limit is rooms that one person is in
	TooManyAttempts  Code = "too_many_attempts"  // to sign in; RetryAfter tells when
	RateLimited      Code = "rate_limited"       // Limit is messages a second; RetryAfter tells when
	Busy             Code = "busy"               // a queue is full; Limit is its size; try again
	Unavailable      Code = "unavailable"        // the server cannot store now, or is stopping
	Unknown          Code = "unknown"            // the outcome is not known: ask again with the same client_id
	Internal         Code = "internal"           // a fault of the server
)

// Codes lists all of them.
var Codes = []Code{
	BadRequest, Invalid, SignedOut, WrongCredentials, Forbidden, NotFound, NameTaken, AlreadySetUp,
	ClientIDReused, KeyReused, LastOwner, Deleted, MessageTooLong, FrameTooBig, TooManyReactions, TooManyPeople,
	TooManyRooms, TooManyAttempts, RateLimited, Busy, Unavailable, Unknown, Internal,
}

// Error is a refusal: a code for programs and a sentence for people. It is the body of every HTTP
// error (with the fields of RFC 9457) and the data of every "error" frame.
type Error struct {
	Code    Code   `json:"code"`
	Message string `json:"message"`
	// Field names the part of the request that was wrong.
	Field string `json:"field,omitempty"`
	// Limit is the number that was passed.
	Limit int64 `json:"limit,omitempty"`
	// RetryAfter is in milliseconds.
	RetryAfter int64 `json:"retry_after,omitempty"`

	cause error // for errors.As; never sent
}

func (e *Error) Error() string { return string(e.Code) + ": " + e.Message }

// Unwrap gives what led to the refusal; nil for most.
func (e *Error) Unwrap() error { return e.cause }

// IsCode tells whether an error is a refusal with that code.
func IsCode(err error, code Code) bool { return errors.Is(err, &Error{Code: code}) }

// Is makes errors.Is compare by code.
func (e *Error) Is(target error) bool {
	t, ok := target.(*Error)
	return ok && t.Code == e.Code
}

// Errorf makes a refusal.
func Errorf(code Code, format string, args ...any) *Error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...)}
}

// InvalidField makes a refusal that names what was wrong.
func InvalidField(field, format string, args ...any) *Error {
	return &Error{Code: Invalid, Field: field, Message: fmt.Sprintf(format, args...)}
}

// Retryable tells whether the same request may be tried again later, unchanged.
func (e *Error) Retryable() bool {
	switch e.Code {
	case RateLimited, TooManyAttempts, Busy, Unavailable, Unknown, Internal:
		return true
	}
	return false
}
