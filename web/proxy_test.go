package web

import (
	"testing"
)

func TestOnlyTrustedProxiesSayWhereARequestComesFrom(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name                  string
		trusted               []string
		remote                string
		headers               []string
		address, scheme, host string
	}{
		{"nobody is trusted", nil, "127.0.0.1:1", []string{"X-Forwarded-For", "203.0.113.7", "X-Forwarded-Proto", "https", "X-Forwarded-Host", "a.example"}, "127.0.0.1", "http", "home.example"},
		{"another is trusted", []string{"10.0.0.0/8"}, "127.0.0.1:1", []string{"X-Forwarded-For", "203.0.113.7", "X-Forwarded-Proto", "https"}, "127.0.0.1", "http", "home.example"},
		{"one of the network", []string{"10.0.0.1"}, "10.0.0.2:1", []string{"X-Forwarded-For", "203.0.113.7", "X-Forwarded-Proto", "https"}, "10.0.0.2", "http", "home.example"},
		{"a trusted one", []string{"10.0.0.0/8"}, "10.1.2.3:1", []string{"X-Forwarded-For", "203.0.113.7", "X-Forwarded-Proto", "https", "X-Forwarded-Host", "a.example"}, "203.0.113.7", "https", "a.example"},
		{"a trusted one, by IPv6", []string{"fd00::1"}, "[fd00::1]:1", []string{"X-Forwarded-For", "2001:db8::7"}, "2001:db8::7", "http", "home.example"},
		{"a trusted one in IPv6 writing", []string{"10.0.0.1"}, "[::ffff:10.0.0.1]:1", []string{"X-Forwarded-Proto", "https"}, "::ffff:10.0.0.1", "https", "home.example"},
		{"two of them", []string{"10.0.0.0/8"}, "10.0.0.1:1", []string{"X-Forwarded-For", "203.0.113.7, 10.0.0.2"}, "203.0.113.7", "http", "home.example"},
		{"forged before it", []string{"10.0.0.1"}, "10.0.0.1:1", []string{"X-Forwarded-For", "198.51.100.1, 203.0.113.7"}, "203.0.113.7", "http", "home.example"},
		{"forged from the network", []string{"10.0.0.1"}, "10.0.0.1:1", []string{"X-Forwarded-For", "198.51.100.1, 192.168.0.7"}, "192.168.0.7", "http", "home.example"},
		{"forged from this machine", []string{"10.0.0.1"}, "10.0.0.1:1", []string{"X-Forwarded-For", "198.51.100.1, 127.0.0.1"}, "127.0.0.1", "http", "home.example"},
		{"two schemes and hosts", []string{"10.0.0.1"}, "10.0.0.1:1", []string{"X-Forwarded-Proto", "https,http", "X-Forwarded-Host", "a.example, b.example"}, "10.0.0.1", "https", "home.example"},
		{"one scheme twice", []string{"10.0.0.1"}, "10.0.0.1:1", []string{"X-Forwarded-Proto", "https, https"}, "10.0.0.1", "https", "home.example"},
		{"the scheme of an upgrade", []string{"10.0.0.1"}, "10.0.0.1:1", []string{"X-Forwarded-Proto", "wss"}, "10.0.0.1", "https", "home.example"},
		{"the scheme of an upgrade without TLS", []string{"10.0.0.1"}, "10.0.0.1:1", []string{"X-Forwarded-Proto", "ws"}, "10.0.0.1", "http", "home.example"},
		{"a scheme in capitals", []string{"10.0.0.1"}, "10.0.0.1:1", []string{"X-Forwarded-Proto", "HTTPS"}, "10.0.0.1", "https", "home.example"},
		{"a scheme that is none", []string{"10.0.0.1"}, "10.0.0.1:1", []string{"X-Forwarded-Proto", "ftp"}, "10.0.0.1", "http", "home.example"},
	} {
		p, err := parseProxies(c.trusted)
		if err != nil {
			t.Fatal(err)
		}
		r := requestFrom(c.remote, c.headers...)
		if got := p.address(r); got != c.address {
			t.Errorf("%s: the address is %s, want %s", c.name, got, c.address)
		}
		if scheme, host := p.schemeAndHost(r); scheme != c.scheme || host != c.host {
			t.Errorf("%s: got %s://%s, want %s://%s", c.name, scheme, host, c.scheme, c.host)
		}
	}
	for _, wrong := range []string{"", "proxy", "10.0.0.0/40", "10.0.0"} {
		if _, err := parseProxies([]string{wrong}); err == nil {
			t.Errorf("%q was taken for a proxy", wrong)
		}
	}
}
