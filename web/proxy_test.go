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
		{"Forwarded", []string{"10.0.0.1"}, "10.0.0.1:1", []string{"Forwarded", "for=203.0.113.7;proto=https;host=a.example"}, "203.0.113.7", "https", "a.example"},
		{"Forwarded in other letters", []string{"10.0.0.1"}, "10.0.0.1:1", []string{"Forwarded", `FOR="203.0.113.7:4711" ; Proto=WSS;Host="a.example:8443";by=_x`}, "203.0.113.7", "https", "a.example:8443"},
		{"Forwarded by IPv6", []string{"10.0.0.1"}, "10.0.0.1:1", []string{"Forwarded", `for="[2001:db8::7]:4711"`}, "2001:db8::7", "http", "home.example"},
		{"Forwarded by IPv6 without a port", []string{"10.0.0.1"}, "10.0.0.1:1", []string{"Forwarded", `for="[2001:db8::7]"`}, "2001:db8::7", "http", "home.example"},
		{"Forwarded from one who is not trusted", nil, "10.0.0.1:1", []string{"Forwarded", "for=203.0.113.7;proto=https;host=a.example"}, "10.0.0.1", "http", "home.example"},
		{"Forwarded from another one", []string{"10.0.0.2"}, "10.0.0.1:1", []string{"Forwarded", "for=203.0.113.7;proto=https;host=a.example"}, "10.0.0.1", "http", "home.example"},
		{"Forwarded by two", []string{"10.0.0.0/8"}, "10.0.0.1:1", []string{"Forwarded", "for=203.0.113.7;proto=https;host=a.example, for=10.0.0.2;proto=http;host=inner"}, "203.0.113.7", "https", "a.example"},
		{"Forwarded, forged before it", []string{"10.0.0.1"}, "10.0.0.1:1", []string{"Forwarded", "for=198.51.100.1;host=evil.example;proto=http, for=203.0.113.7;proto=https;host=a.example"}, "203.0.113.7", "https", "a.example"},
		{"Forwarded, forged with a quote", []string{"10.0.0.1"}, "10.0.0.1:1", []string{"Forwarded", `for="198.51.100.1, for=203.0.113.7`}, "203.0.113.7", "http", "home.example"},
		{"Forwarded, an open quote before quotes", []string{"10.0.0.1"}, "10.0.0.1:1", []string{"Forwarded", `for=", for="203.0.113.7:1";by="a,\"b\\"`}, "203.0.113.7", "http", "home.example"},
		{"Forwarded, nothing but an open quote", []string{"10.0.0.1"}, "10.0.0.1:1", []string{"Forwarded", `for="198.51.100.1`}, "10.0.0.1", "http", "home.example"},
		{"Forwarded, a quote too many within what was forged", []string{"10.0.0.1"}, "10.0.0.1:1", []string{"Forwarded", `for=198.51.100.9, a"b;c"d"", for=203.0.113.7`}, "203.0.113.7", "http", "home.example"},
		{"Forwarded, a comma in quotes", []string{"10.0.0.1"}, "10.0.0.1:1", []string{"Forwarded", `for=198.51.100.1;by="a,\"b", for=203.0.113.7`}, "203.0.113.7", "http", "home.example"},
		{"Forwarded without an address", []string{"10.0.0.1"}, "10.0.0.1:1", []string{"Forwarded", "for=198.51.100.1, for=unknown;proto=https"}, "10.0.0.1", "https", "home.example"},
		{"Forwarded with a name", []string{"10.0.0.0/8"}, "10.0.0.1:1", []string{"Forwarded", "for=_hidden, for=10.0.0.2"}, "10.0.0.2", "http", "home.example"},
		{"Forwarded beside what the proxy speaks", []string{"10.0.0.1"}, "10.0.0.1:1", []string{"X-Forwarded-For", "203.0.113.7", "Forwarded", "for=198.51.100.1;proto=https;host=evil.example"}, "203.0.113.7", "http", "home.example"},
		{"Forwarded that is empty", []string{"10.0.0.1"}, "10.0.0.1:1", []string{"Forwarded", " , "}, "10.0.0.1", "http", "home.example"},
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
