// The headers that every answer has, whoever writes it.

package tests

import (
	"bufio"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"parley/metrics"
	"parley/tests/harness"
	"parley/web"
)

// mustBeGuarded checks the headers of an answer that keep browsers from loading, running and framing it.
func mustBeGuarded(t *testing.T, what string, resp *http.Response, https bool) {
	t.Helper()
	for name, want := range map[string]string{
		"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "X-Frame-Options": "DENY",
		"Cross-Origin-Resource-Policy": "same-origin",
		"Permissions-Policy":           "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
	} {
		if got := resp.Header.Values(name); len(got) != 1 || got[0] != want {
			t.Errorf("%s: %s is %q, want %q", what, name, got, want)
		}
	}
	policy := strings.Join(resp.Header.Values("Content-Security-Policy"), " | ")
	if !strings.HasPrefix(policy, "default-src 'none';") || !strings.Contains(policy, "frame-ancestors 'none'") {
		t.Errorf("%s: Content-Security-Policy is %q", what, policy)
	}
	if kind := resp.Header.Get("Content-Type"); !strings.HasPrefix(kind, "text/html") && policy != "default-src 'none'; frame-ancestors 'none'" &&
		strings.Contains(kind, "json") {
		t.Errorf("%s: Content-Security-Policy of data is %q", what, policy)
	}
	want := ""
	if https {
		want = "max-age=31536000"
	}
	if got := resp.Header.Get("Strict-Transport-Security"); got != want {
		t.Errorf("%s: Strict-Transport-Security is %q, want %q", what, got, want)
	}
	if got := resp.Header.Get("Cross-Origin-Opener-Policy"); https && got != "same-origin" {
		t.Errorf("%s: Cross-Origin-Opener-Policy is %q", what, got)
	}
}

func TestAnAddressInCapitalsMakesSecureCookies(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	p := harness.StartIn(t, data)
	ann := p.SetUp(t)
	p.Stop()
	p = harness.StartBehind(t, data, "--url=HTTPS://Chat.Example.com/")
	resp, body := p.Asks(t, http.MethodPost, "/api/login",
		`{"name": "`+ann.Name+`", "password": "`+harness.GoodPassword+`"}`,
		http.Header{"Content-Type": {"application/json"}, "Origin": {"https://chat.example.com"}})
	if resp.StatusCode != http.StatusOK || len(resp.Cookies()) == 0 {
		t.Fatalf("status %d, %s", resp.StatusCode, body)
	}
	for _, cookie := range resp.Cookies() {
		if !cookie.Secure || !strings.HasPrefix(cookie.Name, "__Host-") {
			t.Errorf("the cookie %s is not for https alone", cookie.Name)
		}
	}
}

func TestEveryAnswerHasTheHeaders(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	plain := harness.StartIn(t, data)
	ann := plain.SetUp(t)
	token := ann.Token(t)
	plain.Stop()
	const scraper = "a-token-of-16-bytes"
	for name, args := range map[string][]string{"http": nil, "https": {"--url=https://chat.example.com"}} {
		https := name == "https"
		p := harness.StartBehind(t, data, append(args, "--metrics-token="+scraper, "--allow-origin=https://friend.example")...)
		routes := append(harness.Routes(t),
			web.Description{Method: "GET", Path: "/api/nothing"}, web.Description{Method: "POST", Path: "/api/server"},
			web.Description{Method: "GET", Path: "/assets/nothing.js"}, web.Description{Method: "TRACE", Path: "/"},
			web.Description{Method: "GET", Path: "/robots.txt"}, web.Description{Method: "PUT", Path: "/"},
			web.Description{Method: "OPTIONS", Path: "/api/me"},
			web.Description{Method: "GET", Path: "/socket.io/?EIO=4&transport=polling"},
			web.Description{Method: "GET", Path: "/socket.io/?EIO=3&transport=polling"})
		seen := map[int]bool{}
		for _, route := range routes {
			path := strings.ReplaceAll(strings.ReplaceAll(route.Path, "/:", "/1"), "/*", "/")
			for who, header := range map[string]http.Header{
				"nobody":              {"Sec-Fetch-Mode": {"cors"}},
				"ann":                 {"Authorization": {"Bearer " + token}},
				"a page of a friend":  {"Origin": {"https://friend.example"}, "Authorization": {"Bearer " + token}},
				"a page of a foe":     {"Origin": {"https://foe.example"}, "Authorization": {"Bearer " + token}},
				"under another name":  {"Host": {"evil.example"}, "Accept": {"text/html"}},
				"with no JSON":        {"Content-Type": {"text/plain"}, "Authorization": {"Bearer " + token}},
				"for the metrics":     {"Authorization": {"Bearer " + scraper}},
				"with a bad encoding": {"Host": {"localhost"}, "Accept-Encoding": {"br"}},
			} {
				if route.Path == "/api/logout" && strings.HasPrefix(header.Get("Authorization"), "Bearer "+token) {
					continue // ann still needs her session
				}
				resp, _ := p.Asks(t, route.Method, path, "{}", header)
				seen[resp.StatusCode] = true
				what := name + " " + route.Method + " " + path + " for " + who
				mustBeGuarded(t, what, resp, https)
				if strings.HasPrefix(path, "/api") && who == "a page of a friend" && resp.Header.Get("Access-Control-Allow-Origin") != "https://friend.example" {
					t.Errorf("%s: the page may not read it: %v", what, resp.Header)
				}
				if who == "nobody" && resp.Header.Get("Cross-Origin-Opener-Policy") != "same-origin" {
					t.Errorf("%s: Cross-Origin-Opener-Policy is missing", what)
				}
			}
		}
		for _, status := range []int{200, 204, 400, 401, 403, 404, 421} {
			if !seen[status] {
				t.Errorf("%s: no answer had the status %d", name, status)
			}
		}
		// The HTTP server itself refuses these, before any handler.
		for request, status := range map[string]int{
			"nonsense\r\n\r\n":                                                                        400,
			"GET / HTTP/1.1\r\n\r\n":                                                                  400,
			"GET / HTTP/1.1\r\nHost: a b\r\n\r\n":                                                     400,
			"GET / HTTP/9.1\r\nHost: localhost\r\n\r\n":                                               505,
			"GET / HTTP/1.1\r\nHost: x\r\nExpect: cake\r\n\r\n":                                       417,
			"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: cake\r\n\r\n":                           501,
			"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + strings.Repeat("x", 64<<10) + "\r\n\r\n\r\n": 431,
		} {
			answer := written(t, p, request)
			resp, err := http.ReadResponse(bufio.NewReader(strings.NewReader(answer)), nil)
			if err != nil || resp.StatusCode != status {
				t.Fatalf("%.40q: got %q (%v), want %d", request, answer, err, status)
			}
			mustBeGuarded(t, fmt.Sprintf("%s %.40q", name, request), resp, https)
		}
		if err := p.Process().Stop(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestTheMetricsOnTheirOwnAddressHaveTheHeaders(t *testing.T) {
	t.Parallel()
	own := metricsOf(t, harness.Start(t, ownMetrics))
	for _, path := range []string{metrics.Path, "/", "/api/server"} {
		resp, _ := own.Asks(t, http.MethodGet, path, "", nil)
		mustBeGuarded(t, path, resp, false)
	}
}
