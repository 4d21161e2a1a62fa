// How the generator speaks with a Parley server, and what it is told to do in every scenario.

package main

import (
	"context"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"time"

	"parley/chat"
	"parley/internal/load"
)

// load gives the options that all scenarios share.
func (s *benchServer) load(r *benchRun) load.Options {
	return load.Options{
		Address: strings.TrimPrefix(s.url, "http://"), Dialect: s.dialect(), ServerPID: s.cmd.Process.Pid,
		Warmup: time.Second, Duration: r.seconds(),
		Progress: r.progress,
	}
}

// dialect has member i of room j be the person at that place of the team, each in the first room of theirs.
func (s *benchServer) dialect() load.Dialect {
	ids := newClientIDs()
	return load.Dialect{
		Upgrade: func(m load.Member) (string, http.Header) { return socketPath, s.header(s.seed.User(m.Room, m.Place)) },
		Join:    func(load.Member) []load.Step { return []load.Step{{Await: `{"event":"welcome"`}} },
		Publish: func(frame []byte, m load.Message, text []byte) []byte {
			return fmt.Appendf(frame, `{"event":"message.send","id":"%d","data":{"room_id":%d,"client_id":"%s","body":"%s"}}`,
				m.Number, s.seed.Room(m.Room, 0), ids.next(), text)
		},
		Before:  `"body":"`,
		Refusal: `{"event":"error"`,
	}
}

// header signs a person of the seed in.
func (s *benchServer) header(user chat.UserID) http.Header {
	token, err := s.tokens.Issue(s.seed.Session(user))
	if err != nil {
		token = err.Error() // which the server refuses
	}
	return http.Header{"Authorization": {"Bearer " + token}, "Sec-Websocket-Protocol": {chat.Subprotocol}}
}

// clientIDs makes client ids as clients do: they grow with time, and no two are the same.
type clientIDs struct {
	run  uint64
	made uint64
}

func newClientIDs() *clientIDs { return &clientIDs{run: rand.Uint64()} }

// next makes a UUID of version 7: the time, a counter, and what tells this run from others.
func (c *clientIDs) next() chat.ClientID {
	c.made++
	var id chat.ClientID
	binary.BigEndian.PutUint64(id[:8], uint64(time.Now().UnixMilli())<<16|7<<12|c.made>>32&0xfff)
	binary.BigEndian.PutUint64(id[8:], 2<<62|(c.run<<32|c.made&0xffffffff)&(1<<62-1))
	return id
}

// fanout has the generator publish, profiles the server meanwhile when asked to, and tells how many CPUs other
// programs used.
func (s *benchServer) fanout(r *benchRun, o load.Options) (found load.Result, others float64, err error) {
	ctx, cancel := context.WithCancel(r.ctx)
	defer cancel()
	if err := s.profile(r, "cpu", "cpu.pprof"); err != nil {
		return found, 0, err
	}
	meter := newOthersMeter(s.cmd.Process.Pid)
	found, err = load.Fanout(ctx, o)
	others = meter.read()
	if ended := s.alive(); ended != nil {
		return found, 0, ended
	}
	if err != nil {
		return found, 0, err
	}
	if err := s.profile(r, "stop", ""); err != nil {
		return found, 0, err
	}
	return found, others, s.profile(r, "heap", "heap.pprof")
}
