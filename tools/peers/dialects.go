// How the load talks to each of the peers.

package main

import (
	"fmt"
	"log"
	"net/http"
	"net/url"
	"strconv"

	"parley/tools/load"
	"parley/tools/peers/servers/peer"
)

func room(m load.Member) string { return fmt.Sprint("room", m.Room) }

func token(m load.Member) string {
	token, err := peer.Token(fmt.Sprint("user", m.Index))
	if err != nil {
		log.Fatal(err) // signing with HMAC cannot fail
	}
	return token
}

// plain is the protocol of the servers on melody and gorilla: see peer.Said.
var plain = load.Dialect{
	Upgrade: func(m load.Member) (string, http.Header) {
		return "/ws", http.Header{"Authorization": {"Bearer " + token(m)}}
	},
	Join: func(m load.Member) []load.Step {
		return []load.Step{{Send: fmt.Sprintf(`{"event":"join","room":%q}`, room(m)), Await: `{"event":"joined"`}}
	},
	Publish: func(frame []byte, m load.Message, text []byte) []byte {
		frame = append(frame, `{"event":"message","room":"room`...)
		frame = strconv.AppendInt(frame, int64(m.Room), 10)
		frame = append(append(frame, `","text":"`...), text...)
		return append(frame, `"}`...)
	},
	Before: `"text":"`,
}

// centrifuge is the JSON protocol of the Centrifuge library, version 2.
var centrifuge = load.Dialect{
	Upgrade: func(load.Member) (string, http.Header) { return "/ws", nil },
	Join: func(m load.Member) []load.Step {
		return []load.Step{
			{Send: fmt.Sprintf(`{"id":1,"connect":{"token":%q}}`, token(m)), Await: `{"id":1,"connect"`},
			{Send: fmt.Sprintf(`{"id":2,"subscribe":{"channel":%q}}`, room(m)), Await: `{"id":2,"subscribe"`},
		}
	},
	Publish: func(frame []byte, m load.Message, text []byte) []byte {
		frame = strconv.AppendInt(append(frame, `{"id":`...), int64(m.Number+3), 10)
		frame = append(frame, `,"publish":{"channel":"room`...)
		frame = strconv.AppendInt(frame, int64(m.Room), 10)
		frame = append(append(frame, `","data":{"text":"`...), text...)
		return append(frame, `"}}}`...)
	},
	Before:  `"text":"`,
	Refusal: `"error":{"code"`,
	Answers: map[string]string{"{}": "{}"},
}

// socketIO talks to the NestJS gateway, with WebSocket from the start. Each frame is one packet of Engine.IO
// (4), and in it one packet of Socket.IO (2): an event in the namespace.
var socketIO = load.Dialect{
	Upgrade: func(m load.Member) (string, http.Header) {
		return "/socket.io/?EIO=4&transport=websocket&token=" + url.QueryEscape(token(m)), nil
	},
	Join: func(m load.Member) []load.Step {
		return []load.Step{
			{Await: `0{`},
			{Send: `40/chat,`, Await: `40/chat,{`},
			{Send: fmt.Sprintf(`42/chat,["joinRoom",{"room":%q}]`, room(m)), Await: `42/chat,["joinedRoom"`},
		}
	},
	Publish: func(frame []byte, m load.Message, text []byte) []byte {
		frame = append(frame, `42/chat,["roomMessage",{"room":"room`...)
		frame = strconv.AppendInt(frame, int64(m.Room), 10)
		frame = append(append(frame, `","message":"`...), text...)
		return append(frame, `"}]`...)
	},
	Before:  `"message":"`,
	Answers: map[string]string{"2": "3"},
}
