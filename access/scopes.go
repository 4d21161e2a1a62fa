// What a program's token lets it do: one rule, which every action asks before anything else.

package access

import (
	"parley/chat"
)

// May refuses a program whose token is not for that. People May do whatever they May.
func (by Caller) May(scope chat.Scope) error {
	if by.Grant.has(scope) {
		return nil
	}
	return &chat.Error{
		Code: chat.Forbidden, Field: "scope",
		Message: "this token is not for that: it lacks the scope " + string(scope),
	}
}

// MayMakeRooms refuses a token that is for certain rooms: a new one is none of them.
func (by Caller) MayMakeRooms() error {
	if by.Grant == nil || by.Grant.Rooms == nil {
		return nil
	}
	return chat.Errorf(chat.Forbidden, "this token is for certain rooms only")
}

// MustBePerson refuses programs what is for people alone: their password, their profile, and making tokens.
func (by Caller) MustBePerson() error {
	if by.Grant == nil {
		return nil
	}
	return chat.Errorf(chat.Forbidden, "programs may not do that")
}
