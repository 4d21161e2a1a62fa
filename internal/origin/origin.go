// Package origin decides whether a browser's request comes from a page that may use this server. HTTP
// requests and the upgrades of sockets use the same rule. What to do with a request is for the doors.
package origin

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"unicode"

	"golang.org/x/net/idna"

	"parley/internal/idn"
)

// Verdict tells what a request's Origin header means.
type Verdict int

const (
	// Missing means that there is no Origin header: the client is no browser, or somebody opens a page. It is
	// not a permission.
	Missing Verdict = iota
	// Allowed means the server's own origin, or one that the settings allow.
	Allowed
	// Foreign means any other value, also "null" and texts that are no origin.
	Foreign
)

// Rule holds the origins that may use the server. It never changes, so it is safe from any goroutine.
type Rule struct {
	own   string // the server's own origin; empty for that of each request
	named map[string]bool
}

// New makes the rule of a server. publicURL is where people reach the server: it is the only own origin,
// whatever Host a proxy in front of the server sends. With an empty publicURL, the own origin is the scheme
// and host of each request. allowed lists further origins, such as https://example.com:8443. New fails when
// one of them is not an origin; there are no wildcards.
func New(publicURL string, allowed []string) (*Rule, error) {
	r := &Rule{named: map[string]bool{}}
	if publicURL != "" {
		u, err := url.Parse(publicURL)
		if err != nil {
			return nil, fmt.Errorf("public URL: %w", err)
		}
		if r.own = canonical(u.Scheme + "://" + u.Host); r.own == "" {
			return nil, fmt.Errorf("public URL %q: want one like https://chat.example.com", publicURL)
		}
	}
	for _, text := range allowed {
		o := Of(text)
		if o == "" || strings.Contains(o, "*") {
			return nil, fmt.Errorf("allowed origin %q: want one like https://chat.example.com", text)
		}
		r.named[o] = true
	}
	return r, nil
}

// Check reads the Origin header of a request. scheme (http or https) and host (with its port, if any) are
// those that the sender of the request used.
func (r *Rule) Check(req *http.Request, scheme, host string) Verdict {
	headers := req.Header.Values("Origin")
	if len(headers) == 0 {
		return Missing
	}
	if len(headers) > 1 {
		return Foreign // no browser sends two, and nobody knows which one counts
	}
	own := r.own
	if own == "" {
		own = canonical(scheme + "://" + host)
	}
	got := canonical(headers[0])
	if got != "" && (got == own || r.named[got]) {
		return Allowed
	}
	return Foreign
}

// Of returns the origin that a person means by an address, as browsers send it: whatever the case of its scheme
// and host, and with a slash at the end or without. It is "" for an address with anything else in it.
func Of(address string) string {
	scheme, rest, found := strings.Cut(strings.TrimSuffix(strings.TrimSpace(address), "/"), "://")
	if !found {
		return ""
	}
	return canonical(strings.ToLower(scheme) + "://" + rest)
}

// canonical returns an origin in the one form that browsers send, or "" for a text that is no origin.
func canonical(text string) string {
	u, err := url.Parse(text)
	if err != nil || u.User != nil || u.Opaque != "" || u.Host == "" {
		return ""
	}
	if u.Scheme != "http" && u.Scheme != "https" || text[len(u.Scheme):] != "://"+u.Host {
		return "" // a path, a query, an upper-case scheme
	}
	name := hostname(u.Hostname())
	if name == "" {
		return ""
	}
	port := u.Port()
	if port == "" || u.Scheme == "http" && port == "80" || u.Scheme == "https" && port == "443" {
		return u.Scheme + "://" + name
	}
	return u.Scheme + "://" + name + ":" + port
}

// hostname returns a host name in the form that browsers send. Browsers accept characters in ASCII names that
// domain names may not have, such as the underscores of container networks.
func hostname(name string) string {
	if strings.Contains(name, ":") {
		return "[" + strings.ToLower(name) + "]"
	}
	if !strings.ContainsFunc(name, func(c rune) bool { return c > unicode.MaxASCII }) {
		return strings.ToLower(name)
	}
	name, err := idn.ASCII(idna.Lookup, name)
	if err != nil {
		return ""
	}
	return name
}
