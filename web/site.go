// Settings: how people reach the server, and which sites' pages may use it.

package web

import (
	"fmt"
	"strings"

	"parley/internal/origin"
)

// Site holds the settings of the server's address. The command line reads the tags.
type Site struct {
	URL          string   `group:"Where" name:"url" placeholder:"URL" help:"Address people use, as https://chat.example.com. Give it behind a proxy: links, cookies and the check of a page's origin depend on it."`
	TrustedProxy []string `group:"Where" placeholder:"ADDRESS" help:"Proxies whose X-Forwarded-For, -Proto and -Host headers, or Forwarded, count, as 127.0.0.1 or 10.0.0.0/8."`
	AllowOrigin  []string `group:"Where" placeholder:"ORIGIN" help:"Other sites whose pages may use this server."`
}

// Check returns an error that names the first setting with an invalid value. It brings the URL into the form in
// which browsers send it: all that asks whether it begins with https: compares text.
func (s *Site) Check() (err error) {
	if s.URL != "" {
		s.URL, err = Address(s.URL)
	}
	return err
}

// Address returns the address of a server as browsers send it: with scheme and host in lower case, and without a
// slash at the end or a port that needs no saying. It refuses what is not such an address.
func Address(text string) (string, error) {
	address := origin.Of(text)
	if address == "" || strings.Contains(address, "*") {
		return "", fmt.Errorf("--url=%s: want an address without a path, as https://chat.example.com", text)
	}
	return address, nil
}
