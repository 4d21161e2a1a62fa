// The header Forwarded (RFC 7239), for proxies that send it in place of X-Forwarded-For, -Proto and -Host.

package web

import (
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// hop is what one proxy says of whoever connected to it.
type hop struct {
	from        netip.Addr // not valid when the proxy keeps it to itself
	proto, host string     // empty when the proxy does not say
}

// forwarded are the hops of a request's Forwarded header, the first proxy's first. A request with one of the other
// headers has none: its proxy speaks those, and has passed on a Forwarded that anybody may have sent.
func forwarded(r *http.Request) []hop {
	lines := r.Header.Values("Forwarded")
	if len(lines) == 0 {
		return nil
	}
	for _, other := range []string{"X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host"} {
		if r.Header.Get(other) != "" {
			return nil
		}
	}
	var hops []hop
	for _, element := range elements(strings.Join(lines, ",")) {
		if strings.TrimSpace(element) == "" {
			continue
		}
		pairs, ok := divide(element, ';')
		if !ok {
			hops = nil // nor does what stands before it count
			continue
		}
		var h hop
		for _, pair := range pairs {
			name, value, _ := strings.Cut(strings.TrimSpace(pair), "=")
			value = unquoted(strings.TrimSpace(value))
			switch strings.ToLower(strings.TrimSpace(name)) {
			case "for":
				h.from = nodeAddress(value)
			case "proto":
				h.proto = value
			case "host":
				h.host = value
			}
		}
		hops = append(hops, h)
	}
	return hops
}

// nearest finds the hop that the proxy wrote which is the farthest from here of those that are trusted: what stands
// before it, anybody may have made up. address is whoever connected to that proxy; for one that does not say, it is
// the proxy itself. remote is the trusted proxy that sent the request.
func (p proxies) nearest(hops []hop, remote netip.Addr) (h hop, address netip.Addr) {
	address = remote
	for i := len(hops) - 1; i >= 0; i-- {
		h = hops[i]
		if !h.from.IsValid() {
			return h, address
		}
		if address = h.from; !p.trustsAddress(address) {
			break
		}
	}
	return h, address
}

// elements cuts the header at its commas, but not within quotes. It reads from the right: what the nearest proxy wrote
// stands there, so a quote that a stranger left open before hides only what the stranger wrote.
func elements(text string) (list []string) {
	quoted, end := false, len(text)
	for i := len(text) - 1; i >= 0; i-- {
		switch {
		case text[i] == '"' && !(quoted && escaped(text[:i])):
			quoted = !quoted
		case text[i] == ',' && !quoted:
			list = append(list, text[i+1:end])
			end = i
		}
	}
	if !quoted {
		list = append(list, text[:end])
	}
	slices.Reverse(list)
	return list
}

// escaped tells whether the character after text is, within quotes.
func escaped(text string) bool {
	return (len(text)-len(strings.TrimRight(text, `\`)))%2 == 1
}

// divide cuts text at a separator, but not within quotes. It fails when a quote is not closed.
func divide(text string, at byte) (parts []string, ok bool) {
	quoted, begin := false, 0
	for i := 0; i < len(text); i++ {
		switch {
		case quoted && text[i] == '\\':
			i++
		case text[i] == '"':
			quoted = !quoted
		case text[i] == at && !quoted:
			parts = append(parts, text[begin:i])
			begin = i + 1
		}
	}
	return append(parts, text[begin:]), !quoted
}

// unquoted is the value of a token or a quoted string.
func unquoted(text string) string {
	inner, quoted := strings.CutPrefix(text, `"`)
	if !quoted {
		return text
	}
	var b strings.Builder
	for i := 0; i < len(inner) && inner[i] != '"'; i++ {
		if inner[i] == '\\' && i+1 < len(inner) {
			i++
		}
		b.WriteByte(inner[i])
	}
	return b.String()
}

// nodeAddress is the address of a node: 192.0.2.7, 192.0.2.7:4711, [2001:db8::7] or [2001:db8::7]:4711. It is not valid
// for "unknown" and for made-up names.
func nodeAddress(node string) netip.Addr {
	if withPort, err := netip.ParseAddrPort(node); err == nil {
		return withPort.Addr()
	}
	addr, _ := netip.ParseAddr(strings.TrimSuffix(strings.TrimPrefix(node, "["), "]"))
	return addr
}
