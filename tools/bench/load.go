// How the generator speaks with a Parley server, and what it is told to do in every scenario.

package bench

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"syscall"
	"time"

	"parley/chat"
	"parley/socket"
	"parley/tools/load"
)

// load gives the options that all scenarios share.
func (s *server) load(r *scene) load.Options {
	return load.Options{
		Address: strings.TrimPrefix(s.url, "http://"), Dialect: s.dialect(s.inOrder), ServerPID: s.process.Cmd.Process.Pid,
		Warmup: min(time.Second, r.seconds()/4), Duration: r.seconds(),
		Progress: r.progress,
	}
}

// place tells who a connection of the generator is, and in which room they write.
type place func(m load.Member) (chat.UserID, chat.RoomID)

// inOrder has member i of room j be the person at that place of the team, each in the first room of theirs.
func (s *server) inOrder(m load.Member) (chat.UserID, chat.RoomID) {
	return s.seed.User(m.Room, m.Place), s.seed.Room(m.Room, 0)
}

// dialect is how people sign in, write, and see what was written.
func (s *server) dialect(who place) load.Dialect {
	return load.Dialect{
		Upgrade: func(m load.Member) (string, http.Header) {
			user, _ := who(m)
			return socket.Path, s.header(user)
		},
		Join: func(load.Member) []load.Step { return []load.Step{{Await: `{"event":"welcome"`}} },
		Publish: func(frame []byte, m load.Message, text []byte) []byte {
			_, room := who(m.Member)
			return appendSend(frame, m.Number, room, text)
		},
		Before:  `"body":"`,
		Refusal: `"data":{"code":"`,
	}
}

// appendSend appends the request that posts a text which needs no escaping. id is what its reply bears.
func appendSend(frame []byte, id any, room chat.RoomID, text []byte) []byte {
	const format = `{"event":"message.send","id":"%v","data":{"room_id":%d,"client_id":"%s","body":"%s"}}`
	return fmt.Appendf(frame, format, id, room, chat.NewClientID(), text)
}

// header signs a person of the seed in.
func (s *server) header(user chat.UserID) http.Header {
	token, err := s.tokens.Issue(s.seed.Session(user))
	if err != nil {
		token = err.Error() // which the server refuses
	}
	return http.Header{"Authorization": {"Bearer " + token}, "Sec-Websocket-Protocol": {chat.Subprotocol}}
}

// fanout has the generator publish and tells how many CPUs other programs used meanwhile.
func (s *server) fanout(r *scene, o load.Options) (found load.Result, others float64, err error) {
	others, err = s.watched(r, func() (err error) {
		found, err = load.Fanout(r.ctx, o)
		return err
	})
	return found, others, err
}

// connect has the generator open connections that stay idle.
func (s *server) connect(r *scene, o load.Options) (found load.Connected, others float64, err error) {
	others, err = s.watched(r, func() (err error) {
		found, err = load.Connect(r.ctx, o)
		return err
	})
	return found, others, err
}

// watched runs what is measured, profiles the server meanwhile when asked to, and tells how many CPUs other
// programs used.
func (s *server) watched(r *scene, measure func() error) (others float64, err error) {
	s.profiles++
	if err := s.profile(r, "cpu", fmt.Sprintf("cpu-%d.pprof", s.profiles)); err != nil {
		return 0, err
	}
	meanwhile := load.WatchOthers(s.process.Cmd.Process.Pid)
	err = measure()
	others = meanwhile.CPUs()
	if errors.Is(err, syscall.EMFILE) {
		err = fmt.Errorf("%w; raise the limit on open files (ulimit -n) or measure with fewer people", err)
	}
	if err := errors.Join(s.alive(), err); err != nil {
		return 0, err
	}
	if err := s.profile(r, "stop", ""); err != nil {
		return 0, err
	}
	return others, s.profile(r, "heap", fmt.Sprintf("heap-%d.pprof", s.profiles))
}
