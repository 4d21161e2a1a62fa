package web

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/labstack/echo/v4"

	"parley/access"
	"parley/internal/budget"
	"parley/internal/listen"
)

// pipes is a listener whose connections hold nothing: each byte waits until it is read.
type pipes chan net.Conn

func (p pipes) Accept() (net.Conn, error) {
	conn, open := <-p
	if !open {
		return nil, net.ErrClosed
	}
	return conn, nil
}
func (p pipes) Close() error   { return nil }
func (p pipes) Addr() net.Addr { return &net.TCPAddr{} }

// getsOverPipes asks a server for an answer of so many bytes, reads its head with read, and tells how the handler ended.
func getsOverPipes(t *testing.T, bytesOfAnswer int, read func(net.Conn)) error {
	t.Helper()
	e := echo.New()
	e.JSONSerializer = plainJSON{budget.New(1 << 30), func(access.Caller, int) {}}
	s := &Server{addresses: newUnderWay[string](10, "an address")}
	e.Use(s.pace)
	ended := make(chan error, 1)
	e.GET("/", func(c echo.Context) error {
		start := time.Now()
		err := c.JSON(http.StatusOK, strings.Repeat("x", bytesOfAnswer))
		if took := time.Since(start); err != nil && took > writeWait+time.Second {
			t.Errorf("it was given up after %v", took)
		}
		ended <- err
		return err
	})
	listener := make(pipes, 1)
	server := listen.NewServer(e, listen.Bounds{All: 10, OfAddress: 10, OfPerson: 10})
	go server.Serve(listener)
	ours, theirs := net.Pipe()
	listener <- theirs
	io.WriteString(ours, "GET / HTTP/1.1\r\nHost: home\r\n\r\n")
	read(ours)
	ours.Close()
	err := <-ended
	close(listener)
	server.Close()
	return err
}

func TestAnAnswerThatNobodyReadsIsGivenUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		if err := getsOverPipes(t, 1<<20, func(net.Conn) { <-time.After(time.Minute) }); err == nil {
			t.Error("an answer that nobody read was written")
		}
	})
}

// A reader who takes a piece in 8 seconds gets everything, however long that is.
func TestASlowReaderGetsAll(t *testing.T) {
	const size = 20 * maxPiece
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		got := 0
		err := getsOverPipes(t, size, func(conn net.Conn) {
			resp, err := http.ReadResponse(bufio.NewReaderSize(conn, 16), nil)
			if err != nil {
				t.Error(err)
				return
			}
			piece := make([]byte, maxPiece/2)
			for got < int(resp.ContentLength) {
				<-time.After(4 * time.Second)
				n, err := io.ReadAtLeast(resp.Body, piece, min(len(piece), int(resp.ContentLength)-got))
				if got += n; err != nil {
					t.Errorf("after %d bytes: %v", got, err)
					return
				}
			}
		})
		if err != nil || got < size {
			t.Errorf("got %d of %d bytes in %v: %v", got, size, time.Since(start), err)
		}
		if took := time.Since(start); took < 2*time.Minute {
			t.Errorf("it took %v, too short a time to tell anything", took)
		}
	})
}
