// Errors: the codes that clients decide by, and the body of every refusal.

package chat

import (
	"errors"
	"fmt"
)

// Code is a kind of refusal. Codes are stable: clients decide by the code, never by the text.
type Code string

// The codes. After a refusal it is certain that nothing was stored. Unknown and Internal are not refusals:
// the server may have stored what the request asked for.
const (
	BadRequest       Code = "bad_request"        // not JSON, unknown field, unknown event
	Invalid          Code = "invalid"            // Field holds a value that is not allowed
	SignedOut        Code = "signed_out"         // no session, or it ended
	WrongCredentials Code = "wrong_credentials"  // the server never says whether name or password is wrong
	Deactivated      Code = "deactivated"        // the password is right, and the account is deactivated
	Forbidden        Code = "forbidden"          // the caller may see the thing, but may not do this to it
	NotFound         Code = "not_found"          // it does not exist, or the caller may not see it
	NameTaken        Code = "name_taken"         // a user or room has that name
	AlreadySetUp     Code = "already_set_up"     // the server has an owner already
	ClientIDReused   Code = "client_id_reused"   // the client_id was used for something else
	KeyReused        Code = "key_reused"         // the key was used for another notification
	LastOwner        Code = "last_owner"         // the room or the server would be without an owner: name another one first
	Archived         Code = "archived"           // the room is archived: it can be read, and no more changed
	Deleted          Code = "deleted"            // the message was deleted; a tombstone keeps its place
	MessageTooLong   Code = "message_too_long"   // Limit is in characters
	FrameTooBig      Code = "frame_too_big"      // Limit is in bytes
	TooManyReactions Code = "too_many_reactions" // Limit is distinct emoji on a message
	TooManyPeople    Code = "too_many_people"    // Limit is people in a direct room
	TooManyReports   Code = "too_many_reports"   // Limit is reports that nobody has closed yet
	TooManyRooms     Code = "too_many_rooms"     // Limit is rooms of one person, or memberships that they caused
	// TooManyInvitations is for room invitations: Limit is those that wait for one person, or that one person caused.
	TooManyInvitations Code = "too_many_invitations"
	TooManyAttempts    Code = "too_many_attempts" // to sign in; see RetryAfter
	RateLimited        Code = "rate_limited"      // Limit is changes a second; see RetryAfter
	WrongHost          Code = "wrong_host"        // the server does not answer under that name
	UpgradeRequired    Code = "upgrade_required"  // the address is for WebSockets; a proxy may have dropped Upgrade
	Busy               Code = "busy"              // a queue is full; Limit is its size; try again
	Unavailable        Code = "unavailable"       // the server cannot store anything now, or is stopping
	Unknown            Code = "unknown"           // outcome not known: ask again with the same client_id
	Internal           Code = "internal"          // a fault of the server
)

// Codes lists every code.
var Codes = []Code{
	BadRequest, Invalid, SignedOut, WrongCredentials, Deactivated, Forbidden, NotFound, NameTaken, AlreadySetUp,
	ClientIDReused, KeyReused, LastOwner, Archived, Deleted, MessageTooLong, FrameTooBig, TooManyReactions, TooManyPeople,
	TooManyRooms, TooManyInvitations, TooManyReports, TooManyAttempts, RateLimited, WrongHost, UpgradeRequired, Busy,
	Unavailable, Unknown, Internal,
}

// Error is a refusal, with a code for programs and a sentence for people. It is the body of every HTTP error
// (together with the fields of RFC 9457) and the data of every "error" frame.
type Error struct {
	Code    Code   `json:"code"`
	Message string `json:"message"`
	// Field names the part of the request that was wrong.
	Field string `json:"field,omitempty"`
	// Limit is the bound that the request exceeded.
	Limit int64 `json:"limit,omitempty"`
	// RetryAfter is how long to wait before the next attempt, in milliseconds.
	RetryAfter int64 `json:"retry_after,omitempty"`

	cause error // for errors.As; never sent
}

// Error returns the code and the message.
func (e *Error) Error() string { return string(e.Code) + ": " + e.Message }

// Unwrap returns the error that caused the refusal; nil for most refusals.
func (e *Error) Unwrap() error { return e.cause }

// IsCode tells whether err is a refusal with that code, or wraps one.
func IsCode(err error, code Code) bool { return errors.Is(err, &Error{Code: code}) }

// Is makes errors.Is compare refusals by their code alone.
func (e *Error) Is(target error) bool {
	t, ok := target.(*Error)
	return ok && t.Code == e.Code
}

// Errorf makes a refusal with a formatted message.
func Errorf(code Code, format string, args ...any) *Error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...)}
}

// ErrInternal is all that a client learns of a fault of the server. Whoever answers it logs the fault.
var ErrInternal = Errorf(Internal, "the server made a mistake; its log says which")

// InvalidField makes an Invalid refusal that names the wrong field.
func InvalidField(field, format string, args ...any) *Error {
	return &Error{Code: Invalid, Field: field, Message: fmt.Sprintf(format, args...)}
}

// IsForNow tells whether the request was refused because too much is asked for: nothing was done, and RetryAfter says
// when it may be sent again.
func (e *Error) IsForNow() bool {
	switch e.Code {
	case RateLimited, TooManyAttempts, Busy:
		return true
	}
	return false
}

// Retryable tells whether the client may send the same request again later, unchanged.
func (e *Error) Retryable() bool {
	switch e.Code {
	case RateLimited, TooManyAttempts, WrongHost, Busy, Unavailable, Unknown, Internal:
		return true
	}
	return false
}
