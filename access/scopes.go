// Scopes: what a program's token lets it do. Each door asks before it calls an action.

package access

import (
	"parley/chat"
)

// May refuses a program whose token lacks the scope. It never refuses people.
func (by Caller) May(scope chat.Scope) error {
	if by.Grant.has(scope) {
		return nil
	}
	return &chat.Error{
		Code: chat.Forbidden, Field: "scope",
		Message: "this token lacks the scope " + string(scope),
	}
}

// MayMakeRooms refuses a token that is limited to certain rooms, since a new room is not one of them.
func (by Caller) MayMakeRooms() error {
	if by.Grant == nil || by.Grant.Rooms == nil {
		return nil
	}
	return chat.Errorf(chat.Forbidden, "this token is for certain rooms only")
}

// MustBePerson refuses programs. It guards what only people may do: change their password and their profile,
// and make tokens.
func (by Caller) MustBePerson() error {
	if by.Grant == nil {
		return nil
	}
	return chat.Errorf(chat.Forbidden, "only people may do that, not programs")
}
