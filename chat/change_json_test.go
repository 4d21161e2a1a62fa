package chat

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// filler sets every field of a value to something that is not its zero value, and never twice to the same number.
type filler struct{ n int64 }

func (f *filler) fill(t *testing.T, v reflect.Value) {
	t.Helper()
	f.n++
	switch kind := v.Kind(); {
	case v.Type() == reflect.TypeFor[ClientID]():
		v.Set(reflect.ValueOf(NewClientID()))
	case v.Type() == reflect.TypeFor[json.RawMessage]():
		v.SetBytes(fmt.Appendf(nil, `{"of":[%d,"<b>",1.50]}`, f.n))
	case kind == reflect.Int || kind == reflect.Int64:
		v.SetInt(1<<40 + f.n)
	case kind == reflect.Bool:
		v.SetBool(true)
	case kind == reflect.String:
		v.SetString(fmt.Sprintf("<b>小明 & \"%d\"</b>\u2028\ufffd\n\\", f.n))
	case kind == reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		f.fill(t, v.Elem())
	case kind == reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		f.fill(t, v.Index(0))
		f.fill(t, v.Index(1))
	case kind == reflect.Struct:
		for i := range v.NumField() {
			f.fill(t, v.Field(i))
		}
	default:
		t.Fatalf("no value for a %s", v.Type())
	}
}

// filledData is the data of an event with all fields set.
func (f *filler) filledData(t *testing.T, event string) any {
	t.Helper()
	data := reflect.New(reflect.TypeOf(ServerEvents[event])).Elem()
	f.fill(t, data)
	return data.Interface()
}

// filledChange is a change with all fields set, those too that this test does not know.
func (f *filler) filledChange(t *testing.T, event, delta string) (c Change) {
	t.Helper()
	v := reflect.ValueOf(&c).Elem()
	for i := range v.NumField() {
		if name := v.Type().Field(i).Name; name != "Event" && name != "Data" && name != "Delta" {
			f.fill(t, v.Field(i))
		}
	}
	c.Event, c.Data = event, f.filledData(t, event)
	d := reflect.ValueOf(&Delta{}).Elem()
	for i := range d.NumField() {
		if name := d.Type().Field(i).Name; name != "Event" && name != "Data" {
			f.fill(t, d.Field(i))
		}
	}
	c.Delta = d.Addr().Interface().(*Delta)
	c.Delta.Event, c.Delta.Data = delta, f.filledData(t, delta)
	return c
}

// same compares two changes, and the lines that sockets get of them byte for byte.
func same(t *testing.T, got, want Change) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s: got %+v, want %+v", want.Event, got, want)
	}
	gotLine, gotErr := Encode(got.Event, "", got.Data)
	wantLine, wantErr := Encode(want.Event, "", want.Data)
	if gotErr != nil || wantErr != nil || !bytes.Equal(gotLine, wantLine) {
		t.Errorf("%s: got the line %s (%v), want %s (%v)", want.Event, gotLine, gotErr, wantLine, wantErr)
	}
}

func TestEveryChangeTravelsWhole(t *testing.T) {
	t.Parallel()
	var f filler
	var want []Change
	for _, event := range slices.Sorted(maps.Keys(ServerEvents)) {
		filled := f.filledChange(t, event, "reaction.changed")
		empty := Change{Event: event, Data: ServerEvents[event]}
		lists := Change{Event: event, Data: withEmptyLists(ServerEvents[event])}
		want = append(want, filled, empty, lists)
	}
	for _, event := range slices.Sorted(maps.Keys(ServerEvents)) {
		want = append(want, f.filledChange(t, "message.changed", event))
	}
	want = append(want, Change{Lost: true})
	data, err := EncodeChanges(want)
	if err != nil {
		t.Fatal(err)
	}
	got, err := DecodeChanges(data, nil)
	if err != nil || len(got) != len(want) {
		t.Fatalf("got %d changes and %v, want %d", len(got), err, len(want))
	}
	for i := range want {
		if lists := i < 3*len(ServerEvents) && i%3 == 2; lists { // an empty list may come back as none where both are left out
			gotLine, _ := Encode(got[i].Event, "", got[i].Data)
			wantLine, _ := Encode(want[i].Event, "", want[i].Data)
			if !bytes.Equal(gotLine, wantLine) {
				t.Errorf("got %s, want %s", gotLine, wantLine)
			}
			continue
		}
		same(t, got[i], want[i])
	}
}

// withEmptyLists is a value whose lists are empty ones instead of none.
func withEmptyLists(of any) any {
	v := reflect.New(reflect.TypeOf(of)).Elem()
	var set func(v reflect.Value)
	set = func(v reflect.Value) {
		switch v.Kind() {
		case reflect.Struct:
			for i := range v.NumField() {
				set(v.Field(i))
			}
		case reflect.Slice:
			v.Set(reflect.MakeSlice(v.Type(), 0, 0))
		}
	}
	set(v)
	return v.Interface()
}

func TestOnlyWantedChangesAreRead(t *testing.T) {
	t.Parallel()
	all := []Change{
		{Event: "room.removed", Data: RoomRemoved{RoomID: 1}, Room: 1, User: 7},
		{Event: "message.added", Data: MessageAdded{}, Room: 2},
		{Event: "server.changed", Data: ServerChanged{}},
		{Event: "session.ended", Data: SessionEnded{}, User: 7},
		{Lost: true},
	}
	data, err := EncodeChanges(all)
	if err != nil {
		t.Fatal(err)
	}
	// What nobody wants may hold what this version does not know.
	data = bytes.Replace(data, []byte(`"message.added"`), []byte(`"message.sung"`), 1)
	var asked [][2]int64
	got, err := DecodeChanges(data, func(room RoomID, user UserID) bool {
		asked = append(asked, [2]int64{int64(room), int64(user)})
		return room == 0
	})
	if err != nil || len(got) != 3 {
		t.Fatalf("got %+v and %v", got, err)
	}
	for i, want := range []Change{all[2], all[3], all[4]} {
		same(t, got[i], want)
	}
	if want := [][2]int64{{1, 7}, {2, 0}, {0, 7}}; !slices.Equal(asked, want) {
		t.Errorf("asked about %v, want %v", asked, want)
	}
	if got, err := DecodeChanges(data, nil); err == nil || !strings.Contains(err.Error(), "message.sung") || got != nil {
		t.Errorf("an event that nobody knows: got %v and %v", got, err)
	}
}

func TestWhatCouldNotBeReadBackIsNotSent(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]Change{
		"an unknown event": {Event: "message.sung", Data: MessageAdded{}},
		"another type":     {Event: "message.added", Data: RoomChanged{}},
		"a pointer":        {Event: "message.added", Data: &MessageAdded{}},
		"no data":          {Event: "message.added"},
		"no event":         {Data: MessageAdded{}},
		"a strange delta":  {Event: "message.added", Data: MessageAdded{}, Delta: &Delta{Event: "message.sung"}},
	} {
		if _, err := EncodeChanges([]Change{c}); err == nil {
			t.Errorf("%s: got no error", name)
		}
	}
	for _, text := range []string{
		"\n", "{}\n", "1 {}\n", "1 2\n", "1 2 \n", "1 2 {}", "x 2 {}\n", "1 x {}\n", "1 2 {}\n3", "1 2 {} {}\n", "1 2 []\n",
		`1 2 {"event":"message.added"}` + "\n", `1 2 {"data":{}}` + "\n", `1 2 {"event":"message.added","data":[]}` + "\n",
		`1 2 {"delta":{"event":"x","data":{}}}` + "\n",
	} {
		if got, err := DecodeChanges([]byte(text), nil); err == nil {
			t.Errorf("%q: got %+v", text, got)
		}
	}
	for _, text := range []string{"", "1 2 {}\n", `0 0 {"later":[1]}` + "\n"} {
		if _, err := DecodeChanges([]byte(text), nil); err != nil {
			t.Errorf("%q: got %v", text, err)
		}
	}
}

func FuzzDecodeChanges(f *testing.F) {
	for event, data := range ServerEvents {
		text, err := EncodeChanges([]Change{{
			Event: event, Data: data, Room: 1, User: 2, Delta: &Delta{Event: event, Data: data}, About: &Room{ID: 1},
			Ended: []SessionID{"s"},
		}})
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Add([]byte("0 0 {\"lost\":true}\n0 0 {\"delta\":{}}\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		changes, err := DecodeChanges(text, nil)
		if err != nil {
			return
		}
		again, err := EncodeChanges(changes)
		if err != nil {
			t.Fatalf("%s was read and cannot be written: %v", text, err)
		}
		back, err := DecodeChanges(again, nil)
		if err != nil || len(back) != len(changes) {
			t.Fatalf("%s: got %d changes and %v, want %d", again, len(back), err, len(changes))
		}
		for i := range changes {
			got, gotErr := Encode(back[i].Event, "", back[i].Data)
			want, wantErr := Encode(changes[i].Event, "", changes[i].Data)
			if gotErr != nil || wantErr != nil || !bytes.Equal(got, want) {
				t.Fatalf("got %s, want %s", got, want)
			}
		}
	})
}

// benchmarked are 100 messages in 100 rooms.
func benchmarked() (changes []Change) {
	for i := range 100 {
		changes = append(changes, Change{
			Event: "message.added", Room: RoomID(i + 1), Heads: Heads{Seq: 5, Rev: 6, Meta: 7},
			Data: MessageAdded{Message: Message{
				RoomID: RoomID(i + 1), Seq: 5, Rev: 6, AuthorID: 8, ClientID: NewClientID(), CreatedAt: 1796000000000,
				Body: strings.Repeat("a word ", 20),
			}},
		})
	}
	return changes
}

func BenchmarkEncodeChanges(b *testing.B) {
	changes := benchmarked()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := EncodeChanges(changes); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkDecodeChanges(b *testing.B) {
	data, err := EncodeChanges(benchmarked())
	if err != nil {
		b.Fatal(err)
	}
	for name, wants := range map[string]func(RoomID, UserID) bool{
		"all": nil, "none": func(RoomID, UserID) bool { return false },
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(data)))
			for b.Loop() {
				if _, err := DecodeChanges(data, wants); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
