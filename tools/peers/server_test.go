// The peers are what they are compared as: servers that deliver, to those with a token.

package main

import (
	"context"
	"net/http"
	"testing"
	"time"

	"parley/tools/load"
)

// withEachPeer builds the peers that need nothing but Go; Node needs npm, and Parley has tests of its own.
func withEachPeer(t *testing.T, test func(ctx context.Context, t *testing.T, c *contender)) {
	t.Parallel()
	names := []string{"melody", "centrifuge", "gorilla"}
	for _, c := range named(contenders(), func(c *contender) string { return c.name }, names) {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
			defer cancel()
			var err error
			if c.command, err = c.build(ctx, t.TempDir()); err != nil {
				t.Fatal(err)
			}
			test(ctx, t, c)
		})
	}
}

func TestEachPeerDelivers(t *testing.T) {
	withEachPeer(t, func(ctx context.Context, t *testing.T, c *contender) {
		one, err := c.measure(ctx, c, scenario{options: load.Options{
			Rooms: 3, Members: 10, Senders: 2, Window: 2, Duration: 200 * time.Millisecond,
		}})
		if err != nil {
			t.Fatal(err)
		}
		if r := one.Fanout; !r.Sound() || r.Messages == 0 || r.Deliveries == 0 {
			t.Errorf("got %+v", *r)
		}
	})
}

func TestStrangersAreNotLetIn(t *testing.T) {
	withEachPeer(t, func(ctx context.Context, t *testing.T, c *contender) {
		p, err := c.start(ctx)
		if err != nil {
			t.Fatal(err)
		}
		defer p.stop()
		stranger := c.dialect
		stranger.Join = func(load.Member) []load.Step {
			return []load.Step{{Send: `{"id":1,"connect":{"token":"made up"}}`, Await: "never"}}
		}
		stranger.Upgrade = func(load.Member) (string, http.Header) { return "/ws", nil }
		if _, err := load.Connect(ctx, load.Options{Address: p.address, Dialect: stranger}); err == nil {
			t.Error("a member without a token joined")
		}
	})
}
