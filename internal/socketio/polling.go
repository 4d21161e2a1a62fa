// The polling transport: a GET request waits for packets from the server, and a POST request brings packets
// to it.

package socketio

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"strconv"
	"time"
)

const (
	writeWait = 10 * time.Second // how long a client may take to accept maxPiece bytes
	maxPiece  = 16 << 10         // bytes of one piece
	bodyWait  = 30 * time.Second // how long a client may take to send a body

	// pollPackets is how many packets answer one poll. python-engineio drops its connection at a 17th, comes back,
	// and would be told the same again.
	pollPackets = 16

	// probedWait is how long a poll goes on waiting after the client has probed an upgrade. The client has to
	// get the answer to the probe first: after that it sends no other poll.
	probedWait = 50 * time.Millisecond
)

func (e *Engine) servePolling(w http.ResponseWriter, r *http.Request, sid string) error {
	s, err := e.session(sid)
	if err != nil {
		return err
	}
	if e.config.Request != nil {
		e.config.Request(s.handshake, r)
	}
	switch r.Method {
	case http.MethodGet:
		return s.servePoll(w, r)
	case http.MethodPost:
		return s.servePost(w, r)
	}
	return errMethod
}

// servePoll waits until there are packets for the client, and answers with them.
func (s *Session) servePoll(w http.ResponseWriter, r *http.Request) error {
	frames, ok := s.poll(r.Context())
	if !ok {
		return errRequest
	}
	body := appendBody(nil, frames)
	header := w.Header()
	header.Set("Content-Type", "text/plain; charset=UTF-8")
	header.Set("Content-Length", strconv.Itoa(len(body)))
	header.Set("Cache-Control", "no-store")
	control := http.NewResponseController(w)
	setDeadline := s.writes(control, frames, len(body))
	defer s.written()
	err := writePieces(w, setDeadline, body)
	if err == nil {
		err = control.Flush()
	}
	if err != nil {
		s.end(reasonOf(err), false)
		return nil
	}
	control.SetWriteDeadline(time.Time{}) // the deadline belongs to the connection, which other requests use
	s.mu.Lock()
	s.bytes -= cost(frames)
	s.mu.Unlock()
	return nil
}

// poll waits for frames, and takes those of one body. It returns false when the session accepts no poll.
func (s *Session) poll(ctx context.Context) ([]frame, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.polling {
		s.endLocked(Invalid, false) // one at a time, or the order is lost
		return nil, false
	}
	s.polling = true
	defer func() { s.polling = false }()
	var patience <-chan time.Time
	for {
		switch {
		case s.phase == over || s.link != nil:
			return nil, false
		case len(s.waiting) > 0:
			return s.nextBodyLocked(), true
		case s.probe != nil && s.probe.probed && patience == nil:
			patience = time.After(probedWait)
		}
		wake := make(chan struct{})
		s.wake = wake
		s.mu.Unlock()
		select {
		case <-wake:
			s.mu.Lock()
		case <-patience:
			s.mu.Lock()
			if len(s.waiting) == 0 && s.phase == alive && s.link == nil {
				s.pushLocked(textFrame(packetNoop, ""))
			}
		case <-ctx.Done():
			s.mu.Lock()
			s.polling = false
			s.endLocked(Lost, false)
			return nil, false
		}
	}
}

// nextBodyLocked takes the frames that answer a poll.
func (s *Session) nextBodyLocked() []frame {
	n := min(len(s.waiting), pollPackets)
	frames := s.waiting[:n:n]
	if s.waiting = s.waiting[n:]; len(s.waiting) > 0 {
		return frames
	}
	if s.waiting = nil; s.phase == ending {
		s.overLocked()
	}
	return frames
}

// servePost takes the packets of a body, one after another.
func (s *Session) servePost(w http.ResponseWriter, r *http.Request) error {
	s.mu.Lock()
	taken := s.phase == alive && s.link == nil
	if taken && s.posting {
		s.endLocked(Invalid, false) // one at a time, or the order is lost
		taken = false
	}
	s.posting = s.posting || taken
	s.mu.Unlock()
	if !taken {
		return errRequest
	}
	err := s.readBody(w, r)
	s.mu.Lock()
	s.posting = false
	s.mu.Unlock()
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/html")
	io.WriteString(w, "ok")
	return nil
}

func (s *Session) readBody(w http.ResponseWriter, r *http.Request) error {
	http.NewResponseController(w).SetReadDeadline(time.Now().Add(bodyWait))
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, int64(s.maxPayload())))
	if big := new(http.MaxBytesError); errors.As(err, &big) {
		s.end(Invalid, false)
		return errTooBig
	}
	if err != nil {
		s.end(Lost, false)
		return errRequest
	}
	for part := range bytes.SplitSeq(body, []byte{separator}) {
		p, err := decodePart(part)
		if err == nil {
			err = s.receive(p)
		}
		if err != nil {
			s.end(Invalid, false)
			return errRequest
		}
	}
	return nil
}
