// Proxies in front of the server: the forwarding headers of a request count only if a trusted proxy sent it.
// No proxy is trusted unless a setting names it.

package web

import (
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"strings"

	"github.com/gorilla/websocket"
	"github.com/labstack/echo/v4"
)

// proxies are the addresses of trusted proxies.
type proxies struct {
	ranges  []netip.Prefix
	extract echo.IPExtractor
}

// parseProxies accepts addresses and ranges, such as 10.0.0.1 and 10.0.0.0/8.
func parseProxies(list []string) (proxies, error) {
	p := proxies{extract: echo.ExtractIPDirect()}
	// By default Echo trusts loopback and every private network: then anyone on the LAN could forge an
	// address.
	options := []echo.TrustOption{echo.TrustLoopback(false), echo.TrustLinkLocal(false), echo.TrustPrivateNet(false)}
	for _, text := range list {
		prefix, err := netip.ParsePrefix(text)
		if err != nil {
			addr, addrErr := netip.ParseAddr(text)
			if addrErr != nil {
				return p, fmt.Errorf("trusted proxy %q: want an address or a range such as 10.0.0.0/8", text)
			}
			prefix = netip.PrefixFrom(addr, addr.BitLen())
		}
		prefix = prefix.Masked()
		p.ranges = append(p.ranges, prefix)
		options = append(options, echo.TrustIPRange(&net.IPNet{
			IP: prefix.Addr().AsSlice(), Mask: net.CIDRMask(prefix.Bits(), prefix.Addr().BitLen()),
		}))
	}
	if len(list) > 0 {
		p.extract = echo.ExtractIPFromXFFHeader(options...)
	}
	return p, nil
}

// address is the address that the request came from, before it passed trusted proxies.
func (p proxies) address(r *http.Request) string {
	if _, address, found := p.byForwarded(r); found {
		return address.String()
	}
	return p.extract(r)
}

// byForwarded is what a trusted proxy says in the header Forwarded, if it speaks that one.
func (p proxies) byForwarded(r *http.Request) (h hop, address netip.Addr, found bool) {
	if !p.trusts(r.RemoteAddr) {
		return h, address, false
	}
	hops := forwarded(r)
	if len(hops) == 0 {
		return h, address, false
	}
	h, address = p.nearest(hops, netip.MustParseAddrPort(r.RemoteAddr).Addr()) // trusts has parsed it
	return h, address, true
}

// rangeOf is the key under which attempts to guess a password count an address: an IPv4 address itself, or the
// /56 range of an IPv6 address. Providers give a household 256 networks, and somebody who guesses must not have
// 256 times the attempts. An IPv4 address may be a whole school, so that a wider range would let strangers lock
// each other out.
func rangeOf(address string) string {
	addr, err := netip.ParseAddr(address)
	if err != nil || addr.Unmap().Is4() {
		return address
	}
	prefix, err := addr.Prefix(56)
	if err != nil {
		return address
	}
	return prefix.String()
}

// schemeAndHost are those that the sender used: what a trusted proxy says, or else what the connection shows.
func (p proxies) schemeAndHost(r *http.Request) (scheme, host string) {
	scheme, host = "http", r.Host
	if r.TLS != nil {
		scheme = "https"
	}
	if !p.trusts(r.RemoteAddr) {
		return scheme, host
	}
	said, _, found := p.byForwarded(r)
	if !found {
		said = hop{proto: r.Header.Get("X-Forwarded-Proto"), host: r.Header.Get("X-Forwarded-Host")}
	}
	if proto := forwardedScheme(said.proto); proto != "" {
		scheme = proto
	}
	if said.host != "" && !strings.Contains(said.host, ",") {
		host = said.host
	}
	return scheme, host
}

// forwardedScheme is the scheme that a proxy names in its header; empty for none and for another one. Some proxies send
// the scheme of the upgrade, which is that of the page with other letters, and one proxy behind another makes a list,
// of which the first is what the sender used. Only a proxy that adds to what strangers send makes a list that they
// began, and they gain nothing: a scheme decides about the sender's own cookies and origin.
func forwardedScheme(header string) string {
	first, _, _ := strings.Cut(header, ",")
	switch strings.ToLower(strings.TrimSpace(first)) {
	case "https", "wss":
		return "https"
	case "http", "ws":
		return "http"
	}
	return ""
}

// upgradeLost tells whether a request was to open a WebSocket when it left the client: some proxies remove Upgrade
// and Connection, which are for one connection, and leave the rest.
func upgradeLost(r *http.Request) bool {
	return !websocket.IsWebSocketUpgrade(r) && r.Header.Get("Sec-WebSocket-Key") != ""
}

func (p proxies) trusts(remote string) bool {
	if len(p.ranges) == 0 {
		return false
	}
	addr, err := netip.ParseAddrPort(remote)
	return err == nil && p.trustsAddress(addr.Addr())
}

func (p proxies) trustsAddress(addr netip.Addr) bool {
	for _, prefix := range p.ranges {
		if prefix.Contains(addr.Unmap()) {
			return true
		}
	}
	return false
}
