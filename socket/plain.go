// Plain WebSocket clients: sockets without our subprotocol, which use the names of package gateway. Each
// frame is one event.

package socket

import (
	"log/slog"

	"github.com/olahol/melody"

	"parley/actions"
	"parley/chat"
	"parley/gateway"
	"parley/rooms"
)

// useGateway makes a socket receive gateway events instead of native ones, each in a frame of its own.
func (d *Door) useGateway(sock *rooms.Socket) {
	sock.FrameEachLine()
	sock.Dialect = d.gateway.Listen(sock, 0, func(event *gateway.Event) (corked bool) {
		if event.Line == nil {
			line, err := chat.Encode(event.Name, "", event.Data)
			if err != nil {
				slog.Error("socket: encode", "event", event.Name, "error", err)
				sock.Cut(chat.CloseLater, chat.ErrInternal.Message)
				return false
			}
			event.Line = rooms.NewLine(line)
		}
		return sock.PutCorked(event.Line)
	})
}

// readPlain handles one event. It answers before the socket's next frame is read.
func (d *Door) readPlain(s *melody.Session, sock *rooms.Socket, frame []byte) {
	var in chat.Frame
	if err := chat.DecodeFrameLoosely(frame, &in); err != nil {
		cutOff(sock, err, "want one JSON object with an event a frame")
		return
	}
	r := &request{sock: sock, refusals: d.refusals, id: in.ID, data: in.Data}
	if !signedIn(s) {
		d.auth(s, r, in.Event)
		return
	}
	answer, err := d.gateway.Ask(sock.Context(), sock.Caller, in.Event, in.Data)
	if err != nil {
		if actions.IsUnpaid(err) {
			d.HoldBack(sock)
		}
		r.refuse(err)
		return
	}
	if answer.Event != "" {
		r.tell(answer.Event, "", answer.Data)
	}
	r.answer(chat.ReplyEvent, answer.Data)
}

// refuse reports a failure. It is the answer if the client asked for one, and otherwise an exception event.
func (r *request) refuse(err error) {
	if r.id != "" {
		r.fail(err)
		return
	}
	refused := actions.Refusal(err)
	r.refusals.Add(refused.Code)
	r.tell("exception", "", gateway.RefusedOf(refused))
}
