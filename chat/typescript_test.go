// TypeScript: writes the types of the browser's client from the types of this package.

package chat

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write generated files anew")

// TestTypeScriptTypesAreFresh compares the client's types with those of this package, so that the wire is
// described in one place only. With -update it writes the client's types: run it so after changing this
// package.
func TestTypeScriptTypesAreFresh(t *testing.T) {
	const path = "../ui/src/net/types.ts"
	want := typeScript()
	if *update {
		if err := os.WriteFile(path, want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s is stale: run go test ./chat -run TypeScript -update", path)
	}
}

// words lists the string constants behind named string types, which reflection cannot see.
var words = map[string][]any{
	"Role":          {RoleOwner, RoleAdmin, RoleMember},
	"PresenceState": {Online, Away, Offline},
	"RoomKind":      {Public, Private, Direct, Announcements},
	"MemberRole":    {MemberOwner, MemberPlain},
	"Adding":        {AddingAnyone, AddingAsk},
	"Registration":  {RegistrationOpen, RegistrationInvite, RegistrationClosed},
	"Scope":         {ScopeRead, ScopePost, ScopeNotify, ScopeAdmin},
	"MessagesFate":  {KeepMessages, DeleteMessages, DeleteRooms},
	"Act":           anyOf(Acts),
	"ChangesState": {
		ChangesPage, ChangesTooFar, ChangesAhead, ChangesGone, ChangesLater,
	},
	"Code": anyOf(Codes),
}

// anyOf is a list of words as words holds it.
func anyOf[W any](list []W) (all []any) {
	for _, word := range list {
		all = append(all, word)
	}
	return all
}

// overHTTP lists the types that only HTTP requests and answers have, and no event of a socket.
var overHTTP = []any{
	Error{},
	Setup{},
	Registering{},
	Login{},
	SignedIn{},
	ProfileChange{},
	PasswordChange{},
	RoleChange{},
	ServerChange{},
	NewInvite{},
	Asked{},
	Audit{},
	Account{},
	Blocks{},
	Deactivation{},
	Reset{},
	ResetCode{},
	ResetCheck{},
	ResetPassword{},
	Invites{},
	InviteCode{},
	InviteCheck{},
	NewHost{},
	Host{},
	Hosts{},
	NewToken{},
	NewNotification{},
	NotificationSent{},
	NotificationRead{},
	Notifications{},
	Tokens{},
	Users{},
	NewReport{},
	KeptRooms{},
	KeptRoomChange{},
	Reports{},
	ReportView{},
	ReportClosing{},
	Members{},
	Rooms{},
	PublicRooms{},
	NewRoom{},
	RoomChange{},
	KeptRooms{},
	KeptRoomChange{},
	Page{},
	NewDirect{},
	DirectRoom{},
	NewMembers{},
	MembersAdded{},
	RoomInvitations{},
	MemberRoleChange{},
	Draft{},
	NewText{},
	NewReadSeq{},
}

// typeScript returns every type of the wire as TypeScript.
func typeScript() []byte {
	w := &typeWriter{seen: map[string]string{}}
	var events, requests strings.Builder
	for _, name := range sortedKeys(ServerEvents) {
		fmt.Fprintf(&events, "  '%s': %s;\n", name, w.name(reflect.TypeOf(ServerEvents[name])))
	}
	for _, name := range sortedKeys(Requests) {
		r := Requests[name]
		fmt.Fprintf(&requests, "  '%s': { data: %s; reply: %s };\n", name,
			w.name(reflect.TypeOf(r.Data)), w.name(reflect.TypeOf(r.Reply)))
	}
	for _, v := range overHTTP {
		w.name(reflect.TypeOf(v))
	}
	var out bytes.Buffer
	out.WriteString("// Written from chat/ by TestTypeScriptTypesAreFresh. Do not edit: change chat/ and run\n")
	out.WriteString("// go test ./chat -run TypeScript -update\n")
	for _, name := range sortedKeys(w.seen) {
		out.WriteString("\n" + w.seen[name])
	}
	fmt.Fprintf(&out, "\nexport interface ServerEvents {\n%s}\n", events.String())
	fmt.Fprintf(&out, "\nexport interface Requests {\n%s}\n", requests.String())
	return out.Bytes()
}

type typeWriter struct{ seen map[string]string }

// name returns the TypeScript name of a type. The first time it also declares the type.
func (w *typeWriter) name(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Pointer:
		return w.name(t.Elem())
	case reflect.Slice:
		if t == reflect.TypeFor[json.RawMessage]() {
			return "unknown"
		}
		return w.name(t.Elem()) + "[]"
	case reflect.Bool:
		return "boolean"
	case reflect.Int, reflect.Int64:
		return w.alias(t, "number")
	case reflect.String:
		return w.alias(t, "string")
	case reflect.Array: // ClientID, which is text on the wire
		return w.alias(t, "string")
	case reflect.Struct:
		w.declare(t)
		return t.Name()
	}
	panic("no TypeScript for " + t.String())
}

func (w *typeWriter) alias(t reflect.Type, basic string) string {
	if t.PkgPath() == "" {
		return basic
	}
	if list := words[t.Name()]; list != nil {
		quoted := make([]string, len(list))
		for i, v := range list {
			quoted[i] = fmt.Sprintf("'%v'", v)
		}
		basic = strings.Join(quoted, " | ")
		if len(basic) > 70 {
			basic = "\n  | " + strings.Join(quoted, "\n  | ")
		}
	}
	w.seen[t.Name()] = fmt.Sprintf("export type %s =%s;\n", t.Name(), spaced(basic))
	return t.Name()
}

func spaced(s string) string {
	if strings.HasPrefix(s, "\n") {
		return s
	}
	return " " + s
}

func (w *typeWriter) declare(t reflect.Type) {
	if w.seen[t.Name()] != "" {
		return
	}
	w.seen[t.Name()] = "pending"
	var fields strings.Builder
	w.fields(t, &fields)
	if fields.Len() == 0 {
		w.seen[t.Name()] = fmt.Sprintf("export type %s = Record<string, never>;\n", t.Name())
		return
	}
	w.seen[t.Name()] = fmt.Sprintf("export interface %s {\n%s}\n", t.Name(), fields.String())
}

func (w *typeWriter) fields(t reflect.Type, out *strings.Builder) {
	for f := range t.Fields() {
		if f.Anonymous {
			w.fields(f.Type, out)
			continue
		}
		if !f.IsExported() {
			continue // the field stays on the server
		}
		name, rest, _ := strings.Cut(f.Tag.Get("json"), ",")
		mark := ""
		if rest == "omitempty" || f.Type.Kind() == reflect.Pointer {
			mark = "?"
		}
		fmt.Fprintf(out, "  %s%s: %s;\n", name, mark, w.name(f.Type))
	}
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
