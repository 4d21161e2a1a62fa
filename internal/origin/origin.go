// Package origin decides whether a browser's request comes from a page that may use this server. One
// rule serves HTTP and the upgrade of a socket.
package origin

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"unicode"

	"golang.org/x/net/idna"
)

// Verdict is what a request's Origin header says.
type Verdict int

const (
	// Missing means no Origin header: not a browser, or a plain navigation. It is not permission.
	Missing Verdict = iota
	// Allowed means the server's own origin, or one that was named.
	Allowed
	// Foreign means any other, also "null" and what is not an origin.
	Foreign
)

// Rule holds the origins that may use the server. It does not change, so any goroutine may use it.
type Rule struct {
	own   string // empty: that of the request
	named map[string]bool
}

// New makes the rule of a server. publicURL is where people reach it; with it, that is the only own
// origin, whatever Host a proxy in front sends. When empty, each request's own scheme and host are. The
// allowed are further origins, as https://example.com:8443. It fails when one of them is not an origin;
// there is no wildcard.
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
		o := canonical(strings.TrimSuffix(text, "/"))
		if o == "" || strings.Contains(o, "*") {
			return nil, fmt.Errorf("allowed origin %q: want one like https://chat.example.com", text)
		}
		r.named[o] = true
	}
	return r, nil
}

// Check judges the Origin header of a request that reached the server by the scheme (http or https) and
// host (with its port, if any) that its sender used.
func (r *Rule) Check(req *http.Request, scheme, host string) Verdict {
	headers := req.Header.Values("Origin")
	if len(headers) == 0 {
		return Missing
	}
	if len(headers) > 1 {
		return Foreign // no browser does this; which one would count?
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

// canonical writes an origin in the one form that browsers send, or gives "" for what is not one.
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

// hostname writes a name as browsers do. Their rules let plain names hold what domain names may not, as
// the underscores of container networks.
func hostname(name string) string {
	if strings.Contains(name, ":") {
		return "[" + strings.ToLower(name) + "]"
	}
	if !strings.ContainsFunc(name, func(c rune) bool { return c > unicode.MaxASCII }) {
		return strings.ToLower(name)
	}
	name, err := idna.Lookup.ToASCII(name)
	if err != nil {
		return ""
	}
	return name
}
