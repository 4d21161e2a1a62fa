package access

import (
	"strings"
	"testing"
	"time"

	"parley/chat"
)

func TestHostNamesHaveOneForm(t *testing.T) {
	t.Parallel()
	for header, want := range map[string]string{
		"chat.example.com": "chat.example.com", "Chat.Example.COM:3000": "chat.example.com",
		"chat.example.com.": "chat.example.com", "chat.example.com.:80": "chat.example.com",
		"my_container:3000": "my_container", "localhost:3000": "localhost", "LOCALHOST.": "localhost",
		"127.0.0.1:3000": "127.0.0.1", "[::1]:3000": "::1", "[::1]": "::1", "[FE80::1]": "fe80::1",
		"bücher.example": "xn--bcher-kva.example",
		"":               "", ":3000": "", "a b": "", "a/b": "", "a@b": "", "a,b": "", "[::1": "", "a:b": "",
		strings.Repeat("界", 64) + ".example": "",
		`"><script>`:                         "", "a\x00b": "", "\xff": "", strings.Repeat("a", 254): "",
	} {
		if got := HostName(header); got != want {
			t.Errorf("%q: got %q, want %q", header, got, want)
		}
	}
}

// Whoever sends a name longer than any has it refused as it came: making ASCII of one with 10,000 characters, each of
// which is another, takes most of a second. A proxy may pass on what anybody sends.
func TestNoTimeIsSpentOnNamesLongerThanAny(t *testing.T) {
	t.Parallel()
	var long strings.Builder
	for i := range 10_000 {
		long.WriteRune('一' + rune(i))
	}
	start := time.Now()
	for range 20 {
		if got := HostName(long.String()); got != "" {
			t.Fatalf("got %.20q…", got)
		}
	}
	if took := time.Since(start); took > 5*time.Second {
		t.Errorf("20 names took %v", took)
	}
}

func TestLocalNamesAndAddressesNeedNoConfirming(t *testing.T) {
	t.Parallel()
	for host, want := range map[string]bool{
		"localhost": true, "chat.localhost": true, "127.0.0.1": true, "192.168.1.5": true, "::1": true,
		"8.8.8.8":        true,
		"localhost.evil": false, "evillocalhost": false, "127.0.0.1.nip.io": false, "0x7f.1": false,
		"2130706433": false, "127.1": false, "chat.lan": false, "": false,
	} {
		if got := NeedsNoConfirming(host); got != want {
			t.Errorf("%q: got %v, want %v", host, got, want)
		}
	}
}

func TestWhoTeachesAServerItsName(t *testing.T) {
	t.Parallel()
	since := time.UnixMilli(1_000_000)
	before, after := since.Add(-time.Second), since.Add(time.Second)
	for _, c := range []struct {
		role chat.Role
		at   time.Time
		want bool
	}{
		{chat.RoleOwner, after, true},
		{chat.RoleAdmin, after, true},
		{chat.RoleMember, before, true},
		{chat.RoleMember, after, false},
		{chat.RoleMember, since, false},
	} {
		if got := MayTeachHost(c.role, c.at, since); got != c.want {
			t.Errorf("%s, signed in at %v: got %v, want %v", c.role, c.at, got, c.want)
		}
	}
}

func TestWhoKeepsTheNamesOfTheServer(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		by   Caller
		role chat.Role
		want bool
	}{
		{Caller{Operator: true}, "", true},
		{Caller{User: 1}, chat.RoleOwner, true},
		{Caller{User: 2}, chat.RoleAdmin, false},
		{Caller{User: 3}, chat.RoleMember, false},
		{Caller{User: 1, Grant: &Grant{}}, chat.RoleOwner, false},
	} {
		if err := MayKeepHosts(c.by, c.role); (err == nil) != c.want {
			t.Errorf("%+v as %s: got %v, want allowed: %v", c.by, c.role, err, c.want)
		}
	}
}
