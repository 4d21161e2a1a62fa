// Addresses that are no text.

package web

import (
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"parley/chat"
)

// wellFormed refuses a request whose path or query holds bytes that are not UTF-8 or the character NUL, for
// every route at once. The error names the parameter of the query.
func wellFormed(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		at := c.Request().URL
		if !isText(at.Path) {
			return chat.InvalidField("path", "the path is not UTF-8, or holds the character NUL")
		}
		if at.RawQuery == "" {
			return next(c)
		}
		query, err := url.ParseQuery(at.RawQuery)
		if err != nil {
			return chat.Errorf(chat.BadRequest, "the query of the address is malformed")
		}
		for name, values := range query {
			if !isText(name) || !isText(strings.Join(values, "")) {
				return chat.InvalidField(strings.ToValidUTF8(name, "?"), "this is not UTF-8, or holds the character NUL")
			}
		}
		return next(c)
	}
}

func isText(s string) bool { return utf8.ValidString(s) && !strings.ContainsRune(s, 0) }
