// Package ui holds the web client as Vite built it, and serves it.
package ui

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Only dist/.gitkeep is in git; npm makes dist/app. So the server builds without npm too.
//
//go:embed all:dist
var dist embed.FS

// notBuilt is answered with status 200: the server is up and all but the page works, so neither a browser
// nor a watchdog should take it for broken.
const notBuilt = `This server runs, but its program was built without the web client.

Build and start both with:

    make run

(or build the client alone: make ui, then build the program again).
`

var (
	themes    = []string{"light", "dark", "system"}
	languages = []string{"en", "zh-Hans"}

	// htmlTag is how index.html begins; what it says is replaced for each reader.
	htmlTag = []byte(`<html lang="en" data-theme="system">`)

	// meant is a line of index.html for some readers only: it says which, in words that must all be true of them.
	meant = regexp.MustCompile(`(?m)^.* data-for="([^"]*)".*\n`)
)

// reader is what the page depends on.
type reader struct {
	language, theme string
	signedIn        bool
}

func (r reader) session() string {
	if r.signedIn {
		return "signed-in"
	}
	return "signed-out"
}

// Handler serves the client: the files that Vite built, and the page for every other path, since the
// client itself knows the rest of its addresses. Mount it behind all other routes. It panics when the built
// page is not one of ours. signedIn tells who will likely see rooms, and need not fetch the sign-in page first.
func Handler(signedIn func(*http.Request) bool) http.Handler {
	return newHandler(dist, signedIn)
}

type handler struct {
	files    map[string]*file // by path, without what begins with a dot
	pages    map[reader]*file // empty when the client is not built
	signedIn func(*http.Request) bool
}

type file struct {
	body, br, gz []byte
	kind         string // Content-Type
	cache        string // Cache-Control
	etag         string
}

func newHandler(root fs.FS, signedIn func(*http.Request) bool) *handler {
	h := &handler{files: map[string]*file{}, pages: map[reader]*file{}, signedIn: signedIn}
	app, err := fs.Sub(root, "dist/app")
	if err != nil {
		panic(err) // only for a path that is none
	}
	err = fs.WalkDir(app, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case name != "." && strings.HasPrefix(entry.Name(), "."):
			return skip(entry) // Vite's manifest
		case entry.IsDir() || path.Ext(name) == ".br" || path.Ext(name) == ".gz":
			return nil
		}
		body, err := fs.ReadFile(app, name)
		if err != nil {
			return err
		}
		f := newFile(name, body)
		f.br, _ = fs.ReadFile(app, name+".br")
		f.gz, _ = fs.ReadFile(app, name+".gz")
		h.files["/"+name] = f
		return nil
	})
	if index := h.files["/index.html"]; err == nil && index != nil {
		delete(h.files, "/index.html")
		h.makePages(index.body)
	}
	return h
}

func skip(entry fs.DirEntry) error {
	if entry.IsDir() {
		return fs.SkipDir
	}
	return nil
}

func (h *handler) makePages(index []byte) {
	if !bytes.Contains(index, htmlTag) {
		panic(fmt.Sprintf("ui: index.html has no %s", htmlTag))
	}
	for _, lang := range languages {
		for _, theme := range themes {
			for _, signedIn := range []bool{false, true} {
				one := reader{language: lang, theme: theme, signedIn: signedIn}
				tag := fmt.Sprintf(`<html lang="%s" data-theme="%s">`, lang, theme)
				h.pages[one] = newFile("index.html", bytes.Replace(linesFor(one, index), htmlTag, []byte(tag), 1))
			}
		}
	}
}

// linesFor leaves out the lines of the page that are for others.
func linesFor(one reader, index []byte) []byte {
	return meant.ReplaceAllFunc(index, func(line []byte) []byte {
		for _, word := range strings.Fields(string(meant.FindSubmatch(line)[1])) {
			if word != one.language && word != one.session() {
				return nil
			}
		}
		return line
	})
}

func newFile(name string, body []byte) *file {
	sum := sha256.Sum256(body)
	f := &file{
		body:  body,
		kind:  contentType(name),
		cache: "no-cache",
		etag:  `"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`,
	}
	if strings.HasPrefix(name, "assets/") { // their names hold a hash of what is in them
		f.cache = "public, max-age=31536000, immutable"
	}
	return f
}

// contentType does not ask the system: what it knows differs from one to the next, and with nosniff a
// wrong type breaks the page.
func contentType(name string) string {
	switch path.Ext(name) {
	case ".html":
		return "text/html; charset=utf-8"
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".json":
		return "application/json"
	case ".webmanifest":
		return "application/manifest+json"
	case ".svg":
		return "image/svg+xml"
	case ".png":
		return "image/png"
	case ".woff2":
		return "font/woff2"
	case ".txt":
		return "text/plain; charset=utf-8"
	}
	return "application/octet-stream"
}

func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	secure(w.Header())
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
		return
	}
	if f := h.files[r.URL.Path]; f != nil {
		w.Header().Set("Vary", "Accept-Encoding")
		f.serve(w, r)
		return
	}
	if strings.HasPrefix(r.URL.Path, "/assets/") {
		// The page instead would be taken for a script, by a tab that an older server opened.
		http.Error(w, "not found", http.StatusNotFound)
		return
	}
	if len(h.pages) == 0 {
		newFile("not-built.txt", []byte(notBuilt)).serve(w, r)
		return
	}
	w.Header().Set("Vary", "Cookie, Accept-Language")
	h.pages[reader{language: language(r), theme: theme(r), signedIn: h.signedIn(r)}].serve(w, r)
}

func (f *file) serve(w http.ResponseWriter, r *http.Request) {
	body, etag := f.body, f.etag
	accepted := r.Header.Values("Accept-Encoding")
	switch {
	case f.br != nil && weight(accepted, "br") > 0:
		body, etag = f.br, strings.TrimSuffix(etag, `"`)+`-br"`
		w.Header().Set("Content-Encoding", "br")
	case f.gz != nil && weight(accepted, "gzip") > 0:
		body, etag = f.gz, strings.TrimSuffix(etag, `"`)+`-gz"`
		w.Header().Set("Content-Encoding", "gzip")
	}
	w.Header().Set("Cache-Control", f.cache)
	w.Header().Set("ETag", etag)
	if strings.Contains(r.Header.Get("If-None-Match"), etag) {
		w.Header().Del("Content-Encoding")
		w.WriteHeader(http.StatusNotModified)
		return
	}
	w.Header().Set("Content-Type", f.kind)
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	if r.Method == http.MethodGet {
		w.Write(body) // the reader may be gone; there is nobody to tell
	}
}

// theme is the reader's choice, which the client keeps in a cookie so that the first frame is right.
func theme(r *http.Request) string {
	if c, err := r.Cookie("theme"); err == nil && slices.Contains(themes, c.Value) {
		return c.Value
	}
	return "system"
}

// language is the reader's choice, or what the browser prefers of those that the client speaks.
func language(r *http.Request) string {
	if c, err := r.Cookie("lang"); err == nil && slices.Contains(languages, c.Value) {
		return c.Value
	}
	accepted := r.Header.Values("Accept-Language")
	if weight(accepted, "zh") > weight(accepted, "en") {
		return "zh-Hans"
	}
	return "en"
}

// weight is how much an Accept-… header wants a word or a kind of it (zh-CN is a kind of zh): 0 for not at
// all, up to about 1. Of two with the same q the earlier one has more. Only the first wishes count: nobody has more.
func weight(header []string, word string) float64 {
	const most = 100
	i := -1
	for item := range strings.SplitSeq(strings.ToLower(strings.Join(header, ",")), ",") {
		if i++; i == most {
			break
		}
		name, q, _ := strings.Cut(strings.TrimSpace(item), ";")
		base, _, _ := strings.Cut(strings.TrimSpace(name), "-")
		if base != word {
			continue
		}
		value := 1.0
		if text, ok := strings.CutPrefix(strings.TrimSpace(q), "q="); ok {
			value, _ = strconv.ParseFloat(text, 64)
		}
		if !(value > 0 && value <= 1) {
			return 0
		}
		return value - float64(i)*1e-6
	}
	return 0
}

// secure sets the policy of the page: it loads and runs nothing but its own files. All other headers that
// keep an answer safe are those that every answer of the program has.
func secure(h http.Header) {
	h.Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; "+
		"img-src 'self' blob: data:; media-src 'self' blob:; connect-src 'self'; manifest-src 'self'; "+
		"worker-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "+
		"require-trusted-types-for 'script'; trusted-types parley")
}
