// Host names: the rule for the names under which the server answers. It stops DNS rebinding: a page of
// another site whose name suddenly means this server's address would else be a page of this server.

package access

import (
	"net"
	"net/netip"
	"strings"
	"time"
	"unicode"

	"golang.org/x/net/idna"

	"parley/chat"
	"parley/internal/idn"
)

// LearnHostsFor is how long a server that was used before it checked names answers under every name, and
// learns the right ones.
const LearnHostsFor = 30 * 24 * time.Hour

// HostName returns the name in a Host header in the one form in which names are compared: in lower case,
// without a port and without the dot of the root. It returns "" for what is no host.
func HostName(header string) string {
	name := header
	if strings.HasPrefix(name, "[") || strings.Count(name, ":") == 1 {
		host, port, err := net.SplitHostPort(name)
		switch {
		case err == nil && strings.Trim(port, "0123456789") == "":
			name = host
		case strings.HasPrefix(name, "[") && strings.HasSuffix(name, "]"):
			name = name[1 : len(name)-1]
		default:
			return ""
		}
	}
	if addr, err := netip.ParseAddr(name); err == nil {
		return addr.String()
	}
	name = strings.ToLower(strings.TrimSuffix(name, "."))
	if strings.ContainsFunc(name, func(r rune) bool { return r > unicode.MaxASCII }) {
		var err error
		if name, err = idn.ASCII(idna.Lookup, name); err != nil {
			return ""
		}
	}
	if len(name) > idn.MaxName || strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789-_.") != "" {
		return ""
	}
	return name
}

// NeedsNoConfirming tells whether a server answers under a host whatever its settings are: under localhost
// and the names below it, which browsers never look up, and under addresses, which nobody can point
// elsewhere. host is as HostName returns it.
func NeedsNoConfirming(host string) bool {
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	_, err := netip.ParseAddr(host)
	return err == nil
}

// MayTeachHost lets somebody who is signed in make the server learn the name under which they reach it. It
// may be the owner or an admin, or whoever was signed in before the server began to check names. Nobody else:
// with open registration, the page of another site could make an account.
func MayTeachHost(role chat.Role, signedInAt, since time.Time) bool {
	return role.Administers() || signedInAt.Before(since)
}

// MayKeepHosts lets the owner of the server say under which names it answers, and the operator.
func MayKeepHosts(by Caller, role chat.Role) error {
	if by.Operator {
		return nil
	}
	if err := by.MustBePerson(); err != nil {
		return err
	}
	return MustOwn(role)
}
