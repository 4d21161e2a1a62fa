package ui

import (
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
)

const index = `<!doctype html>
<html lang="en" data-theme="system">
<title>page</title>
`

// built is a client as Vite leaves it.
func built() *handler {
	files := fstest.MapFS{"dist/.gitkeep": {}}
	for name, body := range map[string]string{
		"index.html":          index,
		"sw.js":               "worker",
		"icon.svg":            "<svg/>",
		"robots.txt":          "robots",
		".vite/manifest.json": "{}",
		"assets/a-1.js":       "script",
		"assets/a-1.js.br":    "script in br",
		"assets/a-1.js.gz":    "script in gz",
		"assets/b-2.png":      "picture",
	} {
		files["dist/app/"+name] = &fstest.MapFile{Data: []byte(body)}
	}
	return newHandler(files, signedIn)
}

// signedIn stands for the program, which knows what its cookie is called.
func signedIn(r *http.Request) bool {
	_, err := r.Cookie("login")
	return err == nil
}

// get asks a handler for a path with headers given in pairs.
func get(h http.Handler, method, path string, headers ...string) *http.Response {
	r := httptest.NewRequest(method, path, nil)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Add(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

func text(t *testing.T, res *http.Response) string {
	t.Helper()
	var b strings.Builder
	if _, err := io.Copy(&b, res.Body); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestFilesHaveTheirTypeAndLifetime(t *testing.T) {
	const forever, check = "public, max-age=31536000, immutable", "no-cache"
	for _, c := range []struct {
		path, body, kind, cache string
		status                  int
	}{
		{"/", index, "text/html; charset=utf-8", check, 200},
		{"/index.html", index, "text/html; charset=utf-8", check, 200},
		{"/rooms/1/42", index, "text/html; charset=utf-8", check, 200},
		{"/.vite/manifest.json", index, "text/html; charset=utf-8", check, 200},
		{"/../dist/app/sw.js", index, "text/html; charset=utf-8", check, 200},
		{"/sw.js", "worker", "text/javascript; charset=utf-8", check, 200},
		{"/icon.svg", "<svg/>", "image/svg+xml", check, 200},
		{"/robots.txt", "robots", "text/plain; charset=utf-8", check, 200},
		{"/assets/a-1.js", "script", "text/javascript; charset=utf-8", forever, 200},
		{"/assets/b-2.png", "picture", "image/png", forever, 200},
		{"/assets/a-1.js.br", "not found\n", "text/plain; charset=utf-8", "", 404},
		{"/assets/a-0.js", "not found\n", "text/plain; charset=utf-8", "", 404},
		{"/assets/", "not found\n", "text/plain; charset=utf-8", "", 404},
	} {
		res := get(built(), "GET", c.path)
		if res.StatusCode != c.status || text(t, res) != c.body {
			t.Errorf("%s: got %d, want %d with %q", c.path, res.StatusCode, c.status, c.body)
		}
		for name, want := range map[string]string{"Content-Type": c.kind, "Cache-Control": c.cache} {
			if got := res.Header.Get(name); got != want {
				t.Errorf("%s: %s is %q, want %q", c.path, name, got, want)
			}
		}
	}
}

func TestPageSpeaksTheReadersLanguageInTheReadersTheme(t *testing.T) {
	for _, c := range []struct{ cookie, accept, lang, theme string }{
		{"", "", "en", "system"},
		{"lang=zh-Hans; theme=dark", "", "zh-Hans", "dark"},
		{"lang=en; theme=light", "zh-CN", "en", "light"},
		{"theme=system", "zh-CN,zh;q=0.9,en;q=0.8", "zh-Hans", "system"},
		{"", "zh", "zh-Hans", "system"},
		{"", "ZH-TW", "zh-Hans", "system"},
		{"", "fr, zh;q=0.8, en;q=0.5", "zh-Hans", "system"},
		{"", "en-GB,en;q=0.9,zh;q=0.8", "en", "system"},
		{"", "en, zh", "en", "system"},
		{"", "zh, en", "zh-Hans", "system"},
		{"", "zh;q=0, fr", "en", "system"},
		{"", "zh;q=x", "en", "system"},
		{"", "zhx, *", "en", "system"},
		{`lang="><script>; theme=' onload=x`, "", "en", "system"},
		{"lang=zh-hans; theme=Dark", "", "en", "system"},
		{"lang=; theme=", "zh", "zh-Hans", "system"},
	} {
		res := get(built(), "GET", "/", "Cookie", c.cookie, "Accept-Language", c.accept)
		want := `<html lang="` + c.lang + `" data-theme="` + c.theme + `">`
		if got := text(t, res); !strings.Contains(got, want) {
			t.Errorf("cookie %q, accept %q: got %q, want %s", c.cookie, c.accept, got, want)
		}
		if got, want := res.Header.Get("Vary"), "Cookie, Accept-Language"; got != want {
			t.Errorf("Vary is %q, want %q", got, want)
		}
	}
}

func TestLinesForOthersAreLeftOut(t *testing.T) {
	page := index + `<link href="all">
<link data-for="signed-out" href="entry">
<link data-for="signed-in" href="shell">
  <link data-for="zh-Hans" href="texts" />
<link href="both" data-for="signed-out zh-Hans">
<p>`
	files := fstest.MapFS{"dist/app/index.html": {Data: []byte(page)}}
	for cookies, want := range map[string]string{
		"lang=en":                        "all entry",
		"lang=en; theme=dark; login=x":   "all shell",
		"lang=zh-Hans":                   "all entry texts both",
		"lang=zh-Hans; login=x; other=y": "all shell texts",
	} {
		got := text(t, get(newHandler(files, signedIn), "GET", "/r/1", "Cookie", cookies))
		var names []string
		for _, m := range regexp.MustCompile(`href="(\w+)"`).FindAllStringSubmatch(got, -1) {
			names = append(names, m[1])
		}
		if strings.Join(names, " ") != want || !strings.HasSuffix(got, "<p>") {
			t.Errorf("%s: got %q, want the lines %s", cookies, got, want)
		}
	}
}

func TestAssetsComeCompressedAsTheBrowserAccepts(t *testing.T) {
	for _, c := range []struct{ accept, encoding, body string }{
		{"", "", "script"},
		{"gzip, deflate, br, zstd", "br", "script in br"},
		{"gzip, deflate", "gzip", "script in gz"},
		{"br;q=0, gzip;q=0.5", "gzip", "script in gz"},
		{"identity, br;q=0.0", "", "script"},
		{"deflate", "", "script"},
	} {
		res := get(built(), "GET", "/assets/a-1.js", "Accept-Encoding", c.accept)
		if got := text(t, res); got != c.body || res.Header.Get("Content-Encoding") != c.encoding {
			t.Errorf("%q: got %q as %q, want %q as %q",
				c.accept, got, res.Header.Get("Content-Encoding"), c.body, c.encoding)
		}
		if got := res.Header.Get("Vary"); got != "Accept-Encoding" {
			t.Errorf("Vary is %q", got)
		}
		if got := res.Header.Get("Content-Type"); got != "text/javascript; charset=utf-8" {
			t.Errorf("Content-Type is %q", got)
		}
	}
	if res := get(built(), "GET", "/assets/b-2.png", "Accept-Encoding", "br"); text(t, res) != "picture" {
		t.Error("a file without a compressed form is not served as it is")
	}
}

func TestUnchangedFilesAreNotSentAgain(t *testing.T) {
	h := built()
	seen := map[string]string{}
	for name, headers := range map[string][]string{
		"page":              {"/", "Cookie", ""},
		"dark page":         {"/", "Cookie", "theme=dark"},
		"page in Chinese":   {"/", "Cookie", "lang=zh-Hans"},
		"script":            {"/assets/a-1.js", "Accept-Encoding", ""},
		"script in br":      {"/assets/a-1.js", "Accept-Encoding", "br"},
		"script in gzip":    {"/assets/a-1.js", "Accept-Encoding", "gzip"},
		"the other picture": {"/icon.svg", "Accept-Encoding", "gzip"},
	} {
		etag := get(h, "GET", headers[0], headers[1:]...).Header.Get("ETag")
		if other := seen[etag]; etag == "" || other != "" {
			t.Errorf("%s has the ETag %q, as has %q", name, etag, other)
		}
		seen[etag] = name
		again := get(h, "GET", headers[0], append(headers[1:], "If-None-Match", `W/"x", `+etag)...)
		if again.StatusCode != 304 || text(t, again) != "" || again.Header.Get("Content-Length") != "" {
			t.Errorf("%s again: got %d, want 304 without a body", name, again.StatusCode)
		}
		if again.Header.Get("Cache-Control") == "" || again.Header.Get("Vary") == "" {
			t.Errorf("%s again: Cache-Control or Vary is missing", name)
		}
	}
}

func TestHeadIsGetWithoutTheBody(t *testing.T) {
	res := get(built(), "HEAD", "/sw.js")
	if res.StatusCode != 200 || res.Header.Get("Content-Length") != "6" || text(t, res) != "" {
		t.Errorf("got %d, length %q", res.StatusCode, res.Header.Get("Content-Length"))
	}
}

func TestOtherMethodsAreRefused(t *testing.T) {
	for _, method := range []string{"POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"} {
		res := get(built(), method, "/")
		if res.StatusCode != 405 || res.Header.Get("Allow") != "GET, HEAD" {
			t.Errorf("%s: got %d, Allow %q, want 405, GET, HEAD", method, res.StatusCode, res.Header.Get("Allow"))
		}
	}
}

func TestEveryAnswerHasThePolicyOfThePage(t *testing.T) {
	unbuilt := newHandler(fstest.MapFS{"dist/.gitkeep": {}}, signedIn)
	for name, res := range map[string]*http.Response{
		"page":      get(built(), "GET", "/"),
		"asset":     get(built(), "GET", "/assets/a-1.js"),
		"missing":   get(built(), "GET", "/assets/x.js"),
		"refused":   get(built(), "POST", "/"),
		"not built": get(unbuilt, "GET", "/"),
	} {
		csp := res.Header.Get("Content-Security-Policy")
		for _, want := range []string{
			"default-src 'none'; script-src 'self'; style-src 'self';", "frame-ancestors 'none'", "base-uri 'none'",
			"require-trusted-types-for 'script'; trusted-types parley",
		} {
			if !strings.Contains(csp, want) {
				t.Errorf("%s: Content-Security-Policy has no %s", name, want)
			}
		}
		if strings.Contains(csp, "unsafe") {
			t.Errorf("%s: Content-Security-Policy is %q", name, csp)
		}
	}
}

func TestWithoutTheClientThePageSaysHowToBuildIt(t *testing.T) {
	h := newHandler(fstest.MapFS{"dist/.gitkeep": {}}, signedIn)
	for _, path := range []string{"/", "/rooms/1"} {
		res := get(h, "GET", path)
		if got := text(t, res); res.StatusCode != 200 || !strings.Contains(got, "make run") {
			t.Errorf("%s: got %d, %q", path, res.StatusCode, got)
		}
	}
	if res := get(h, "GET", "/assets/a-1.js"); res.StatusCode != 404 {
		t.Errorf("asset: got %d, want 404", res.StatusCode)
	}
}

func TestPageThatIsNotOursIsRefusedAtTheStart(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("an index.html without its <html> tag was accepted")
		}
	}()
	newHandler(fstest.MapFS{"dist/app/index.html": {Data: []byte("<html>")}}, signedIn)
}

// What npm built on this machine, if it did, is what the binary holds.
func TestBuiltClientIsServed(t *testing.T) {
	if _, err := fs.Stat(dist, "dist/app/index.html"); err != nil {
		t.Skip("the client is not built")
	}
	res := get(Handler(signedIn), "GET", "/", "Cookie", "lang=zh-Hans; theme=dark")
	if got := text(t, res); !strings.Contains(got, `<html lang="zh-Hans" data-theme="dark">`) {
		t.Errorf("got %q", got)
	}
}
