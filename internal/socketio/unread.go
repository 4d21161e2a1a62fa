// What waits to be read: the frames of all sessions count in one total, and the session for which the most waits is
// ended when that is full.

package socketio

import (
	"net/http"
	"time"
)

// hold counts frames that begin to wait for one more client. The data of a packet for many counts once.
func (e *Engine) hold(frames []frame) {
	if e.config.Unread == nil {
		return
	}
	bytes := frameCost * len(frames)
	for _, f := range frames {
		if f.holders == nil || f.holders.Add(1) == 1 {
			bytes += len(f.data)
		}
	}
	e.config.Unread.Add(bytes)
}

// release counts frames no more that hold has counted for a client.
func (e *Engine) release(frames []frame) {
	if e.config.Unread == nil {
		return
	}
	bytes := frameCost * len(frames)
	for _, f := range frames {
		if f.holders == nil || f.holders.Add(-1) == 0 {
			bytes += len(f.data)
		}
	}
	e.config.Unread.Add(-bytes)
}

// relieve has the slowest ended when more waits than may. The caller must hold no Session.mu.
func (e *Engine) relieve() {
	if e.config.Unread != nil {
		e.config.Unread.Relieve()
	}
}

// waitLocked adds frames to those that wait.
func (s *Session) waitLocked(frames ...frame) {
	s.engine.hold(frames)
	s.waiting = append(s.waiting, frames...)
}

// dropLocked drops the frames that wait.
func (s *Session) dropLocked() {
	s.engine.release(s.waiting)
	s.waiting, s.bytes = nil, 0
}

// copiedLocked counts a copy of frames that is about to be written. The frames themselves may go.
func (s *Session) copiedLocked(bytes int) {
	if s.copied += bytes; s.engine.config.Unread != nil {
		s.engine.config.Unread.Add(bytes)
	}
}

// writtenLocked counts the copy no more, since it is written or given up.
func (s *Session) writtenLocked() {
	bytes := s.copied
	s.copied, s.answer = 0, nil
	if s.engine.config.Unread != nil {
		s.engine.config.Unread.Add(-bytes)
	}
	if s.phase == over {
		s.leaveLocked()
	}
}

func (s *Session) written() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.writtenLocked()
}

// leaveLocked has a session that is over not be cut any more, once nothing is being written to its client.
func (s *Session) leaveLocked() {
	if s.copied == 0 && s.engine.config.Unread != nil {
		s.engine.config.Unread.Leave(s)
	}
}

// writes notes that an answer to a poll, made of frames, is about to be written. It returns the function that sets
// the deadline of each write: once the session is cut, every write fails.
func (s *Session) writes(control *http.ResponseController, frames []frame, bytes int) (setDeadline func(time.Time) error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.engine.release(frames)
	s.copiedLocked(bytes)
	s.answer = func() { control.SetWriteDeadline(time.Unix(1, 0)) } // when it fails the connection is over
	return func(at time.Time) error {
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.givenUp {
			at = time.Unix(1, 0)
		}
		return control.SetWriteDeadline(at)
	}
}

// Waiting returns how many bytes wait for the client, or are being written; package budget calls it.
func (s *Session) Waiting() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return max(s.bytes, s.copied)
}

// CutSlow ends the session, since more waits for it than for others; package budget calls it.
func (s *Session) CutSlow() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.givenUp = true; s.answer != nil {
		s.answer()
	}
	if s.phase == alive {
		s.endLocked(Slow, false)
		return
	}
	s.dropLocked()
	s.cutLocked()
}
