// The names under which the server answers: every request passes here before anything else looks at it. The
// handlers of the names are here too.

package web

import (
	"html/template"
	"net/http"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"parley/access"
	"parley/chat"
)

// hostKey is where a request keeps a name that is not confirmed, while the server still learns its names.
const hostKey = "host"

// knownHost refuses requests under a name that is not the server's: see access/hosts.go for the attack. Probes are
// exempt, since what they may learn is known to everyone or needs a token.
func (s *Server) knownHost(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		host, known := s.answersTo(c.Request())
		if known || slices.Contains(s.probes, c.Request().URL.Path) {
			return next(c)
		}
		if s.actions.AnswersEverywhere() {
			s.actions.WarnOfHost(host)
			c.Set(hostKey, host)
			return next(c)
		}
		refused := wrongHost(host)
		if host != "" {
			s.names.Warn(host, "refused a name that nobody has confirmed; if it is right, run: "+confirms+host)
		}
		if !wantsPage(c.Request()) {
			return refused
		}
		s.refusals.Add(refused.Code)
		return hostPage(c, host)
	}
}

// answersTo returns the name that the sender of a request used, and whether it is a name of this server.
func (s *Server) answersTo(r *http.Request) (host string, known bool) {
	_, header := s.proxies.schemeAndHost(r)
	host = access.HostName(header)
	return host, host != "" && (access.NeedsNoConfirming(host) || host == s.host || s.actions.HostConfirmed(host))
}

// Probes exempts paths from the check of the name under which the server is asked.
func (s *Server) Probes(paths ...string) { s.probes = append(s.probes, paths...) }

// confirms is the command that confirms a name.
const confirms = "parley host add "

// wrongHost refuses a request under a name, and names the command that would allow it.
func wrongHost(host string) *chat.Error {
	if host == "" {
		return &chat.Error{Code: chat.WrongHost, Field: "host", Message: "the Host header names no host"}
	}
	return &chat.Error{
		Code: chat.WrongHost, Field: "host",
		Message: "this server does not answer under the name " + host +
			"; if it is the right one, whoever runs the server allows it with: " + confirms + host,
	}
}

// wantsPage tells whether a browser asks for a page that a person will read.
func wantsPage(r *http.Request) bool {
	return (r.Method == http.MethodGet || r.Method == http.MethodHead) && !strings.HasPrefix(r.URL.Path, "/api/") &&
		strings.Contains(r.Header.Get("Accept"), "text/html")
}

var hostTemplate = template.Must(template.New("host").Parse(`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Parley</title>
<h1>This server does not answer under this name</h1>
<p>You opened it as <b>{{or . "?"}}</b>, and nobody has confirmed yet that this is one of its names.
{{if .}}<p>If the name is right, whoever runs the server allows it with this command:
<pre>parley host add {{.}}</pre>{{end}}
<div lang="zh-Hans">
<h1>此服务器不使用这个名称</h1>
<p>你通过 <b>{{or . "?"}}</b> 打开了它，但还没有人确认这是它的名称。
{{if .}}<p>如果名称正确，请让服务器的管理者运行以下命令：
<pre>parley host add {{.}}</pre>{{end}}
</div>
`))

// hostPage is wrongHost for people.
func hostPage(c echo.Context, host string) error {
	header := c.Response().Header()
	header.Set(echo.HeaderContentType, echo.MIMETextHTMLCharsetUTF8)
	header.Set("Cache-Control", uncached)
	c.Response().WriteHeader(StatusOf(chat.WrongHost))
	return hostTemplate.Execute(c.Response(), host)
}

// unconfirmed returns the name of a request that nobody has confirmed; empty when there is none, or nothing to confirm,
// since the settings have a name.
func (s *Server) unconfirmed(c echo.Context) string {
	if host, unconfirmed := c.Get(hostKey).(string); unconfirmed && s.host == "" {
		return host
	}
	return ""
}

// learnHost lets the server learn the name under which a caller who is signed in asks.
func (s *Server) learnHost(c echo.Context, by access.Caller) {
	if host := s.unconfirmed(c); host != "" {
		s.actions.LearnHost(c.Request().Context(), by, host)
	}
}

// ListHosts gives the names that are confirmed.
func (s *Server) ListHosts(r *Request, _ None) (chat.Hosts, error) {
	return s.actions.Hosts(r.Ctx(), r.By)
}

// AddHost confirms a name.
func (s *Server) AddHost(r *Request, in chat.NewHost) (chat.Host, error) {
	return s.actions.AddHost(r.By, in)
}

// atHost is the part of a path that is a name of the server.
type atHost struct {
	Host string `path:"host"`
}

// RemoveHost takes a name back.
func (s *Server) RemoveHost(r *Request, in atHost) (None, error) {
	return None{}, s.actions.RemoveHost(r.By, in.Host)
}
