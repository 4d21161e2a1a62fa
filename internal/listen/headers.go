// The headers that every answer of the program carries, whoever writes it. They tell browsers to load, run
// and frame nothing that the answer was not meant for. What a single answer needs besides, such as the
// Content-Security-Policy of the page, its handler sets instead of the one here.

package listen

import (
	"bytes"
	"net"
	"net/http"
	"time"
)

// always are the headers of every answer, in the order in which they are written. The policies are those of
// an answer that is data: nothing in it may be loaded, run or framed.
var always = [][2]string{
	{"X-Content-Type-Options", "nosniff"},
	{"Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"},
	{"X-Frame-Options", "DENY"},
	{"Referrer-Policy", "no-referrer"},
	{"Cross-Origin-Resource-Policy", "same-origin"},
	{"Permissions-Policy", "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()"},
}

const (
	opener       = "Cross-Origin-Opener-Policy"
	openerPolicy = "same-origin"

	transport = "Strict-Transport-Security"
	// transportPolicy lasts a year. It leaves subdomains alone: they may belong to other servers.
	transportPolicy = "max-age=31536000"
)

// SetHeaders sets the headers that every answer to r has. https says that people reach the server by https. Browsers
// then never try http again.
//
// A page cuts itself off from the windows that opened it. Browsers refuse that on plain http, and complain in
// their console. There they send no Sec-Fetch headers, which is how SetHeaders knows.
func SetHeaders(h http.Header, r *http.Request, https bool) {
	for _, header := range always {
		h[header[0]] = []string{header[1]}
	}
	if https || r.Header.Get("Sec-Fetch-Mode") != "" {
		h[opener] = []string{openerPolicy}
	}
	if https {
		h[transport] = []string{transportPolicy}
	}
}

// complete inserts the headers into the head of an answer that lacks them, and returns the new text. It
// returns text itself when it is not the beginning of a refusal, or has the headers already.
func complete(text []byte, https bool) []byte {
	const refusal, version = "HTTP/1.1 4", "HTTP/1.1 "
	if len(text) < len(refusal) || !bytes.HasPrefix(text, []byte(version)) || text[len(version)] < '4' {
		return text
	}
	end := bytes.Index(text, []byte("\r\n\r\n"))
	line := bytes.Index(text, []byte("\r\n"))
	if end < 0 || bytes.Contains(text[:end], []byte("\r\n"+always[0][0]+":")) {
		return text
	}
	whole := append([]byte(nil), text[:line+2]...)
	add := func(name, value string) { whole = append(whole, name+": "+value+"\r\n"...) }
	for _, header := range always {
		add(header[0], header[1])
	}
	if https {
		add(opener, openerPolicy)
		add(transport, transportPolicy)
	}
	return append(whole, text[line+2:]...)
}

// WithHeaders has the answers that the HTTP server makes by itself carry the headers of all others: it
// answers requests that are malformed, or whose headers are too long, before any handler sees them. https is
// as for SetHeaders. The connections can be unwrapped: see NetConn.
func WithHeaders(ln net.Listener, https bool) net.Listener { return &headed{ln, https} }

type headed struct {
	net.Listener
	https bool
}

// Accept waits for the next connection.
func (h *headed) Accept() (net.Conn, error) {
	conn, err := h.Listener.Accept()
	if tcp, ok := conn.(*net.TCPConn); ok {
		return &headedConn{TCPConn: tcp, https: h.https, head: head{read: true}}, nil
	}
	return conn, err
}

// headedConn is a connection that completes the heads of answers, and reads no head of a request that has too many
// lines.
type headedConn struct {
	*net.TCPConn
	https bool
	head  head // of the goroutine that serves the connection
}

// Read reads from the connection. It fails when the head of a request has too many lines.
func (c *headedConn) Read(p []byte) (int, error) {
	if c.head.full() {
		return 0, errLines
	}
	n, err := c.TCPConn.Read(p)
	if c.head.read {
		n = c.head.take(p[:n])
	}
	return n, err
}

// refusalPause is how long a refusal waits that the HTTP server makes by itself. It costs nobody anything, and its sender
// would go on at once, on another connection.
const refusalPause = time.Second

// Write writes p, and first completes it if it begins an answer without our headers. The HTTP server writes
// such an answer at once, and closes the connection.
func (c *headedConn) Write(p []byte) (int, error) {
	whole := complete(p, c.https)
	if len(whole) == len(p) {
		return c.TCPConn.Write(p)
	}
	<-time.After(refusalPause)
	_, err := c.TCPConn.Write(whole)
	return len(p), err
}

// NetConn returns the connection itself, for those who write something else than answers of HTTP to it.
func (c *headedConn) NetConn() net.Conn { return c.TCPConn }
