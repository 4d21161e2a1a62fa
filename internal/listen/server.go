// HTTP servers with bounds on how long a client may take, how many connections there are, and whose they are.

package listen

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"sync"
	"time"

	"parley/internal/places"
)

// How long an HTTP client may take, and how long its headers may be. These bounds end for a connection that
// becomes a socket.
const (
	headerTimeout  = 5 * time.Second
	readTimeout    = 30 * time.Second
	writeTimeout   = time.Minute
	idleTimeout    = 2 * time.Minute
	maxHeaderBytes = 32 << 10
)

// Bounds are how many connections there may be, and whose.
type Bounds struct {
	All       int // without those that became sockets
	OfAddress int // of one address, of those on which nobody has signed in
	OfPerson  int // of one person, of those on which they have signed in
	// Proxy tells whether connections from an address carry the requests of many people: then they count only
	// among all. nil means that no address is that of a proxy.
	Proxy func(remote string) bool
}

// NewServer makes an HTTP server with the time limits above and bounds on connections. When there are too many, the
// one goes on which nobody has signed in and which has been idle longest; a new connection is closed at once only
// when people hold all there may be. A handler calls SignedIn when it knows whose request it has.
func NewServer(handler http.Handler, bounds Bounds) *http.Server {
	c := &connections{
		proxy:  bounds.Proxy,
		places: places.New(bounds.All, bounds.OfAddress, bounds.OfPerson),
		open:   map[net.Conn]*places.Place{},
	}
	return &http.Server{
		Handler:           c.busy(handler),
		ReadHeaderTimeout: headerTimeout, ReadTimeout: readTimeout, WriteTimeout: writeTimeout,
		IdleTimeout: idleTimeout, MaxHeaderBytes: maxHeaderBytes, ConnContext: c.come, ConnState: c.watch,
		DisableGeneralOptionsHandler: true, // so that the handler refuses OPTIONS * under a foreign name too
		ErrorLog:                     slog.NewLogLogger(slog.Default().Handler(), slog.LevelDebug),
	}
}

// connections counts the connections of an HTTP server, without those that became sockets.
type connections struct {
	proxy  func(remote string) bool
	places *places.Places

	mu   sync.Mutex
	open map[net.Conn]*places.Place
}

type placeKey struct{}

// come finds a place for a new connection. It closes the connection at once when there is none, since there is no
// request yet that could be refused.
func (c *connections) come(ctx context.Context, conn net.Conn) context.Context {
	remote := conn.RemoteAddr().String()
	address := ""
	if c.proxy == nil || !c.proxy(remote) {
		address = networkOfRemote(remote)
	}
	place := c.places.Take(address, func() { conn.Close() }) // the server notices that by itself
	if place == nil {
		conn.Close()
		return ctx
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.open[conn] = place
	return context.WithValue(ctx, placeKey{}, place)
}

// watch gives the place of a connection back when the connection has closed or become a socket.
func (c *connections) watch(conn net.Conn, state http.ConnState) {
	follow(conn, state)
	if state != http.StateClosed && state != http.StateHijacked {
		return
	}
	c.mu.Lock()
	place := c.open[conn]
	delete(c.open, conn)
	c.mu.Unlock()
	if place != nil {
		place.GiveBack()
	}
}

// busy notes that a connection is not idle while it is being served.
func (c *connections) busy(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if place, ok := r.Context().Value(placeKey{}).(*places.Place); ok {
			place.SetBusy(true)
			defer place.SetBusy(false)
		}
		next.ServeHTTP(w, r)
	})
}

// SignedIn notes whose a request is, given its context: its connection now counts as one of that person's. Beyond
// what a person may have, it goes on counting as one of its address.
func SignedIn(ctx context.Context, person int64) {
	if place, ok := ctx.Value(placeKey{}).(*places.Place); ok {
		place.SignIn(person)
	}
}

// Idle notes that what is left of a request, given its context, is only to wait: its connection may be closed like
// one without a request, when its place is needed.
func Idle(ctx context.Context) {
	if place, ok := ctx.Value(placeKey{}).(*places.Place); ok {
		place.SetBusy(false)
	}
}

// networkOfRemote is the network of the remote address of a connection.
func networkOfRemote(remote string) string {
	addr, err := netip.ParseAddrPort(remote)
	if err != nil {
		return remote
	}
	return Network(addr.Addr().String())
}

// Network is the key under which limits count an address: an IPv4 address itself, or the /64 network of an
// IPv6 address, since one subscriber has all the addresses in it.
func Network(address string) string {
	addr, err := netip.ParseAddr(address)
	if err != nil {
		return address
	}
	if addr = addr.Unmap(); addr.Is4() {
		return addr.String()
	}
	prefix, err := addr.Prefix(64)
	if err != nil {
		return address
	}
	return prefix.String()
}
