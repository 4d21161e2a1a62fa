// Requests: what a program can ask of the server, over the socket and over HTTP.

package client

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"parley/chat"
)

// maxAnswer is the limit for an answer over HTTP, in bytes.
const maxAnswer = 32 << 20

// SignIn starts a session and returns its token. The error is a *chat.Error when the name or the password is
// wrong.
func SignIn(ctx context.Context, server, name, password string) (token string, err error) {
	var in chat.SignedIn
	login := chat.Login{Name: name, Password: password, Token: true}
	err = Call(ctx, server, "", http.MethodPost, "/api/login", login, &in)
	return in.Token, err
}

// Call makes an HTTP request of docs/protocol.md, like the method of Client, but without a client. token may
// be empty for requests that need no session.
func Call(ctx context.Context, server, token, method, path string, in, out any) error {
	at, err := serverURL(server)
	if err != nil {
		return err
	}
	return call(ctx, http.DefaultClient, at, token, method, path, in, out)
}

// Request sends a request over the socket and decodes the reply into out, unless out is nil. The error is a
// *chat.Error when the server refused; it wraps ErrOffline when nothing was sent, and ErrUnknown when the
// answer did not come. While the server refuses it for coming too fast, Request waits and sends it again, until
// ctx ends.
func (c *Client) Request(ctx context.Context, event string, in, out any) error {
	s := c.current()
	if s == nil {
		return ErrOffline
	}
	return s.askInTime(ctx, event, in, out)
}

func ask[Out any](ctx context.Context, c *Client, event string, in any) (out Out, err error) {
	err = c.Request(ctx, event, in, &out)
	return out, err
}

// Edit replaces the text of one of the caller's own messages. It fails as Request does, and so do the methods
// below. All of them may be repeated without harm.
func (c *Client) Edit(
	ctx context.Context, room chat.RoomID, seq int64, body string,
) (chat.MessageSent, error) {
	return ask[chat.MessageSent](ctx, c, "message.edit", chat.MessageEdit{RoomID: room, Seq: seq, Body: body})
}

// Delete turns one of the caller's own messages into a tombstone.
func (c *Client) Delete(ctx context.Context, room chat.RoomID, seq int64) (chat.MessageSent, error) {
	return ask[chat.MessageSent](ctx, c, "message.delete", chat.MessageAt{RoomID: room, Seq: seq})
}

// React adds the caller's reaction to a message.
func (c *Client) React(
	ctx context.Context, room chat.RoomID, seq int64, emoji string,
) (chat.MessageSent, error) {
	in := chat.ReactionAt{RoomID: room, Seq: seq, Emoji: emoji}
	return ask[chat.MessageSent](ctx, c, "reaction.add", in)
}

// Unreact takes the caller's reaction away.
func (c *Client) Unreact(
	ctx context.Context, room chat.RoomID, seq int64, emoji string,
) (chat.MessageSent, error) {
	in := chat.ReactionAt{RoomID: room, Seq: seq, Emoji: emoji}
	return ask[chat.MessageSent](ctx, c, "reaction.remove", in)
}

// Message loads one message of a room over HTTP, as it is now. It fails as Call does; when there is no message
// at that place, the error is a *chat.Error with the code not_found.
func (c *Client) Message(ctx context.Context, room chat.RoomID, seq int64) (chat.Message, error) {
	var page chat.Page
	path := fmt.Sprintf("/api/rooms/%d/messages?around=%d&limit=1", room, seq)
	if err := c.Call(ctx, http.MethodGet, path, nil, &page); err != nil {
		return chat.Message{}, err
	}
	if len(page.Messages) == 0 || page.Messages[0].Seq != seq {
		return chat.Message{}, chat.Errorf(chat.NotFound, "there is no such message")
	}
	return page.Messages[0], nil
}

// Join makes the caller a member of a public room.
func (c *Client) Join(ctx context.Context, room chat.RoomID) (chat.RoomState, error) {
	return ask[chat.RoomState](ctx, c, "room.join", chat.RoomAt{RoomID: room})
}

// Leave ends the caller's membership of a room.
func (c *Client) Leave(ctx context.Context, room chat.RoomID) error {
	return c.Request(ctx, "room.leave", chat.RoomAt{RoomID: room}, nil)
}

// MarkRead sets how far the caller has read a room. It may also move back.
func (c *Client) MarkRead(ctx context.Context, room chat.RoomID, seq int64) (chat.ReadMoved, error) {
	return ask[chat.ReadMoved](ctx, c, "room.read", chat.RoomRead{RoomID: room, ReadSeq: seq})
}

// SetFavorite makes a room one of the caller's favorites, or no more.
func (c *Client) SetFavorite(
	ctx context.Context, room chat.RoomID, favorite bool,
) (chat.FavoriteChanged, error) {
	event := "favorite.add"
	if !favorite {
		event = "favorite.remove"
	}
	return ask[chat.FavoriteChanged](ctx, c, event, chat.RoomAt{RoomID: room})
}

// Call makes an HTTP request of docs/protocol.md, for example Call(ctx, "GET", "/api/rooms", nil, &rooms).
// The error is a *chat.Error when the server refused. After any other error the outcome is unknown. While the
// server refuses the request for coming too fast or being too busy, Call waits as long as the server says, up to half
// a minute, and sends it again, until ctx ends.
func (c *Client) Call(ctx context.Context, method, path string, in, out any) error {
	return inTime(ctx, func() error { return call(ctx, c.http, c.server, c.bearer(), method, path, in, out) })
}

func call(
	ctx context.Context, with *http.Client, server *url.URL, token, method, path string, in, out any,
) error {
	var body io.Reader
	if in != nil {
		encoded, err := json.Marshal(in)
		if err != nil {
			return err
		}
		body = bytes.NewReader(encoded)
	}
	req, err := http.NewRequestWithContext(ctx, method, strings.TrimSuffix(server.String(), "/")+path, body)
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	resp, err := with.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	if err != nil {
		return err
	}
	if resp.StatusCode >= http.StatusBadRequest {
		refusal := &chat.Error{}
		if json.Unmarshal(answer, refusal) == nil && refusal.Code != "" {
			return refusal
		}
		return fmt.Errorf("%s %s: %s", method, path, resp.Status)
	}
	if out == nil || len(answer) == 0 {
		return nil
	}
	return json.Unmarshal(answer, out)
}

func serverURL(text string) (*url.URL, error) {
	at, err := url.Parse(text)
	if err != nil {
		return nil, err
	}
	if at.Scheme != "http" && at.Scheme != "https" || at.Host == "" {
		return nil, fmt.Errorf("%q is no server's address: want one like https://chat.example.com", text)
	}
	return at, nil
}
