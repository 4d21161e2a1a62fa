// Settings: how people reach the server, and which sites' pages may use it.

package web

import (
	"fmt"
	"net/url"
	"strings"
)

// Site holds the settings of the server's address. The command line reads the tags.
type Site struct {
	URL          string   `group:"Where" name:"url" placeholder:"URL" help:"Address people use, as https://chat.example.com. Give it behind a proxy: links, cookies and the check of a page's origin depend on it."`
	TrustedProxy []string `group:"Where" placeholder:"ADDRESS" help:"Proxies whose X-Forwarded-For, -Proto and -Host headers count, as 127.0.0.1 or 10.0.0.0/8."`
	AllowOrigin  []string `group:"Where" placeholder:"ORIGIN" help:"Other sites whose pages may use this server."`
}

// Check returns an error that names the first setting with an invalid value. It removes a slash at the end of
// the URL.
func (s *Site) Check() error {
	s.URL = strings.TrimSuffix(s.URL, "/")
	if s.URL != "" {
		u, err := url.Parse(s.URL)
		if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || u.Path != "" || u.RawQuery != "" {
			return fmt.Errorf("--url=%s: want an address without a path, as https://chat.example.com", s.URL)
		}
	}
	return nil
}
