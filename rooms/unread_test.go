// Tests of the total of all that waits to be read: what counts, what comes back, and who is cut.

package rooms

import (
	"errors"
	"strings"
	"testing"
	"testing/synctest"

	"parley/chat"
	"parley/internal/budget"
	"parley/internal/memory"
)

// fed is a socket on a wire that takes nothing, in rooms with a budget.
func fed(r *Rooms, user chat.UserID) *listener {
	l := newListener(user)
	l.out.unread = r.Unread
	l.HangUp = func(int, string) {}
	l.wire.let = make(chan struct{})
	l.wire.stall(0)
	return l
}

func TestALineForManyCountsOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		unread := budget.New(1 << 20)
		line, long := NewLine([]byte(strings.Repeat("x", 1000))), NewLine([]byte(strings.Repeat("y", 2*maxFrame)))
		var all []*outbox
		var wires []*testWire
		for range 5 {
			o, w := newOutbox(1 << 20)
			o.unread = unread
			all, wires = append(all, o), append(wires, w)
			o.open(nil)
			o.putCorked(line)
			o.putCorked(long)
		}
		if got := unread.Used(); got != int64(1000+2*maxFrame) {
			t.Errorf("%d bytes are counted", got)
		}
		for i, o := range all[:3] {
			wires[i].stall(0)
			o.uncork() // each keeps its copy of the short line, and the long one is not copied
		}
		if got := unread.Used(); got != int64(3*(1000+4)+1000+2*maxFrame) {
			t.Errorf("%d bytes are counted while three are written", got)
		}
		for i, o := range all[:2] {
			close(wires[i].let)
			o.stalled.Wait()
		}
		wires[2].fail = errors.New("broke")
		close(wires[2].let)
		for _, o := range all[2:] {
			o.end()
		}
		synctest.Wait()
		if got := unread.Used(); got != 0 {
			t.Errorf("%d bytes are counted at the end", got)
		}
	})
}

// Without a setting, all that waits to be read has a share of the memory there is; a setting says how much.
func TestTheTotalIsAQuarterOfTheMemoryUnlessASettingSaysOtherwise(t *testing.T) {
	t.Parallel()
	for setting, want := range map[int]int64{0: memory.Available() / 4, 1000: 1000} {
		limits := testLimits
		limits.UnreadBytes = setting
		r := New(limits, func(map[chat.UserID]int64) {})
		if got := r.Unread.Limit(); got != want {
			t.Errorf("with --unread-bytes=%d the total is %d, want %d", setting, got, want)
		}
		r.Close()
	}
}

// Welcomes that nobody reads stay within the total: the one for whom the most waits is cut for the next, and
// when that does not help, a new socket is told to come later.
func TestWelcomesThatNobodyReadsStayInTheTotal(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		limits := testLimits
		limits.UnreadBytes = 4 << 20
		r := New(limits, func(map[chat.UserID]int64) {})
		defer r.Close()
		rooms := make([]chat.RoomState, 1000)
		for i := range rooms {
			rooms[i].ID, rooms[i].Topic = chat.RoomID(i+1), strings.Repeat("t", 1024)
		}
		var all []*listener
		enter := func(user chat.UserID) error {
			l := fed(r, user)
			all = append(all, l)
			if err := r.Opening(l.Socket); err != nil {
				return err
			}
			return r.Enter(l.Socket, Snapshot{User: chat.User{ID: user}, Rooms: append([]chat.RoomState{}, rooms...)})
		}
		for user := range chat.UserID(20) {
			if err := enter(user + 1); err != nil {
				var refused *CloseError
				if !errors.As(err, &refused) || refused.Code != chat.CloseLater {
					t.Fatalf("socket %d: %v", user, err)
				}
			}
			if used := r.Unread.Used(); used > 4<<20 {
				t.Fatalf("%d bytes wait", used)
			}
		}
		cut := 0
		for _, l := range all {
			if l.CloseCode() == chat.CloseSlow {
				cut++
			}
		}
		if cut == 0 {
			t.Error("nobody was cut")
		}
		for _, l := range all {
			close(l.wire.let)
			l.End(chat.CloseSlow)
			r.Gone(l.Socket)
		}
		if used := r.Unread.Used(); used != 0 {
			t.Errorf("%d bytes are counted at the end", used)
		}
	})
}
