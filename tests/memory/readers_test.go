//go:build linux

package memory

import (
	"bufio"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"syscall"
	"time"

	"parley/chat"
)

// again is how long a reader holds an answer before it asks for the next.
const again = 6 * time.Second

// dial connects from the attackers' address, with the smallest buffer for what it does not read.
func dial(host string) (net.Conn, error) {
	dialer := net.Dialer{
		LocalAddr: &net.TCPAddr{IP: net.ParseIP(rememberedAs)}, Timeout: again,
		Control: func(_, _ string, c syscall.RawConn) (err error) {
			controlErr := c.Control(func(fd uintptr) { err = syscall.SetsockoptInt(int(fd), syscall.SOL_SOCKET, syscall.SO_RCVBUF, 1) })
			if err == nil {
				err = controlErr
			}
			return err
		},
	}
	return dialer.Dial("tcp", host)
}

// rest waits for a while, and tells whether the test is still on.
func rest(stop chan struct{}) bool {
	select {
	case <-stop:
		return false
	case <-time.After(again):
		return true
	}
}

// ignore makes a request and does not read the answer, again and again.
func ignore(host, request string, stop chan struct{}) {
	for on := true; on; on = rest(stop) {
		conn, err := dial(host)
		if err != nil {
			continue
		}
		defer conn.Close()
		io.WriteString(conn, request) // when it fails, the server has had enough of us
	}
}

// askForPages opens a socket and asks for pages on it without reading any.
func askForPages(host, upgrade string, room chat.RoomID, stop chan struct{}) {
	request := fmt.Sprintf(`{"event":"room.changes","id":"1","data":%s}`, changesOf(room))
	frame := []byte{0x81, 0x80 | 126}
	frame = binary.BigEndian.AppendUint16(frame, uint16(len(request)))
	frame = append(append(frame, 0, 0, 0, 0), request...) // masked with nothing
	for on := true; on; on = rest(stop) {
		conn, err := dial(host)
		if err != nil {
			continue
		}
		defer conn.Close()
		io.WriteString(conn, upgrade)
		for range 20 {
			conn.SetWriteDeadline(time.Now().Add(again))
			if _, err := conn.Write(frame); err != nil {
				break
			}
		}
	}
}

// pollAndIgnore opens a session of Socket.IO, asks for all that was missed, and does not read it.
func pollAndIgnore(host, token string, stop chan struct{}) {
	const path = "/socket.io/?EIO=4&transport=polling"
	client := &http.Client{Timeout: again, Transport: &http.Transport{
		DialContext: func(context.Context, string, string) (net.Conn, error) { return dial(host) },
	}}
	defer client.CloseIdleConnections()
	for on := true; on; on = rest(stop) {
		resp, err := client.Get("http://" + host + path)
		if err != nil {
			continue
		}
		text, err := bufio.NewReader(resp.Body).ReadString('}')
		resp.Body.Close()
		_, id, found := strings.Cut(text, `"sid":"`)
		if err != nil && !found {
			continue
		}
		id, _, _ = strings.Cut(id, `"`)
		address := path + "&sid=" + id
		body := strings.NewReader(fmt.Sprintf(`40{"token":%q,"since":1}`, token))
		if resp, err = client.Post("http://"+host+address, "text/plain;charset=UTF-8", body); err != nil {
			continue
		}
		resp.Body.Close()
		for range 3 { // one poll gets what there is so far
			conn, err := dial(host)
			if err != nil {
				break
			}
			defer conn.Close()
			io.WriteString(conn, "GET "+address+" HTTP/1.1\r\nHost: "+host+"\r\n\r\n")
			if !rest(stop) {
				return
			}
		}
	}
}
