package origin

import (
	"net/http/httptest"
	"strings"
	"testing"
)

func TestOnlyOwnAndNamedOriginsAreAllowed(t *testing.T) {
	const (
		public = "https://example.com"
		named  = "https://other.example.org:8443"
	)
	long := strings.Repeat("界", 64) + ".example"
	for _, c := range []struct {
		name, public, scheme, host, origin string
		want                               Verdict
	}{
		{"same host", "", "http", "192.168.1.5:3000", "http://192.168.1.5:3000", Allowed},
		{"same host on TLS", "", "https", "example.com", "https://example.com", Allowed},
		{"default port written out", "", "https", "example.com:443", "https://example.com", Allowed},
		{"default port in the header", "", "http", "example.com", "http://example.com:80", Allowed},
		{"letter case", "", "https", "Example.COM", "https://example.com", Allowed},
		{"IPv6", "", "http", "[::1]:3000", "http://[::1]:3000", Allowed},
		{"Chinese name", "", "https", "聊天.example", "https://xn--rss932g.example", Allowed},
		{"underscore", "", "http", "my_server:3000", "http://my_server:3000", Allowed},
		{"named", "", "https", "example.com", named, Allowed},
		{"named, beside the public URL", public, "http", "127.0.0.1:3000", named, Allowed},
		{"public URL behind a proxy", public, "http", "127.0.0.1:3000", public, Allowed},

		{"missing", public, "https", "example.com", "", Missing},
		{"null", public, "https", "example.com", "null", Foreign},
		{"null against no host", "", "http", "", "null", Foreign},
		{"empty host", "", "http", "", "http://", Foreign},
		{"foreign", public, "https", "example.com", "https://evil.org", Foreign},
		{"own name in front", public, "https", "example.com", "https://example.com.evil.org", Foreign},
		{"own name at the end", public, "https", "example.com", "https://evilexample.com", Foreign},
		{"subdomain", public, "https", "example.com", "https://a.example.com", Foreign},
		{"parent domain", "", "https", "a.example.com", "https://example.com", Foreign},
		{"trailing dot", public, "https", "example.com", "https://example.com.", Foreign},
		{"own name as user", public, "https", "example.com", "https://example.com@evil.org", Foreign},
		{"user at own name", public, "https", "example.com", "https://a:b@example.com", Foreign},
		{"other port", public, "https", "example.com", "https://example.com:8443", Foreign},
		{"named on another port", public, "https", "example.com", "https://other.example.org", Foreign},
		{"other scheme", public, "https", "example.com", "http://example.com", Foreign},
		{"other scheme, same host", "", "http", "example.com", "https://example.com", Foreign},
		{"the Host does not count beside a public URL", public, "http", "evil.org", "http://evil.org", Foreign},
		{"path", public, "https", "example.com", "https://example.com/", Foreign},
		{"query", public, "https", "example.com", "https://example.com?", Foreign},
		{"fragment", public, "https", "example.com", "https://example.com#", Foreign},
		{"space", public, "https", "example.com", "https://example.com ", Foreign},
		{"backslash", public, "https", "example.com", `https://example.com\@evil.org`, Foreign},
		{"a name that DNS cannot have", "", "https", long, "https://" + long, Foreign},
		{"two in one header", public, "https", "example.com", public + ", https://evil.org", Foreign},
		{"look-alike letter", public, "https", "example.com", "https://ехample.com", Foreign},
		{"no scheme", public, "https", "example.com", "example.com", Foreign},
		{"file", public, "https", "example.com", "file://", Foreign},
		{"extension", public, "https", "example.com", "chrome-extension://example.com", Foreign},
	} {
		t.Run(c.name, func(t *testing.T) {
			rule, err := New(c.public, []string{named})
			if err != nil {
				t.Fatal(err)
			}
			req := httptest.NewRequest("POST", "/", nil)
			if c.origin != "" {
				req.Header.Set("Origin", c.origin)
			}
			if got := rule.Check(req, c.scheme, c.host); got != c.want {
				t.Errorf("Origin %q at %s://%s: got %v, want %v", c.origin, c.scheme, c.host, got, c.want)
			}
		})
	}
}

func TestTwoOriginHeadersAreForeign(t *testing.T) {
	rule, err := New("https://example.com", nil)
	if err != nil {
		t.Fatal(err)
	}
	req := httptest.NewRequest("POST", "/", nil)
	req.Header.Add("Origin", "https://example.com")
	req.Header.Add("Origin", "https://evil.org")
	if got := rule.Check(req, "https", "example.com"); got != Foreign {
		t.Errorf("got %v, want Foreign", got)
	}
}

func TestPublicURLMayHaveAPath(t *testing.T) {
	rule, err := New("https://Example.com:443/chat/", nil)
	if err != nil {
		t.Fatal(err)
	}
	req := httptest.NewRequest("POST", "/", nil)
	req.Header.Set("Origin", "https://example.com")
	if got := rule.Check(req, "http", "localhost"); got != Allowed {
		t.Errorf("got %v, want Allowed", got)
	}
}

func TestOriginsInSettingsHaveAnyCase(t *testing.T) {
	rule, err := New("", []string{"HTTPS://Friend.Example:443/"})
	if err != nil {
		t.Fatal(err)
	}
	req := httptest.NewRequest("POST", "/", nil)
	req.Header.Set("Origin", "https://friend.example")
	if got := rule.Check(req, "https", "chat.example.com"); got != Allowed {
		t.Errorf("got %v, want Allowed", got)
	}
}

func TestSettingsThatAreNoOriginsAreRefused(t *testing.T) {
	for _, bad := range []string{
		"*", "null", "example.com", "https://", "https://*.example.com", "https://*", "ftp://example.com",
		"https://example.com/chat", "https://a@example.com", "//example.com", "https://exa mple.com",
	} {
		if _, err := New("", []string{bad}); err == nil {
			t.Errorf("allowed origin %q was accepted", bad)
		}
	}
	for _, bad := range []string{"example.com", "ftp://example.com", "https://", "://", "localhost:3000"} {
		if _, err := New(bad, nil); err == nil {
			t.Errorf("public URL %q was accepted", bad)
		}
	}
}
