// Readers are raw sockets that stop reading while a lot is said in their room. The server must close such a
// socket within its limits. If the socket reads again in time, the server must not have left anything out.

package check

import (
	"bytes"
	"context"
	"errors"
	"math/rand/v2"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"

	"parley/chat"
	"parley/client"
)

const (
	readers = 2 // at the same time

	// loudCharacters make a message of 12 KB, and of twice that with its HTML: they are characters of 4
	// bytes, each of which the server counts as one.
	loudCharacters = 3000
	loudBytes      = 2 * 4 * loudCharacters
	loudAtOnce     = 6
	probeEvery     = 20 * time.Millisecond
	// closedWithin is less than the 10 s after which the server closes a socket with a stalled write anyway.
	closedWithin = 3 * time.Second
	drainWithin  = time.Second // without a byte coming
	pauseMost    = 2500 * time.Millisecond
)

// reader is a raw socket with a session of its own.
type reader struct {
	run    *run
	ws     *websocket.Conn
	token  string
	socket int
}

// readAndStall opens one reader after another. Each stops reading in one of three ways.
func (r *run) readAndStall(ctx context.Context, random *rand.Rand) {
	for ctx.Err() == nil {
		way, volume := random.IntN(3), 1+random.IntN(12)
		pause := time.Duration(random.Int64N(int64(pauseMost)))
		if rd, err := r.openReader(ctx); err == nil {
			switch way {
			case 0:
				rd.stallUntilCutOff(ctx)
			case 1:
				rd.stallAndSignOut(ctx, volume)
			default:
				rd.stallAndReadOn(ctx, volume, pause)
			}
			rd.drain()
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
		}
	}
}

// openReader signs the loud user in once more, and opens a socket with small buffers and without a proxy. It
// reads the welcome and nothing else.
func (r *run) openReader(ctx context.Context) (*reader, error) {
	loud := r.crowd.users[r.crowd.loud.owner]
	address := *r.server.address.Load()
	token, err := client.SignIn(ctx, r.server.url(), loud.Name, password)
	if err != nil {
		return nil, err
	}
	dialer := websocket.Dialer{
		Subprotocols: []string{chat.Subprotocol}, HandshakeTimeout: answerWithin,
		NetDialContext: (&net.Dialer{Control: narrow}).DialContext,
	}
	header := http.Header{"Authorization": {"Bearer " + token}}
	ws, _, err := dialer.DialContext(ctx, "ws://"+address+"/ws", header)
	if err != nil {
		return nil, err
	}
	rd := &reader{run: r, ws: ws, token: token, socket: r.rec.opened(r.newClient(loud.ID))}
	if err := rd.read(answerWithin); err != nil {
		rd.end(err)
		return nil, err
	}
	return rd, nil
}

// read reads one frame.
func (rd *reader) read(within time.Duration) error {
	rd.ws.SetReadDeadline(time.Now().Add(within)) // fails only on a closed socket
	_, frame, err := rd.ws.ReadMessage()
	if err != nil {
		return err
	}
	for line := range bytes.SplitSeq(frame, []byte{'\n'}) {
		rd.run.rec.received(rd.socket, line)
	}
	return nil
}

// drain reads what is left for the socket, and closes it.
func (rd *reader) drain() {
	for {
		if err := rd.read(drainWithin); err != nil {
			rd.end(err)
			return
		}
	}
}

func (rd *reader) end(err error) {
	rd.run.rec.closed(rd.socket, err)
	rd.ws.Close() // the socket is over, whatever Close returns
}

// say posts a long message as the loud user over HTTP, several times at once. It returns how much was stored.
func (rd *reader) say(ctx context.Context) int {
	var stored atomic.Int64
	var saying sync.WaitGroup
	for range loudAtOnce {
		saying.Go(func() {
			if rd.run.sayLoud(ctx) == nil {
				stored.Add(loudBytes)
			}
		})
	}
	saying.Wait()
	return int(stored.Load())
}

func (r *run) sayLoud(ctx context.Context) error {
	err := r.post(ctx, r.crowd.loudClient, r.crowd.loud.owner, r.crowd.loud.ID, strings.Repeat("🔊", loudCharacters))
	var refusal *chat.Error
	if errors.As(err, &refusal) && refusal.RetryAfter > 0 {
		time.Sleep(time.Duration(refusal.RetryAfter) * time.Millisecond)
	}
	return err
}

// post posts a message over HTTP, directly at the server, as the client of a user of the crowd.
func (r *run) post(ctx context.Context, client, user int, room chat.RoomID, text string) error {
	ctx, cancel := context.WithTimeout(ctx, answerWithin)
	defer cancel()
	id := chat.NewClientID()
	draft := chat.Draft{ClientID: id, Body: id.String() + text}
	r.rec.change(func(h *History) {
		h.Sends = append(h.Sends, Send{
			Client: client, Room: room, ClientID: id, Body: digest(draft.Body), Queued: r.rec.now(), Alone: true,
		})
	})
	ended := r.rec.overHTTP(Ask{
		Client: client, Event: "message.send", Room: room, ClientID: id, Body: digest(draft.Body),
	})
	var sent chat.MessageSent
	err := r.call(ctx, user, http.MethodPost, messagesPath(room), draft, &sent)
	ended(sent, err)
	return err
}

// stallUntilCutOff posts so much that the server must close the socket.
func (rd *reader) stallUntilCutOff(ctx context.Context) {
	stall := rd.stall(fellBehind)
	for ctx.Err() == nil && stall.Bytes < enough && !rd.closed(&stall) {
		stall.Bytes += rd.say(ctx)
	}
	if ctx.Err() == nil {
		rd.awaitClosed(ctx, &stall)
	}
	rd.run.rec.change(func(h *History) { h.Stalls = append(h.Stalls, stall) })
}

// stallAndSignOut ends the session of a socket that does not read.
func (rd *reader) stallAndSignOut(ctx context.Context, volume int) {
	stall := rd.stall(signedOut)
	for range volume {
		stall.Bytes += rd.say(ctx)
	}
	if client.Call(ctx, rd.run.server.url(), rd.token, http.MethodPost, "/api/logout", nil, nil) == nil {
		rd.awaitClosed(ctx, &stall)
	}
	rd.run.rec.change(func(h *History) { h.Stalls = append(h.Stalls, stall) })
}

// stallAndReadOn reads again after a while. Everything that the server kept for the socket must come, without
// a hole.
func (rd *reader) stallAndReadOn(ctx context.Context, volume int, pause time.Duration) {
	for range volume {
		rd.say(ctx)
	}
	until := time.Now().Add(pause)
	for ctx.Err() == nil && time.Now().Before(until) {
		rd.say(ctx)
		if rd.read(drainWithin) != nil {
			return
		}
	}
}

func (rd *reader) stall(why string) Stall {
	return Stall{Socket: rd.socket, Began: rd.run.rec.now(), Why: why}
}

// closed notes whether the server has closed the socket, without reading from it: it sends something, which a
// closed connection answers with a reset.
func (rd *reader) closed(stall *Stall) bool {
	if stall.Closed == 0 && rd.ws.WriteControl(websocket.PongMessage, nil, time.Now().Add(answerWithin)) != nil {
		stall.Closed = rd.run.rec.now()
	}
	return stall.Closed > 0
}

// awaitClosed waits until the server has closed the socket, which is due now.
func (rd *reader) awaitClosed(ctx context.Context, stall *Stall) {
	stall.Due = rd.run.rec.now() + closedWithin
	for ctx.Err() == nil && !rd.closed(stall) && rd.run.rec.now() < stall.Due {
		time.Sleep(probeEvery)
	}
	if ctx.Err() != nil && stall.Closed == 0 {
		stall.Due = 0 // the check did not wait long enough to judge
	}
}
