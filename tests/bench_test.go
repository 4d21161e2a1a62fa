// Benchmarks that anyone can run: make bench. The commits are real; so is the loopback network.

package tests

import (
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"parley/chat"
	"parley/tests/harness"
)

// benchProgram runs the program with a room of so many people.
func benchProgram(b *testing.B, people int) []*harness.Person {
	b.Helper()
	p := harness.Start(b, "--messages-per-second=1000000", "--messages-burst=1000000", "--socket-writes=1024", "--sign-in-attempts=1000000")
	list := []*harness.Person{p.SetUp(b)}
	for i := range people - 1 {
		list = append(list, p.SignUp(b, list[0], fmt.Sprint("person", i)))
	}
	return list
}

// BenchmarkSendToSeen measures from the frame that sends a message to the frame that shows it to another.
func BenchmarkSendToSeen(b *testing.B) {
	people := benchProgram(b, 2)
	general := people[0].Room(b, "general").ID
	from, to := people[0].Dial(b), people[1].Dial(b)
	var times []time.Duration
	for b.Loop() {
		started := time.Now()
		id := from.Send(b, "message.send", chat.MessageSend{
			RoomID: general, Draft: harness.Draft("A message of the usual length."),
		})
		to.ExpectMessage(b)
		times = append(times, time.Since(started))
		for f, ok := from.Next(); ok && f.ID != id; f, ok = from.Next() { // so that nothing piles up
		}
	}
	slices.Sort(times)
	at := func(q float64) float64 {
		return float64(times[int(q*float64(len(times)-1))].Microseconds()) / 1000
	}
	b.ReportMetric(at(0.5), "p50-ms")
	b.ReportMetric(at(0.99), "p99-ms")
}

// BenchmarkAcknowledged50Senders has 50 people post over sockets, each with 16 under way.
func BenchmarkAcknowledged50Senders(b *testing.B) {
	const senders, window = 50, 16
	people := benchProgram(b, senders)
	var rooms []chat.RoomID
	for i := range 10 { // each in one of ten rooms, so that not everyone is told everything
		rooms = append(rooms, people[i].Creates(b, chat.Public, fmt.Sprint("room", i)).ID)
	}
	var socks []*harness.Sock
	for i, who := range people {
		who.Try(b, "POST", harness.RoomPath(rooms[i%10])+"/join", nil)
		socks = append(socks, who.Dial(b))
	}
	b.ResetTimer()
	var left atomic.Int64
	left.Store(int64(b.N))
	var all sync.WaitGroup
	for i, s := range socks {
		all.Go(func() {
			under := 0
			for {
				for under < window && left.Add(-1) >= 0 {
					s.Send(b, "message.send", chat.MessageSend{
						RoomID: rooms[i%10], Draft: harness.Draft("A message of the usual length."),
					})
					under++
				}
				if under == 0 {
					return
				}
				for {
					f, ok := s.Next()
					if !ok {
						b.Error("the socket has closed")
						return
					}
					if f.Event == chat.ErrorEvent {
						b.Errorf("got %s", f.Data)
					}
					if f.Event == chat.ReplyEvent || f.Event == chat.ErrorEvent {
						under--
						break
					}
				}
			}
		})
	}
	all.Wait()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "acks/s")
}
