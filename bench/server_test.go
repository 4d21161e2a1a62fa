package main

import (
	"context"
	"net/http"
	"testing"
	"time"

	"parley/internal/load"
)

// goPeers are the peers that need nothing but Go; those in Node need npm, and Parley has tests of its own.
func goPeers() []*contender {
	names := []string{"melody", "centrifuge", "gorilla"}
	return named(contenders(), func(c *contender) string { return c.name }, names)
}

func TestEachPeerDelivers(t *testing.T) {
	t.Parallel()
	for _, c := range goPeers() {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
			defer cancel()
			var err error
			if c.command, err = c.build(ctx, t.TempDir()); err != nil {
				t.Fatal(err)
			}
			one, err := c.measure(ctx, c, scenario{options: load.Options{
				Rooms: 3, Members: 10, Senders: 2, Window: 2, Duration: 200 * time.Millisecond,
			}})
			if err != nil {
				t.Fatal(err)
			}
			if r := one.Fanout; !r.Sound() || r.Messages == 0 || r.Deliveries < 5*r.Messages {
				t.Errorf("got %+v", *r)
			}
		})
	}
}

func TestStrangersAreNotLetIn(t *testing.T) {
	t.Parallel()
	for _, c := range goPeers() {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
			defer cancel()
			var err error
			if c.command, err = c.build(ctx, t.TempDir()); err != nil {
				t.Fatal(err)
			}
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
			_, err = load.Connect(ctx, load.Options{Address: p.address, Dialect: stranger})
			if err == nil {
				t.Error("a member without a token joined")
			}
		})
	}
}
