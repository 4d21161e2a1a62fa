// Command melody is a chat server on melody, written as melody's README teaches: each session has its rooms
// in its keys, and a broadcast asks a filter about each session on the server.
package main

import (
	"encoding/json"
	"net/http"

	"github.com/olahol/melody"

	"parley/tools/peers/servers/peer"
)

func main() {
	m := melody.New()
	m.Config.MaxMessageSize = peer.MaxMessage
	http.HandleFunc("/ws", func(w http.ResponseWriter, r *http.Request) {
		if user, ok := peer.SignedIn(w, r); ok {
			m.HandleRequestWithKeys(w, r, map[string]any{"user": user})
		}
	})
	m.HandleMessage(func(s *melody.Session, msg []byte) {
		var said peer.Said
		if err := json.Unmarshal(msg, &said); err != nil {
			s.Close()
			return
		}
		if said.Event == "join" {
			s.Set(said.Room, true)
			s.Write(peer.JSON(peer.Heard{Event: "joined", Room: said.Room}))
			return
		}
		heard := peer.Heard{Event: "message", Room: said.Room, From: s.MustGet("user").(string), Text: said.Text}
		m.BroadcastFilter(peer.JSON(heard), func(other *melody.Session) bool {
			_, joined := other.Get(said.Room)
			return joined
		})
	})
	peer.Serve(http.DefaultServeMux)
}
