package main

// Limits bound what one person or one connection can ask of the server.
type Limits struct {
	MessageCharacters int
	MessagesPerSecond float64
	MessagesBurst     int
	SignInAttempts    int // failed ones, for an account and for an address, in signInWindow
	FrameBytes        int
	OutboxBytes       int
	SocketWrites      int
	Sockets           int // in all
	SocketsPerUser    int
	SocketsPerAddress int
}
