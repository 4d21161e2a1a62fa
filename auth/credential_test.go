package auth

import (
	"net/http"
	"testing"

	"parley/chat"
)

// What a program sends by itself counts before what a browser attaches; and only the cookie of the scheme
// that people use counts.
func TestTheHeaderCountsBeforeTheCookie(t *testing.T) {
	t.Parallel()
	const plain, bound = "parley=c; other=x", "__Host-parley=c; other=x"
	for _, c := range []struct {
		authorization, cookie string
		secure                bool
		want                  Credential
	}{
		{"", "", false, Credential{}},
		{"Bearer t", "", false, Credential{Token: "t"}},
		{"Bearer  t ", "", false, Credential{Token: "t"}},
		{"bearer t", plain, false, Credential{Token: "t"}},
		{"BEARER t", "", false, Credential{Token: "t"}},
		{"Bearert", plain, false, Credential{Token: "c", Cookie: true}},
		{"Bearer t", plain, false, Credential{Token: "t"}},
		{"Bearer ", plain, false, Credential{}},
		{"Basic t", "", false, Credential{}},
		{"Basic t", plain, false, Credential{Token: "c", Cookie: true}},
		{"", plain, false, Credential{Token: "c", Cookie: true}},
		{"", bound, true, Credential{Token: "c", Cookie: true}},
		{"", plain, true, Credential{}},
		{"", bound, false, Credential{}},
	} {
		r := &http.Request{Header: http.Header{}}
		if c.authorization != "" {
			r.Header.Set("Authorization", c.authorization)
		}
		if c.cookie != "" {
			r.Header.Set("Cookie", c.cookie)
		}
		if got := CredentialOf(r, c.secure); got != c.want {
			t.Errorf("%q, %q, secure %v: got %+v, want %+v", c.authorization, c.cookie, c.secure, got, c.want)
		}
	}
}

func TestATokenThatAClientNamesCountsBeforeItsCookie(t *testing.T) {
	t.Parallel()
	cookie := Credential{Token: "c", Cookie: true}
	if got := cookie.Unless("t"); got != (Credential{Token: "t"}) {
		t.Errorf("got %+v", got)
	}
	if got := cookie.Unless(""); got != cookie {
		t.Errorf("got %+v", got)
	}
}

// A cookie would be renewed, and would be by the token of a login, which may do everything. It is refused
// before it is looked up.
func TestTheTokenOfAProgramIsRefusedAsACookie(t *testing.T) {
	t.Parallel()
	_, err := TicketOf(t.Context(), nil, nil, Credential{Token: "parley_X", Cookie: true})
	if !chat.IsCode(err, chat.SignedOut) {
		t.Errorf("got %v, want signed_out", err)
	}
}
