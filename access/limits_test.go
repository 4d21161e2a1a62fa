package access

import (
	"math"
	"strings"
	"testing"
)

func TestLimitsThatCannotBeAreNamed(t *testing.T) {
	t.Parallel()
	good := Limits{
		MessageCharacters: 10_000, MessagesPerSecond: 10, MessagesBurst: 50, ReadsPerSecond: 100, SignInAttempts: 10, FrameBytes: 128 << 10,
		OutboxBytes: 1 << 20, SocketWrites: 64, Sockets: 20_000, SocketsPerUser: 32, SocketsPerAddress: 512,
	}
	if err := good.Check(); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name   string // of the limit that is refused; empty when all may be
		change func(*Limits)
	}{
		{"", func(l *Limits) { l.MessageCharacters, l.FrameBytes = 1, 1028 }},
		{"message-characters", func(l *Limits) { l.MessageCharacters, l.FrameBytes = 1, 1027 }},
		{"message-characters", func(l *Limits) { l.MessageCharacters = 0 }},
		{"message-characters", func(l *Limits) { l.MessageCharacters = -1 }},
		{"", func(l *Limits) { l.MessagesPerSecond = 0.001 }},
		{"messages-per-second", func(l *Limits) { l.MessagesPerSecond = 0.0009 }},
		{"messages-per-second", func(l *Limits) { l.MessagesPerSecond = math.NaN() }},
		{"", func(l *Limits) { l.MessagesBurst = 1 }},
		{"", func(l *Limits) { l.ReadsPerSecond = 0.001 }},
		{"reads-per-second", func(l *Limits) { l.ReadsPerSecond = 0 }},
		{"messages-burst", func(l *Limits) { l.MessagesBurst = 0 }},
		{"", func(l *Limits) { l.SignInAttempts = 1 }},
		{"sign-in-attempts", func(l *Limits) { l.SignInAttempts = 0 }},
		{"frame-bytes", func(l *Limits) { l.FrameBytes = 1023 }},
		{"", func(l *Limits) { l.FrameBytes = 1 << 20 }},
		{"frame-bytes", func(l *Limits) { l.FrameBytes = 1<<20 + 1 }},
		{"", func(l *Limits) { l.OutboxBytes = 64 << 10 }},
		{"outbox-bytes", func(l *Limits) { l.OutboxBytes = 64<<10 - 1 }},
		{"", func(l *Limits) { l.SocketWrites = 1 }},
		{"socket-writes", func(l *Limits) { l.SocketWrites = 0 }},
		{"", func(l *Limits) { l.Sockets = 1 }},
		{"sockets", func(l *Limits) { l.Sockets = 0 }},
		{"", func(l *Limits) { l.SocketsPerUser = 1 }},
		{"sockets-per-user", func(l *Limits) { l.SocketsPerUser = 0 }},
		{"", func(l *Limits) { l.SocketsPerAddress = 1 }},
		{"sockets-per-address", func(l *Limits) { l.SocketsPerAddress = 0 }},
	} {
		limits := good
		c.change(&limits)
		err := limits.Check()
		if c.name == "" && err != nil {
			t.Errorf("%+v: got %v", limits, err)
		}
		if c.name != "" && (err == nil || !strings.HasPrefix(err.Error(), "--"+c.name)) {
			t.Errorf("%+v: got %v, want a word about --%s", limits, err, c.name)
		}
	}
}
