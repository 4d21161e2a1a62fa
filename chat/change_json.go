// Changes as lines of JSON: how the nodes of one server tell each other what was committed. Clients never see them.

package chat

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"
)

// changeRest is a Change without Room and User. D is any for a change that is written, and json.RawMessage for one that
// is read, since the type of the data follows from the event.
type changeRest[D any] struct {
	Event      string        `json:"event,omitempty"`
	Data       D             `json:"data,omitempty"`
	Delta      *deltaRest[D] `json:"delta,omitempty"`
	Heads      Heads         `json:"heads"`
	About      *Room         `json:"about,omitempty"`
	UserRev    int64         `json:"user_rev,omitempty"`
	Directory  int64         `json:"directory,omitempty"`
	Membership Membership    `json:"membership,omitempty"`
	Ended      []SessionID   `json:"ended,omitempty"`
	EndCode    int           `json:"end_code,omitempty"`
	Lost       bool          `json:"lost,omitempty"`
}

// deltaRest is a Delta.
type deltaRest[D any] struct {
	Event string `json:"event"`
	Data  D      `json:"data,omitempty"`
}

// EncodeChanges writes each change as a line: its room, its user and a JSON object with the rest. Whoever serves neither
// the room nor the user skips the line without reading the JSON. It refuses an event that is not in ServerEvents, and
// data of another type than the event has there: nobody could read them back.
func EncodeChanges(changes []Change) ([]byte, error) {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false) // as Encode
	for i := range changes {
		c := &changes[i]
		if err := checkData(c.Event, c.Data); err != nil {
			return nil, err
		}
		rest := changeRest[any]{
			Event: c.Event, Data: c.Data, Heads: c.Heads, About: c.About, UserRev: c.UserRev, Directory: c.Directory,
			Membership: c.Membership, Ended: c.Ended, EndCode: c.EndCode, Lost: c.Lost,
		}
		if d := c.Delta; d != nil {
			if err := checkData(d.Event, d.Data); err != nil {
				return nil, err
			}
			rest.Delta = &deltaRest[any]{Event: d.Event, Data: d.Data}
		}
		fmt.Fprintf(&buf, "%d %d ", c.Room, c.User)
		if err := enc.Encode(&rest); err != nil { // ends the line, and escapes every other end of a line
			return nil, err
		}
	}
	return buf.Bytes(), nil
}

// DecodeChanges reads what EncodeChanges wrote. It asks wants about each change that has a room, a user or both, and
// leaves out those that are not wanted without reading what is in them; a nil wants wants all. Changes with neither
// are for everybody and always come. Data has the type that ServerEvents names for the event, by value.
//
// Fields that this version does not know are ignored, since the nodes of a server may be of two versions. A change that
// is wanted and whose event this version does not know is an error, and then there are no changes at all.
func DecodeChanges(data []byte, wants func(room RoomID, user UserID) bool) ([]Change, error) {
	var changes []Change
	for n := 1; len(data) > 0; n++ {
		line, after, ended := bytes.Cut(data, []byte{'\n'})
		room, user, text, ok := cutIDs(line)
		if !ok || !ended {
			return nil, fmt.Errorf("change %d is not a line with a room, a user and JSON", n)
		}
		data = after
		if wants != nil && (room != 0 || user != 0) && !wants(room, user) {
			continue
		}
		c, err := decodeChange(text)
		if err != nil {
			return nil, fmt.Errorf("change %d: %w", n, err)
		}
		c.Room, c.User = room, user
		changes = append(changes, c)
	}
	return changes, nil
}

// cutIDs cuts the room and the user off the beginning of a line.
func cutIDs(line []byte) (room RoomID, user UserID, rest []byte, ok bool) {
	first, rest, _ := bytes.Cut(line, []byte{' '})
	second, rest, ok := bytes.Cut(rest, []byte{' '})
	if !ok {
		return 0, 0, nil, false
	}
	r, roomErr := strconv.ParseInt(string(first), 10, 64)
	u, userErr := strconv.ParseInt(string(second), 10, 64)
	return RoomID(r), UserID(u), rest, roomErr == nil && userErr == nil
}

// decodeChange reads a change without its room and its user.
func decodeChange(text []byte) (c Change, err error) {
	var rest changeRest[json.RawMessage]
	if err := json.Unmarshal(text, &rest); err != nil {
		return c, err
	}
	c = Change{
		Event: rest.Event, Heads: rest.Heads, About: rest.About, UserRev: rest.UserRev, Directory: rest.Directory,
		Membership: rest.Membership, Ended: rest.Ended, EndCode: rest.EndCode, Lost: rest.Lost,
	}
	if c.Data, err = decodeData(rest.Event, rest.Data); err != nil {
		return c, err
	}
	if d := rest.Delta; d != nil {
		c.Delta = &Delta{Event: d.Event}
		if c.Delta.Data, err = decodeData(d.Event, d.Data); err != nil {
			return c, fmt.Errorf("delta: %w", err)
		}
	}
	return c, nil
}

// checkData refuses data that decodeData would not give back. A change that is Lost has no event and no data.
func checkData(event string, data any) error {
	if event == "" && data == nil {
		return nil
	}
	want, known := ServerEvents[event]
	if !known {
		return fmt.Errorf("no event is named %q", event)
	}
	if reflect.TypeOf(data) != reflect.TypeOf(want) {
		return fmt.Errorf("the data of %s is a %T, want a %T", event, data, want)
	}
	return nil
}

// decodeData reads the data of an event into a value of its type.
func decodeData(event string, data json.RawMessage) (any, error) {
	if event == "" && len(data) == 0 {
		return nil, nil
	}
	of, known := ServerEvents[event]
	if !known {
		return nil, fmt.Errorf("no event is named %q", event)
	}
	value := reflect.New(reflect.TypeOf(of))
	if err := json.Unmarshal(data, value.Interface()); err != nil {
		return nil, fmt.Errorf("data of %s: %w", event, err)
	}
	return value.Elem().Interface(), nil
}
