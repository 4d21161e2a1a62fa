// Sockets without our subprotocol: plain WebSocket clients of the tutorial, one event a frame.

package socket

import (
	"context"
	"encoding/json"
	"log/slog"

	"github.com/olahol/melody"

	"parley/actions"
	"parley/chat"
	"parley/gateway"
	"parley/rooms"
)

// speakPlainly has a socket told things in the tutorial's words.
func (d *Door) speakPlainly(sock *rooms.Socket) {
	sock.FrameEachLine()
	sock.Dialect = d.Plain.Listen(sock, 0, func(u *gateway.Words) (corked bool) {
		if u.Line == nil {
			line, err := chat.Encode(u.Event, "", u.Data)
			if err != nil {
				slog.Error("socket: encode", "event", u.Event, "error", err)
				sock.Cut(chat.CloseLater, "a fault of the server")
				return false
			}
			u.Line = line
		}
		return sock.PutCorked(u.Line)
	})
}

// readPlain handles one event and answers it before the next is read.
func (d *Door) readPlain(s *melody.Session, sock *rooms.Socket, frame []byte) {
	var in chat.Frame
	if err := json.Unmarshal(frame, &in); err != nil || in.Event == "" || len(in.ID) > maxRequestID {
		sock.Cut(chat.ClosePolicy, "want one JSON object with an event a frame")
		return
	}
	r := request{sock: sock, refusals: d.Refusals, id: in.ID, data: in.Data}
	if !signedIn(s) {
		d.auth(s, r, in.Event)
		return
	}
	answer, err := gateway.Ask(context.Background(), d.Actions, sock.Caller, in.Event, in.Data)
	if err != nil {
		r.refuse(err)
		return
	}
	if answer.Event != "" {
		r.tell(answer.Event, "", answer.Data)
	}
	r.answer(chat.ReplyEvent, answer.Data)
}

// refuse tells of a failure whether an answer was asked for or not.
func (r request) refuse(err error) {
	if r.id != "" {
		r.fail(err)
		return
	}
	refused := actions.Refusal(err)
	r.refusals.Add(refused.Code)
	r.tell("exception", "", gateway.Refused{Code: refused.Code, Message: refused.Message})
}
