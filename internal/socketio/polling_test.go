package socketio

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"
)

func TestRequestsThatOverlapEndTheSession(t *testing.T) {
	t.Parallel()
	under, release := make(chan struct{}), make(chan struct{})
	s, ends := startEngine(t, calm(), func(*Session, Message) error {
		under <- struct{}{}
		<-release
		return nil
	})
	query, _ := s.open()
	first := make(chan int)
	go func() {
		status, _ := s.ask(http.MethodPost, query, "4x")
		first <- status
	}()
	comes(t, under)
	if status, _ := s.ask(http.MethodPost, query, "4y"); status != http.StatusBadRequest {
		t.Error("the second post got", status)
	}
	close(release)
	comes(t, first)
	if end := comes(t, ends); end.reason != Invalid {
		t.Error(end.reason)
	}
	s.isOver(query)
}

// python-engineio reads at most 16 packets from one body, and takes any more for a broken server.
func TestAPollIsAnsweredWithAsManyPacketsAsEveryLibraryReads(t *testing.T) {
	t.Parallel()
	const packets = 40
	s, _ := startEngine(t, calm(), func(s *Session, m Message) error {
		for i := range packets {
			m.Data = strconv.AppendInt(nil, int64(i), 10)
			s.Send(m)
		}
		return nil
	})
	query, _ := s.open()
	s.posted(query, "4all")
	for i := 0; i < packets; {
		_, body := s.ask(http.MethodGet, query, "")
		parts := strings.Split(body, string(rune(separator)))
		if len(parts) > 16 {
			t.Fatal(len(parts), "packets in one body")
		}
		for _, part := range parts {
			if want := "4" + strconv.Itoa(i); part != want {
				t.Fatalf("got %q, want %q", part, want)
			}
			i++
		}
	}
}

func TestPayloadsAreBounded(t *testing.T) {
	t.Parallel()
	config := calm()
	config.MaxPayload = 100
	s, ends := startEngine(t, config, echo)
	fits := "4" + strings.Repeat("x", 99)
	query, _ := s.open()
	s.posted(query, fits)
	s.polled(query, fits)
	if status, _ := s.ask(http.MethodPost, query, fits+"x"); status != http.StatusRequestEntityTooLarge {
		t.Error("got", status)
	}
	if end := comes(t, ends); end.reason != Invalid {
		t.Error(end.reason)
	}
	p := s.connect()
	p.send(fits)
	p.wants(fits)
	p.send(fits + "x")
	p.wantsEnd()
	comes(t, ends)
}

// A client may send a body without its length, and may say that the body is compressed.
func TestBodiesAreBoundedWhateverTheirHeadersSay(t *testing.T) {
	t.Parallel()
	s, ends := startEngine(t, calm(), echo)
	query, _ := s.open()
	endless := io.MultiReader(strings.NewReader("4"), endlessly{'x'})
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://"+s.host+"/?"+query, endless)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := asker.Do(request)
	if err == nil { // the connection may also end while the client is still sending
		answer.Body.Close()
		if answer.StatusCode != http.StatusRequestEntityTooLarge {
			t.Error("without a length: got", answer.StatusCode)
		}
	}
	if end := comes(t, ends); end.reason != Invalid {
		t.Error("without a length:", end.reason)
	}
	var packed bytes.Buffer
	zip := gzip.NewWriter(&packed)
	io.WriteString(zip, "4"+strings.Repeat("x", 1<<20))
	zip.Close()
	query, _ = s.open()
	if answer := s.do(http.MethodPost, query, packed.String(), "Content-Encoding", "gzip"); answer.StatusCode != http.StatusBadRequest {
		t.Error("compressed: got", answer.StatusCode)
	}
	if end := comes(t, ends); end.reason != Invalid {
		t.Error("compressed:", end.reason)
	}
}

// endlessly reads as one byte, again and again without an end.
type endlessly struct{ of byte }

func (e endlessly) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = e.of
	}
	return len(p), nil
}

func TestABodyThatBreaksOffEndsTheSession(t *testing.T) {
	t.Parallel()
	s, ends := startEngine(t, calm(), echo)
	query, _ := s.open()
	body, half := io.Pipe()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://"+s.host+"/?"+query, body)
	if err != nil {
		t.Fatal(err)
	}
	go func() {
		io.WriteString(half, "4hel")
		half.CloseWithError(errors.New("the network is gone"))
	}()
	if answer, err := asker.Do(request); err == nil {
		answer.Body.Close()
	}
	if end := comes(t, ends); end.reason != Lost {
		t.Error(end.reason)
	}
}
