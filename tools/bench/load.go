// How the load generator talks to a Parley server, and what it does in every scenario.

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

// load returns the options that all scenarios share.
func (s *server) load(r *scene) load.Options {
	return load.Options{
		Address: strings.TrimPrefix(s.url, "http://"), Dialect: s.dialect(s.inOrder), ServerPID: s.process.Cmd.Process.Pid,
		Warmup: min(time.Second, r.seconds()/4), Duration: r.seconds(),
		Progress: r.progress,
	}
}

// place says which person a connection of the generator is, and in which room that person writes.
type place func(m load.Member) (chat.UserID, chat.RoomID)

// inOrder is a place: member i of room j is person i of team j, who writes in the team's first room.
func (s *server) inOrder(m load.Member) (chat.UserID, chat.RoomID) {
	return s.seed.User(m.Room, m.Place), s.seed.Room(m.Room, 0)
}

// dialect says how people sign in, write, and recognize what others wrote.
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

// appendSend appends the request that posts a text. The text must need no escaping. The reply repeats id.
func appendSend(frame []byte, id any, room chat.RoomID, text []byte) []byte {
	const format = `{"event":"message.send","id":"%v","data":{"room_id":%d,"client_id":"%s","body":"%s"}}`
	return fmt.Appendf(frame, format, id, room, chat.NewClientID(), text)
}

// header signs in a person of the seed.
func (s *server) header(user chat.UserID) http.Header {
	token, err := s.tokens.Issue(s.seed.Session(user))
	if err != nil {
		token = err.Error() // the server refuses it
	}
	return http.Header{"Authorization": {"Bearer " + token}, "Sec-Websocket-Protocol": {chat.Subprotocol}}
}

// fanout makes the generator publish messages. others is how many CPUs other programs used meanwhile.
func (s *server) fanout(r *scene, o load.Options) (found load.Result, others float64, err error) {
	others, err = s.watched(r, func() (err error) {
		found, err = load.Fanout(r.ctx, o)
		return err
	})
	return found, others, err
}

// connect makes the generator open connections that stay idle. others is how many CPUs other programs used
// meanwhile.
func (s *server) connect(r *scene, o load.Options) (found load.Connected, others float64, err error) {
	others, err = s.watched(r, func() (err error) {
		found, err = load.Connect(r.ctx, o)
		return err
	})
	return found, others, err
}

// watched runs a measurement, and writes profiles of the server meanwhile if a flag asks for them. others is
// how many CPUs other programs used.
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
