package socketio

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

// The examples are those in the text of the protocol.
func TestPacketsAreReadAsTheProtocolSays(t *testing.T) {
	for text, want := range map[string]string{
		`0`:                        `0 / {}`,
		`0{"token":"123"}`:         `0 / {"token":"123"}`,
		`0/admin,`:                 `0 /admin {}`,
		`0/admin`:                  `0 /admin {}`,
		`0/admin,{"sid":"oSO0Op"}`: `0 /admin {"sid":"oSO0Op"}`,
		`2["foo"]`:                 `2 / foo []`,
		`2/admin,["bar"]`:          `2 /admin bar []`,
		`51-["baz",{"_placeholder":true,"num":0}]`:                                              `2 / baz [{"_placeholder":true,"num":0}] +1`,
		`52-/admin,["baz",{"_placeholder":true,"num":0},{"x":[{"_placeholder":true,"num":1}]}]`: `2 /admin baz [{"_placeholder":true,"num":0} {"x":[{"_placeholder":true,"num":1}]}] +2`,
		`212["foo"]`:              `2 / #12 foo []`,
		`312[]`:                   `3 / #12  []`,
		`2/admin,13["foo", 1,{}]`: `2 /admin #13 foo [1 {}]`,
		`3/admin,13["bar"]`:       `3 /admin #13  ["bar"]`,
		`61-15["bar",{"_placeholder":true,"num":0}]`: `3 / #15  ["bar" {"_placeholder":true,"num":0}] +1`,
		`1`:        `1 /`,
		`1/admin,`: `1 /admin`,
		`50-["a"]`: `2 / a []`,
		`2["小明"]`:  `2 / 小明 []`,
	} {
		m, err := decodeMessage([]byte(text))
		got := fmt.Sprintf("%c %s", m.kind, m.namespace)
		if m.hasID {
			got += fmt.Sprintf(" #%d", m.id)
		}
		switch m.kind {
		case kindConnect:
			got += " " + string(m.auth)
		case kindEvent, kindAck:
			got += fmt.Sprintf(" %s %s", m.event, m.data.Args)
		}
		if m.attachments > 0 {
			got += fmt.Sprintf(" +%d", m.attachments)
		}
		if err != nil || got != want {
			t.Errorf("%s: got %s %v, want %s", text, got, err, want)
		}
	}
}

// malformed lists texts that no correct client sends.
var malformed = []string{
	"", "7", "abc", "9[]",
	"0[]", "0null", `0"x"`, "0{", "0{}}", "0/a,x",
	"1{}", "1/a,[]",
	"2", "2{}", "2[]", "2null", "2[1]", "2[null]", `2["a"`, `2["a"]]`, `2["a",]`, `2abc["a"]`, `2-1["a"]`,
	`2["connect"]`, `2["disconnect"]`, `2["connect_error"]`, `2["disconnecting"]`, `2["newListener"]`,
	`2["removeListener"]`, `299999999999999999999["a"]`,
	"3", "3[]", "31", "31{}", "31null",
	"4", `4{"message":"x"}`,
	"5", `5["a"]`, `5-["a"]`, `5x-["a"]`, `5+1-["a"]`, `51["a"]`, `511-["a"]`, `599999999999999999999-["a"]`, "51-", "51-{}",
	`51-["a",{"_placeholder":true,"num":1}]`, `51-["a",{"_placeholder":true,"num":-1}]`,
	`51-["a",{"_placeholder":true}]`, `51-["a",{"_placeholder":true,"num":"0"}]`,
	`51-["a",[{"x":{"_placeholder":true,"num":0.5}}]]`, `51-["a",{"_placeholder":true,"num":1e300}]`,
	"6", "61-[]", `61-1[{"_placeholder":true,"num":2}]`,
	`2["a",` + strings.Repeat("[", 20000) + strings.Repeat("]", 20000) + "]",
}

func TestMalformedPacketsAreNotRead(t *testing.T) {
	for _, text := range malformed {
		if m, err := decodeMessage([]byte(text)); err == nil {
			t.Errorf("%.60s: got %v", text, m)
		}
	}
}

func TestPacketsAreWrittenAsTheProtocolSays(t *testing.T) {
	data, err := Values("小明", 1, []bool{true}, nil)
	if err != nil {
		t.Fatal(err)
	}
	place := Data{[]json.RawMessage{json.RawMessage(`{"_placeholder":true,"num":0}`)}, [][]byte{{1, 2}}}
	for _, c := range []struct {
		head  head
		event string
		data  Data
		want  string
	}{
		{head{kind: kindEvent, namespace: "/"}, "foo", Data{}, `42["foo"]`},
		{head{kind: kindEvent, namespace: "/admin"}, `a"b`, data, `42/admin,["a\"b","小明",1,[true],null]`},
		{head{kindEvent, "/admin", 13, true}, "foo", Data{}, `42/admin,13["foo"]`},
		{head{kindAck, "/", 0, true}, "", Data{}, `430[]`},
		{head{kindAck, "/", 12, true}, "", data, `4312["小明",1,[true],null]`},
		{head{kind: kindEvent, namespace: "/"}, "baz", place, `451-["baz",{"_placeholder":true,"num":0}]` + "\x1ebAQI="},
		{head{kindAck, "/admin", 15, true}, "", place, `461-/admin,15[{"_placeholder":true,"num":0}]` + "\x1ebAQI="},
	} {
		if got := string(appendBody(nil, c.head.frames(c.event, c.data))); got != c.want {
			t.Errorf("got %s, want %s", got, c.want)
		}
	}
	if got := string(head{kind: kindDisconnect, namespace: "/admin"}.frame(nil).data); got != "41/admin," {
		t.Error(got)
	}
	if _, err := Values(func() {}); err == nil {
		t.Error("a function has no JSON")
	}
}

// FuzzMessage decodes a packet, encodes it again, and compares.
func FuzzMessage(f *testing.F) {
	for _, seed := range append(malformed, `0/admin,{"a":1}`, `212["foo",{"a":[1]}]`, `3/admin,13["bar"]`,
		`52-/admin,7["baz",{"_placeholder":true,"num":1}]`, `61-15[{"_placeholder":true,"num":0}]`) {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		m, err := decodeMessage(text)
		if err != nil || m.kind != kindEvent && m.kind != kindAck {
			return
		}
		m.data.Attachments = make([][]byte, m.attachments)
		written := head{m.kind, m.namespace, m.id, m.hasID}.frames(m.event, m.data)[0].data
		again, err := decodeMessage(written[1:])
		if err != nil || again.kind != m.kind || again.namespace != m.namespace || again.id != m.id ||
			again.hasID != m.hasID || again.event != m.event || again.attachments != m.attachments ||
			len(again.data.Args) != len(m.data.Args) {
			t.Fatalf("%q was written as %q: %v %v", text, written, again, err)
		}
		for i, arg := range m.data.Args {
			if !bytes.Equal(arg, again.data.Args[i]) {
				t.Fatalf("%q became %q", arg, again.data.Args[i])
			}
		}
	})
}
