// Command gorilla is a chat server that is as lean as possible with one write for each delivery: a goroutine
// for each room writes the finished frame to the connection of each member. It is a limit to compare with,
// not a design to use: one member who does not read stops the whole room.
package main

import (
	"encoding/binary"
	"encoding/json"
	"net"
	"net/http"
	"slices"
	"sync"

	"github.com/gorilla/websocket"

	"parley/tools/peers/servers/peer"
)

type room struct {
	joins, leaves chan *websocket.Conn
	frames        chan []byte
}

func (r *room) run() {
	var members []net.Conn
	for {
		select {
		case conn := <-r.joins:
			members = append(members, conn.NetConn())
		case conn := <-r.leaves:
			members = slices.DeleteFunc(members, func(c net.Conn) bool { return c == conn.NetConn() })
		case frame := <-r.frames:
			for _, c := range members {
				c.Write(frame) // the reader of a connection finds that it has failed
			}
		}
	}
}

type server struct {
	mu    sync.Mutex
	rooms map[string]*room
}

func (s *server) room(name string) *room {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.rooms[name]
	if r == nil {
		r = &room{make(chan *websocket.Conn), make(chan *websocket.Conn), make(chan []byte, 64)}
		s.rooms[name] = r
		go r.run()
	}
	return r
}

func (s *server) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	user, ok := peer.SignedIn(w, req)
	if !ok {
		return
	}
	conn, err := (&websocket.Upgrader{}).Upgrade(w, req, nil)
	if err != nil {
		return
	}
	defer conn.Close()
	conn.SetReadLimit(peer.MaxMessage)
	joined := map[string]*room{}
	defer func() {
		for _, r := range joined {
			r.leaves <- conn
		}
	}()
	for {
		_, msg, err := conn.ReadMessage()
		if err != nil {
			return
		}
		var said peer.Said
		if err := json.Unmarshal(msg, &said); err != nil {
			return
		}
		if said.Event == "join" {
			joined[said.Room] = s.room(said.Room)
			joined[said.Room].joins <- conn
			conn.NetConn().Write(frame(peer.Heard{Event: "joined", Room: said.Room}))
		} else if r := joined[said.Room]; r != nil {
			r.frames <- frame(peer.Heard{Event: "message", Room: said.Room, From: user, Text: said.Text})
		}
	}
}

// frame is a text frame of RFC 6455.
func frame(heard peer.Heard) []byte {
	payload := peer.JSON(heard)
	head := []byte{0x81, byte(len(payload))}
	if len(payload) > 125 {
		head = binary.BigEndian.AppendUint16([]byte{0x81, 126}, uint16(len(payload)))
	}
	return append(head, payload...)
}

func main() {
	peer.Serve(&server{rooms: map[string]*room{}})
}
