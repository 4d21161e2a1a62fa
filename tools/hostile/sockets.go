// The attacks on sockets.

package hostile

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/gorilla/websocket"

	"parley/chat"
)

// open opens a socket of the attacker's.
func (a *attacker) open(
	dial func(ctx context.Context, network, address string) (net.Conn, error),
) (*websocket.Conn, error) {
	dialer := websocket.Dialer{
		Subprotocols: []string{chat.Subprotocol}, HandshakeTimeout: 5 * time.Second, NetDialContext: dial,
	}
	header := http.Header{"Authorization": {"Bearer " + a.target.Token}}
	conn, _, err := dialer.DialContext(a.ctx, "ws://"+a.host()+"/ws", header)
	if err != nil {
		a.tally.Refused.Add(1)
	}
	return conn, err
}

// stalledSocket opens a socket and has much said to it, which it does not read.
func stalledSocket(a *attacker) {
	conn, err := a.open(func(context.Context, string, string) (net.Conn, error) { return a.small() })
	if err != nil {
		return
	}
	defer conn.Close()
	for end := time.Now().Add(lingers); time.Now().Before(end) && a.ctx.Err() == nil; {
		for range 10 { // answers that pile up
			if err := conn.WriteMessage(websocket.TextMessage, changes(a)); err != nil {
				a.tally.Refused.Add(1)
				return
			}
			a.tally.Done.Add(1)
		}
		a.wait(100 * time.Millisecond)
	}
}

// inFlight is how many requests of a flood are sent before an answer is waited for.
const inFlight = 32

// socketFlood sends requests on a socket, inFlight at a time.
func socketFlood(request func(*attacker) []byte) func(*attacker) {
	return func(a *attacker) {
		conn, err := a.open(a.dial)
		if err != nil {
			return
		}
		defer conn.Close()
		for a.ctx.Err() == nil {
			for range inFlight {
				if err := conn.WriteMessage(websocket.TextMessage, request(a)); err != nil {
					a.tally.Refused.Add(1)
					return
				}
			}
			for answers := 0; answers < inFlight; {
				_, frame, err := conn.ReadMessage()
				if err != nil {
					a.tally.Refused.Add(1)
					return
				}
				for line := range chat.Lines(frame) {
					switch {
					case bytes.HasPrefix(line, []byte(`{"event":"reply"`)):
						a.tally.Done.Add(1)
						answers++
					case bytes.HasPrefix(line, []byte(`{"event":"error"`)):
						a.tally.Refused.Add(1)
						answers++
					}
				}
			}
		}
	}
}

// frame makes a request.
func (a *attacker) frame(event string, in any) []byte {
	frame, err := chat.Encode(event, fmt.Sprint(a.number.Add(1)), in)
	if err != nil {
		panic(err) // all requests here can be encoded
	}
	return frame
}

func changes(a *attacker) []byte {
	all := make([]chat.RoomRev, 100)
	for i := range all {
		all[i] = chat.RoomRev{RoomID: a.target.Room}
	}
	return a.frame("room.changes", chat.ChangesSince{Rooms: all})
}

// LongText is a message of 10,000 characters, which is what a server allows by default.
var LongText = strings.Repeat("*a* `b` [c](http://d) ", 10_000/22)

func messages(a *attacker) []byte {
	return a.frame("message.send", chat.MessageSend{
		RoomID: a.target.Room, Draft: chat.Draft{ClientID: chat.NewClientID(), Body: LongText},
	})
}

func reactions(a *attacker) []byte {
	event := "reaction.add"
	if a.number.Load()%2 == 0 {
		event = "reaction.remove"
	}
	return a.frame(event, chat.ReactionAt{RoomID: a.target.Room, Seq: a.target.Seq, Emoji: "👍"})
}

func reads(a *attacker) []byte {
	return a.frame("room.read", chat.RoomRead{RoomID: a.target.Room, ReadSeq: a.number.Load() % 2})
}

func presence(a *attacker) []byte {
	switch a.number.Load() % 4 {
	case 0:
		return a.frame("typing.start", chat.RoomAt{RoomID: a.target.Room})
	case 1:
		return a.frame("presence.set", chat.PresenceSet{State: chat.Away})
	case 2:
		return a.frame("presence.set", chat.PresenceSet{State: chat.Online})
	default:
		all := make([]chat.UserID, 500)
		for i := range all {
			all[i] = chat.UserID(i + 1)
		}
		return a.frame("presence.watch", chat.PresenceWatch{UserIDs: all})
	}
}

// churn opens a socket and closes it.
func churn(a *attacker) {
	conn, err := a.open(a.dial)
	if err != nil {
		return
	}
	a.tally.Done.Add(1)
	conn.Close()
}

// session opens a Socket.IO session by polling and returns its address. Without a token it is nobody's.
func (a *attacker) session(token string) (string, error) {
	address := a.target.URL + "/socket.io/?EIO=4&transport=polling&token=" + token
	req, err := http.NewRequestWithContext(a.ctx, http.MethodGet, address, nil)
	if err != nil {
		return "", err
	}
	resp, err := a.http.Do(req)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(io.LimitReader(resp.Body, 4<<10))
	if err != nil {
		return "", err
	}
	_, after, found := strings.Cut(string(text), `"sid":"`)
	sid, _, ended := strings.Cut(after, `"`)
	if !found || !ended {
		return "", fmt.Errorf("no session: %s", text)
	}
	return address + "&sid=" + sid, nil
}

// post sends packets to a session.
func (a *attacker) post(session, packets string) bool {
	req, err := http.NewRequestWithContext(a.ctx, http.MethodPost, session, strings.NewReader(packets))
	if err != nil {
		return false
	}
	req.Header.Set("Content-Type", "text/plain;charset=UTF-8")
	resp, err := a.http.Do(req)
	if err != nil {
		return false
	}
	io.Copy(io.Discard, resp.Body) // the status says all
	resp.Body.Close()
	return resp.StatusCode < 400
}

// enter is the packet that enters the gateway's namespace and asks for all that was missed.
const enter = `40/chat,{"since":1}`

// enterAndLeave enters the namespace, and sends one body with thousands of packets, of which every other leaves it,
// and every other enters it and asks for all that was missed.
func enterAndLeave(a *attacker) {
	session, err := a.session(a.target.Token)
	if err != nil {
		a.tally.Refused.Add(1)
		return
	}
	const pairs = 3_700 // 100,000 bytes, which is less than a server allows by default
	a.count(a.post(session, enter) && a.post(session, strings.Repeat("41/chat,\x1e"+enter+"\x1e", pairs)+"6"))
}

// stalledPoll opens a session, enters the namespace, asks for what was missed, and never polls.
func stalledPoll(a *attacker) {
	session, err := a.session(a.target.Token)
	if err != nil {
		a.tally.Refused.Add(1)
		return
	}
	ok := a.post(session, enter)
	a.count(ok)
	if ok {
		a.wait(lingers)
	}
}
