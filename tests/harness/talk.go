package harness

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"testing"

	"parley/chat"
)

// Unlimited lets a test post as fast as it can, with a log that stays short.
var Unlimited = []string{"--messages-per-second=100000", "--messages-burst=100000", "--log-level=error"}

// Said writes where a message is and what it says.
func Said(room chat.RoomID, seq int64, body string) string {
	return fmt.Sprintf("%d/%d %s", room, seq, body)
}

// Sends posts a message, and gives an error for anything but an acknowledgement. Any goroutine may call it.
func (who *Person) Sends(send chat.MessageSend) (sent chat.MessageSent, err error) {
	body, err := json.Marshal(send.Draft)
	if err != nil {
		return sent, err
	}
	req, err := http.NewRequest(http.MethodPost, who.P.URL+MessagesPath(send.RoomID), bytes.NewReader(body))
	if err != nil {
		return sent, err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Origin", who.Origin)
	resp, err := who.Client.Do(req)
	if err != nil {
		return sent, err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusCreated {
		return sent, errors.New(resp.Status)
	}
	return sent, json.NewDecoder(resp.Body).Decode(&sent)
}

// Log lists all that was said in rooms, newest first, after checking that the numbers have no holes.
func (who *Person) Log(t testing.TB, rooms ...chat.RoomID) []string {
	t.Helper()
	var all []string
	for _, room := range rooms {
		page := who.History(t, room, "?limit=100")
		for next := page.Seq; next > 0; page = who.History(t, room, fmt.Sprintf("?limit=100&before=%d", next+1)) {
			if len(page.Messages) == 0 {
				t.Fatalf("room %d: %d and what is before it are missing", room, next)
			}
			for _, m := range slices.Backward(page.Messages) {
				if m.Seq != next {
					t.Fatalf("room %d: got %d, want %d", room, m.Seq, next)
				}
				all = append(all, Said(room, m.Seq, m.Body))
				next--
			}
		}
	}
	return all
}

// SignsIn signs in a person who has an account from an earlier server on the same data.
func (p *Program) SignsIn(t testing.TB, name string) *Person {
	t.Helper()
	return (&Person{P: p, Name: name}).Device(t)
}
