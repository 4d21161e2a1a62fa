// Limits: the bounds that the operator of a server can set.

package access

import "fmt"

// Limits bound what one person or one connection can ask of the server. Each field is a setting; the command
// line reads the tags.
type Limits struct {
	MessageCharacters int     `group:"Limits" default:"10000" placeholder:"N" help:"Characters in a message (${default})."`
	MessagesPerSecond float64 `group:"Limits" default:"10" placeholder:"N" help:"Messages and other changes a person may make a second (${default})."`
	MessagesBurst     int     `group:"Limits" default:"50" placeholder:"N" help:"… and at once, after a pause (${default})."`
	ReadsPerSecond    float64 `group:"Limits" default:"100" placeholder:"N" help:"What a person may read a second (${default}), or ten times the changes if that is more."`
	SignInAttempts    int     `group:"Limits" default:"10" placeholder:"N" help:"Failed sign-ins in 3 minutes from an address to an account (${default}); 5 times as many from it in all, and 3 times as many to the account in an hour."`
	FrameBytes        int     `group:"Limits" default:"131072" placeholder:"N" help:"Bytes in a frame or a request that a client sends (${default})."`
	OutboxBytes       int     `group:"Limits" default:"1048576" placeholder:"N" help:"Bytes that may wait for a socket that does not read, before it is closed (${default})."`
	UnreadBytes       int     `group:"Limits" default:"0" placeholder:"N" help:"Bytes in all that may wait to be read by clients, before the slowest are cut off (0: a quarter of the memory there is)."`
	SocketWrites      int     `group:"Limits" default:"64" placeholder:"N" help:"Changes under way on one socket (${default})."`
	Sockets           int     `group:"Limits" default:"20000" placeholder:"N" help:"Sockets in all, and as many other connections (${default})."`
	SocketsPerUser    int     `group:"Limits" default:"32" placeholder:"N" help:"Sockets of one person (${default})."`
	SocketsPerAddress int     `group:"Limits" default:"512" placeholder:"N" help:"Sockets from one address on which nobody has signed in, and as many other connections (${default})."`
}

// StrangerBytes is how much is read of a request, and from a socket, before somebody has signed in: enough for a token,
// or for making an account. It is small because anybody may send it.
const StrangerBytes = 16 << 10

// maxFrameBytes is the highest value for FrameBytes, since the server holds a whole frame in memory.
const maxFrameBytes = 1 << 20

// Check returns an error that names the first setting with an impossible value.
func (l *Limits) Check() error {
	for _, limit := range []struct {
		name string
		n    float64
		low  float64
	}{
		{"message-characters", float64(l.MessageCharacters), 1},
		{"messages-per-second", l.MessagesPerSecond, 0.001},
		{"messages-burst", float64(l.MessagesBurst), 1},
		{"reads-per-second", l.ReadsPerSecond, 0.001},
		{"sign-in-attempts", float64(l.SignInAttempts), 1},
		{"frame-bytes", float64(l.FrameBytes), 1024},
		{"outbox-bytes", float64(l.OutboxBytes), 64 << 10},
		{"unread-bytes", float64(l.UnreadBytes), 0},
		{"socket-writes", float64(l.SocketWrites), 1},
		{"sockets", float64(l.Sockets), 1},
		{"sockets-per-user", float64(l.SocketsPerUser), 1},
		{"sockets-per-address", float64(l.SocketsPerAddress), 1},
	} {
		if !(limit.n >= limit.low) { // written so that it refuses NaN too
			return fmt.Errorf("--%s: at least %v", limit.name, limit.low)
		}
	}
	// A character has at most 4 bytes, and the frame around the message needs some bytes of its own.
	if need := 4*l.MessageCharacters + 1024; l.FrameBytes < need {
		return fmt.Errorf("--message-characters=%d needs --frame-bytes=%d or more", l.MessageCharacters, need)
	}
	if l.FrameBytes > maxFrameBytes {
		return fmt.Errorf("--frame-bytes: at most %d", maxFrameBytes)
	}
	return nil
}
