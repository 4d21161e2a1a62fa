package actions

import (
	"context"
	"reflect"
	"testing"

	"parley/access"
	"parley/chat"
)

// reads are the methods that are given a context and a caller: they read for that caller. A new one is among them.
func (p *parts) reads() map[string]reflect.Value {
	all := map[string]reflect.Value{}
	value := reflect.ValueOf(p.Actions)
	for i := range value.NumMethod() {
		method, is := value.Method(i), value.Method(i).Type()
		if is.NumIn() < 2 || is.NumOut() == 0 || is.In(0) != reflect.TypeFor[context.Context]() ||
			is.In(1) != reflect.TypeFor[access.Caller]() || is.Out(is.NumOut()-1) != reflect.TypeFor[error]() {
			continue
		}
		all[value.Type().Method(i).Name] = method
	}
	return all
}

// calledBy calls a method of somebody's, with nothing in the rest of its request unless with has something of that type.
func calledBy(method reflect.Value, by access.Caller, with ...any) error {
	in := []reflect.Value{reflect.ValueOf(context.Background()), reflect.ValueOf(by)}
	for i := 2; i < method.Type().NumIn(); i++ {
		given := reflect.Zero(method.Type().In(i))
		for _, value := range with {
			if reflect.TypeOf(value) == given.Type() {
				given = reflect.ValueOf(value)
			}
		}
		in = append(in, given)
	}
	out := method.Call(in)
	err, _ := out[len(out)-1].Interface().(error)
	return err
}

// Somebody is deactivated while a request of theirs waits: for its turn, or for its client to take what was read before.
func TestNothingIsReadForASessionThatHasEnded(t *testing.T) {
	t.Parallel()
	p := start(t)
	ann := p.signsUp(t, "ann")
	bob := p.signsUp(t, "bob")
	with := []any{
		chat.PasswordChange{Current: goodPassword, New: goodPassword},
		chat.NewNotification{To: []string{"ann"}, Title: "news", Key: "1"},
	}
	reads := p.reads()
	for _, name := range []string{"Rooms", "History", "Changes", "Members", "Snapshot", "Notifications", "AuditLog"} {
		if _, found := reads[name]; !found {
			t.Errorf("%s is not among %v", name, reads)
		}
	}
	for name, read := range reads {
		if name == "ChangePassword" {
			continue // it would end the session
		}
		if err := calledBy(read, bob, with...); chat.IsCode(err, chat.SignedOut) {
			t.Errorf("%s before: %v", name, err)
		}
	}
	if _, err := p.Deactivate(ann, bob.User, chat.Deactivation{Messages: chat.KeepMessages}); err != nil {
		t.Fatal(err)
	}
	for name, read := range reads {
		if err := calledBy(read, bob, with...); !chat.IsCode(err, chat.SignedOut) {
			t.Errorf("%s after: %v", name, err)
		}
	}
}
