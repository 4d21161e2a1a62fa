//go:build linux

package nodes

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"log/slog"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"

	"parley/internal/wait"
)

// patient is for tests in which Redis is there: a machine that is busy for a while does not count as its absence.
var patient = pace{beat: 50 * time.Millisecond, silence: wait.Patience, first: 10 * time.Millisecond, longest: 100 * time.Millisecond}

// hasty is for tests in which Redis goes away without closing its connections.
var hasty = pace{beat: 50 * time.Millisecond, silence: time.Second, first: 10 * time.Millisecond, longest: 100 * time.Millisecond}

// call is a call of a handler.
type call struct {
	what    string // news, up, down
	from    string
	kind    byte
	payload string
	lost    bool
}

// recorder writes down what its handlers are told.
type recorder struct {
	mu    sync.Mutex
	calls []call
}

func (r *recorder) handlers() Handlers {
	note := func(c call) {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.calls = append(r.calls, c)
	}
	return Handlers{
		News: func(from string, kind byte, payload []byte, lost bool) {
			note(call{"news", from, kind, string(payload), lost})
		},
		Up:   func() { note(call{what: "up"}) },
		Down: func() { note(call{what: "down"}) },
	}
}

// of are the calls of a kind of call; news only those of messages with a payload.
func (r *recorder) of(what string) (calls []call) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, c := range r.calls {
		if c.what == what && (what != "news" || c.kind != beat) {
			calls = append(calls, c)
		}
	}
	return calls
}

// node starts a bus, with a recorder.
func node(t testing.TB, address, server string, pace pace) (*Bus, *recorder) {
	t.Helper()
	option, err := options(address)
	if err != nil {
		t.Fatal(err)
	}
	r := &recorder{}
	b := start(option, server, r.handlers(), pace)
	t.Cleanup(b.Close)
	return b, r
}

func untilUp(t testing.TB, buses ...*Bus) {
	t.Helper()
	for _, b := range buses {
		wait.Until(t, "the bus is up", b.Up)
	}
}

// know waits until a node has heard another.
func know(t testing.TB, b *Bus, r *recorder, other *Bus) {
	t.Helper()
	wait.Until(t, "a node hears another", func() bool {
		other.Publish(1, []byte("hello"))
		for _, c := range r.of("news") {
			if c.from == other.ID() {
				return true
			}
		}
		return false
	})
}

func TestNodesHearEachOtherInOrderAndNobodyElse(t *testing.T) {
	t.Parallel()
	redis := startRedis(t)
	ann, heardByAnn := node(t, redis.address(), "one", patient)
	untilUp(t, ann)
	bob, heardByBob := node(t, redis.address(), "one", patient)
	stranger, heardByStranger := node(t, redis.address(), "two", patient)
	untilUp(t, bob, stranger)

	const n = 2000
	for i := range n {
		stranger.Publish(3, []byte("elsewhere"))
		bob.Publish(byte(1+i%255), []byte(strconv.Itoa(i)))
	}
	wait.Until(t, "all have come", func() bool { return len(heardByAnn.of("news")) >= n })
	for i, got := range heardByAnn.of("news") {
		if want := (call{"news", bob.ID(), byte(1 + i%255), strconv.Itoa(i), false}); got != want {
			t.Fatalf("got %+v, want %+v", got, want)
		}
	}
	if got := heardByBob.of("news"); len(got) != 0 {
		t.Errorf("who speaks heard %d messages, the first %v", len(got), got[0])
	}
	if got := heardByStranger.of("news"); len(got) != 0 {
		t.Errorf("another server heard %d messages, the first %v", len(got), got[0])
	}
	ann.Publish(9, nil)
	wait.Until(t, "the answer comes", func() bool { return len(heardByBob.of("news")) == 1 })
	if got := heardByBob.of("news")[0]; got.from != ann.ID() || got.payload != "" {
		t.Errorf("got %+v", got)
	}
	counts := bob.Counts()
	if counts.Published != n || counts.Dropped != 0 || counts.Received != 1 || counts.Ups != 1 || !counts.Up {
		t.Errorf("got the counts %+v", counts)
	}
	if counts := ann.Counts(); counts.Received != n || counts.Lost != 0 || counts.ReceivedBytes < n {
		t.Errorf("got the counts %+v", counts)
	}
}

func TestTheFirstMessageOfANodeThatSpokeBeforeCountsAsLost(t *testing.T) {
	t.Parallel()
	redis := startRedis(t)
	ann, _ := node(t, redis.address(), "one", patient)
	untilUp(t, ann)
	ann.Publish(1, []byte("unheard"))
	wait.Until(t, "it is sent", func() bool { return ann.Counts().Published == 1 })
	bob, heardByBob := node(t, redis.address(), "one", patient)
	untilUp(t, bob)
	wait.Until(t, "it is told", func() bool {
		heardByBob.mu.Lock()
		defer heardByBob.mu.Unlock()
		for _, c := range heardByBob.calls {
			if c.what == "news" {
				return c.lost
			}
		}
		return false
	})
}

// The last messages may be lost too, and nothing may follow them for long.
func TestABeatTellsOfLostMessages(t *testing.T) {
	t.Parallel()
	redis := startRedis(t)
	ann, _ := node(t, redis.address(), "one", patient)
	bob, heardByBob := node(t, redis.address(), "one", patient)
	untilUp(t, ann, bob)
	know(t, bob, heardByBob, ann)
	ann.out.mu.Lock()
	ann.out.number += 3 // as when it drops three
	ann.out.mu.Unlock()
	wait.Until(t, "the loss is counted", func() bool { return bob.Counts().Lost >= 3 })
	wait.Until(t, "the loss is told", func() bool {
		heardByBob.mu.Lock()
		defer heardByBob.mu.Unlock()
		last := heardByBob.calls[len(heardByBob.calls)-1]
		return last.kind == beat && last.lost && last.from == ann.ID() && last.payload == ""
	})
}

func TestABusStartsWithoutRedisAndFindsItLater(t *testing.T) {
	t.Parallel()
	redis := newRedis(t)
	ann, heardByAnn := node(t, redis.address(), "one", patient)
	bob, heardByBob := node(t, redis.address(), "one", patient)
	for range 3 {
		ann.Publish(1, []byte("nobody hears this"))
	}
	if counts := ann.Counts(); counts.Dropped != 3 || counts.Up || counts.Ups != 0 {
		t.Errorf("got the counts %+v", counts)
	}
	redis.start(t)
	untilUp(t, ann, bob)
	know(t, bob, heardByBob, ann)
	if got := heardByBob.of("news")[0].payload; got != "hello" {
		t.Errorf("got %q, which was said without Redis", got)
	}
	if got := len(heardByAnn.of("up")) + 10*len(heardByAnn.of("down")); got != 1 {
		t.Errorf("got %d, want one Up and no Down", got)
	}
}

func TestARedisThatIsRestartedIsFoundAgain(t *testing.T) {
	t.Parallel()
	redis := startRedis(t)
	ann, heardByAnn := node(t, redis.address(), "one", patient)
	bob, heardByBob := node(t, redis.address(), "one", patient)
	untilUp(t, ann, bob)
	know(t, bob, heardByBob, ann)
	for i := range 3 {
		before := bob.Counts().Lost
		redis.stop()
		for name, r := range map[string]*recorder{"ann": heardByAnn, "bob": heardByBob} {
			wait.Until(t, name+" is told that Redis is away", func() bool { return len(r.of("down")) == i+1 })
		}
		ann.Publish(1, []byte("dropped"))
		heard := len(heardByBob.of("news"))
		redis.start(t)
		wait.Until(t, "both are told that it is there", func() bool {
			return len(heardByAnn.of("up")) == i+2 && len(heardByBob.of("up")) == i+2
		})
		wait.Until(t, "what follows comes", func() bool {
			ann.Publish(1, []byte("after"))
			got := heardByBob.of("news")
			return len(got) > heard && got[len(got)-1].payload == "after"
		})
		if bob.Counts().Lost <= before {
			t.Error("nothing counts as lost")
		}
	}
	for _, got := range heardByBob.of("news") {
		if got.payload == "dropped" {
			t.Error("what was said without Redis came later")
		}
	}
	if counts := bob.Counts(); counts.Lost < 3 || ann.Counts().Dropped < 3 {
		t.Errorf("got the counts %+v", counts)
	}
}

func TestARedisThatStandsStillIsAwayAndNobodyWaits(t *testing.T) {
	t.Parallel()
	redis := startRedis(t)
	ann, heardByAnn := node(t, redis.address(), "one", hasty)
	bob, heardByBob := node(t, redis.address(), "one", hasty)
	untilUp(t, ann, bob)
	know(t, bob, heardByBob, ann)
	redis.signal(t, syscall.SIGSTOP)
	payload := make([]byte, 1<<20)
	most := 0
	for range 64 {
		ann.Publish(1, payload)
		most = max(most, ann.Counts().SendWaiting)
	}
	if counts := ann.Counts(); most > sendBytes || counts.Dropped < 64-20 {
		t.Errorf("%d bytes waited, counts %+v", most, counts)
	}
	wait.Until(t, "both are told", func() bool { return len(heardByAnn.of("down")) > 0 && len(heardByBob.of("down")) > 0 })
	if got := ann.Counts().SendWaiting; got > 1000*(headSize+overhead) {
		t.Errorf("%d bytes are kept for a Redis that is away", got)
	}
	redis.signal(t, syscall.SIGCONT)
	untilUp(t, ann, bob)
	wait.Until(t, "what follows comes", func() bool {
		ann.Publish(1, []byte("after"))
		got := heardByBob.of("news")
		return got[len(got)-1].payload == "after"
	})
}

func TestWhatWaitsForTheHandlersIsBounded(t *testing.T) {
	t.Parallel()
	redis := startRedis(t, "--client-output-buffer-limit", "pubsub 0 0 0")
	ann, _ := node(t, redis.address(), "one", patient)
	untilUp(t, ann)
	option, _ := options(redis.address())
	r := &recorder{}
	on, release, once := r.handlers(), make(chan struct{}), sync.Once{}
	defer once.Do(func() { close(release) })
	record := on.News
	on.News = func(from string, kind byte, payload []byte, lost bool) {
		<-release
		record(from, kind, fmt.Append(nil, len(payload)), lost)
	}
	bob := start(option, "one", on, patient)
	defer bob.Close()
	defer once.Do(func() { close(release) })
	untilUp(t, bob)
	payload := make([]byte, 1<<20)
	wait.Until(t, "too much waits", func() bool {
		if ann.Counts().SendWaiting < sendBytes/2 {
			ann.Publish(1, payload)
		}
		if got := bob.Counts().ReceiveWaiting; got > receiveBytes {
			t.Fatalf("%d bytes wait", got)
		}
		return bob.Counts().Overflowed >= 3
	})
	once.Do(func() { close(release) })
	wait.Until(t, "the loss is told", func() bool { return bob.Counts().Lost >= 3 })
	wait.Until(t, "nothing waits", func() bool { return bob.Counts().ReceiveWaiting < 1<<20 })
}

func TestWhatTheQueuesHoldIsBounded(t *testing.T) {
	t.Parallel()
	out := sending{wake: make(chan struct{}, 1), open: true}
	for size := range 3 {
		for range 100_000 {
			out.put(nodeID{}, 1, make([]byte, size*100))
		}
	}
	if out.bytes > sendBytes || out.bytes < sendBytes-1000 || len(out.messages)*(headSize+overhead) > sendBytes {
		t.Errorf("%d bytes of %d messages wait to be sent", out.bytes, len(out.messages))
	}
	for batch := out.take(); len(batch) > 0; batch = out.take() {
		if len(batch) > batchMessages {
			t.Errorf("%d messages are sent at once", len(batch))
		}
	}
	if out.bytes != 0 || out.messages != nil {
		t.Errorf("of an empty queue %d bytes and %d messages are left", out.bytes, len(out.messages))
	}
	if out.put(nodeID{}, 1, make([]byte, sendBytes)); out.bytes != 0 {
		t.Error("one message is longer than all may be")
	}
	in := receiving{wake: make(chan struct{}, 1)}
	for range 200_000 {
		in.put(message{payload: nil})
		in.turn(isDown)
		in.turn(isUp)
		in.turn(isDown)
		in.turn(isUp)
	}
	if in.bytes > receiveBytes || len(in.all) > 3*receiveBytes/overhead+3 {
		t.Errorf("%d bytes wait, %d calls", in.bytes, len(in.all))
	}
	for what := isUp; ; {
		one, ok := in.take()
		if !ok {
			if what != isUp {
				t.Error("the last thing told is not the last that was")
			}
			break
		}
		if one.what == isNews {
			continue
		}
		if one.what == what {
			t.Fatal("the same is told twice")
		}
		what = one.what
	}
	if in.bytes != 0 {
		t.Errorf("an empty queue has %d bytes", in.bytes)
	}
}

// Without this nobody would find out.
func TestAMessageThatIsDroppedKeepsItsNumber(t *testing.T) {
	t.Parallel()
	out := sending{wake: make(chan struct{}, 1)}
	if out.put(nodeID{}, 1, nil) {
		t.Error("a message is queued without Redis")
	}
	out.set(true)
	if out.put(nodeID{}, 1, make([]byte, sendBytes)) {
		t.Error("a message is queued that does not fit")
	}
	out.put(nodeID{}, 1, nil)
	if m, ok := read(string(out.take()[0])); !ok || m.number != 3 {
		t.Errorf("got the number %d after two that were dropped", m.number)
	}
}

func TestNumbersOfManyNodesAreBounded(t *testing.T) {
	t.Parallel()
	b := &Bus{numbers: map[nodeID]*heardOf{}}
	id := func(i int) nodeID { return nodeID{byte(i), byte(i >> 8), 1} }
	for i := range 10 * senders {
		b.number(message{from: id(0), number: uint64(i + 1)}) // somebody who always speaks is never forgotten
		if lost, late := b.number(message{from: id(i + 1), number: 1}); lost || late {
			t.Fatal("the first message of a node is no loss")
		}
	}
	if len(b.numbers) > senders || b.numbers[id(0)] == nil {
		t.Errorf("%d numbers are kept", len(b.numbers))
	}
	for _, c := range []struct {
		number     uint64
		lost, late bool
	}{{5, true, false}, {6, false, false}, {6, false, true}, {4, false, true}, {7, false, false}, {9, true, false}, {8, false, true}} {
		if lost, late := b.number(message{from: nodeID{7, 7, 7}, number: c.number}); lost != c.lost || late != c.late {
			t.Errorf("%d: lost %v, late %v", c.number, lost, late)
		}
	}
}

func TestAPanicInAHandlerIsLoggedAndEndsNothing(t *testing.T) {
	redis := startRedis(t)
	log := logged(t)
	ann, _ := node(t, redis.address(), "one", patient)
	option, _ := options(redis.address())
	var mu sync.Mutex
	var got []string
	bob := start(option, "one", Handlers{News: func(_ string, kind byte, payload []byte, _ bool) {
		if kind == 2 {
			panic("no such kind")
		}
		mu.Lock()
		defer mu.Unlock()
		got = append(got, string(payload))
	}}, patient)
	defer bob.Close()
	untilUp(t, ann, bob)
	ann.Publish(2, nil)
	ann.Publish(1, []byte("after"))
	wait.Until(t, "what follows comes", func() bool {
		mu.Lock()
		defer mu.Unlock()
		return len(got) > 0 && got[len(got)-1] == "after"
	})
	if text := log.text(); bob.Counts().Panics != 1 || !strings.Contains(text, "no such kind") {
		t.Errorf("%d panics, log %s", bob.Counts().Panics, text)
	}
}

// lockedBuffer is a log that may be written and read at once.
type lockedBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *lockedBuffer) text() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}

// logged takes the log until the test ends.
func logged(t *testing.T) *lockedBuffer {
	t.Helper()
	var b lockedBuffer
	before := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(&b, nil)))
	t.Cleanup(func() { slog.SetDefault(before) })
	return &b
}

func TestAPasswordOpensAndNeverShows(t *testing.T) {
	log := logged(t)
	redis := startRedis(t, "--requirepass", "s3cr@t/x")
	right, _ := node(t, "redis://:s3cr%40t%2Fx@"+redis.host()+"/0", "one", patient)
	wrong, heardByWrong := node(t, "redis://someone:wr0ngw0rd@"+redis.host(), "one", patient)
	none, _ := node(t, redis.address(), "one", patient)
	untilUp(t, right)
	wait.Until(t, "it is logged", func() bool {
		return strings.Contains(log.text(), "WRONGPASS") && strings.Contains(log.text(), "NOAUTH")
	})
	if wrong.Up() || none.Up() || len(heardByWrong.of("up")) > 0 {
		t.Error("Redis is open to everybody")
	}
	for _, address := range []string{
		"redis://:s3cr@t/x@" + redis.host(), "redis://:wr0ngw0rd@host:port", "redis://:wr0ngw0rd#@host", "wr0ngw0rd", "",
		"http://:wr0ngw0rd@host", "redis://:%wr0ngw0rd@host", "redis://host/wr0ngw0rd", "redis://host/0/wr0ngw0rd",
		"redis://a:1,b:wr0ngw0rd", "redis://:wr0ngw0rd:@[::1",
	} {
		if _, err := Open(address, "one", Handlers{}); err == nil {
			t.Errorf("%q is taken for an address", address)
		} else if strings.Contains(err.Error(), "wr0ng") || strings.Contains(err.Error(), "s3cr") {
			t.Errorf("%q: the error shows it: %v", address, err)
		}
	}
	if text := log.text(); strings.Contains(text, "wr0ngw0rd") || strings.Contains(text, "s3cr") {
		t.Errorf("the log shows a password: %s", text)
	}
	if _, err := Open(redis.address(), "", Handlers{}); err == nil {
		t.Error("a server without an id is opened")
	}
}

func TestAddressesWithSeveralHosts(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"redis://host":                                      "[host:6379] / 0 ",
		"redis://u:p@a:1/2":                                 "[a:1] u/p 2 ",
		"redis://u:p@a:1,b:2,c/2?master_set=m":              "[a:1 b:2 c:6379] u/p 2 m",
		"rediss://u:p%2C@a:1,rediss://b:2":                  "[a:1 b:2] u/p, 0 ",
		"redis://a:1?addr=b:2":                              "[a:1 b:2] / 0 ",
		" redis://[::1]:7 , [::2]:8/1 ":                     "[[::1]:7 [::2]:8] / 1 ",
		"redis://:p@127.0.0.1:1,redis://:other@127.0.0.2:2": "[127.0.0.1:1 127.0.0.2:2] /p 0 ",
	} {
		o, err := options(address)
		got := fmt.Sprintf("%v %s/%s %d %s", o.InitAddress, o.Username, o.Password, o.SelectDB, o.Sentinel.MasterSet)
		if err != nil || got != want {
			t.Errorf("%s: got %s and %v, want %s", address, got, err, want)
		}
		if o.TLSConfig != nil && o.TLSConfig.ServerName != "" {
			t.Errorf("%s: every server is taken for %s", address, o.TLSConfig.ServerName)
		}
	}
	if o, err := options("rediss://host:1"); err != nil || o.TLSConfig == nil || o.TLSConfig.InsecureSkipVerify {
		t.Errorf("got %+v and %v", o.TLSConfig, err)
	}
}

func TestOverTLSTheServerIsVerified(t *testing.T) {
	log := logged(t)
	dir := t.TempDir()
	pool := certificate(t, dir)
	redis := newRedis(t)
	redis.args = append(redis.args, "--tls-port", strconv.Itoa(redis.port), "--port", "0",
		"--tls-cert-file", filepath.Join(dir, "cert.pem"), "--tls-key-file", filepath.Join(dir, "key.pem"),
		"--tls-ca-cert-file", filepath.Join(dir, "cert.pem"), "--tls-auth-clients", "no")
	redis.start(t)
	unknown, _ := node(t, "rediss://"+redis.host(), "one", patient)
	wait.Until(t, "it is logged", func() bool { return strings.Contains(log.text(), "certificate") })
	option, err := options("rediss://" + redis.host())
	if err != nil {
		t.Fatal(err)
	}
	option.TLSConfig.RootCAs = pool
	r := &recorder{}
	known := start(option, "one", r.handlers(), patient)
	t.Cleanup(known.Close)
	skips, _ := node(t, "rediss://"+redis.host()+"?skip_verify=true", "one", patient)
	untilUp(t, known, skips)
	know(t, known, r, skips)
	if unknown.Up() {
		t.Error("a server that nobody vouches for is taken for the right one")
	}
}

// certificate writes a certificate for 127.0.0.1 and its key.
func certificate(t *testing.T, dir string) *x509.CertPool {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	for name, block := range map[string]*pem.Block{
		"cert.pem": {Type: "CERTIFICATE", Bytes: der}, "key.pem": {Type: "PRIVATE KEY", Bytes: private},
	} {
		if err := os.WriteFile(filepath.Join(dir, name), pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cert, err := tls.LoadX509KeyPair(filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem"))
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(cert.Certificate[0])
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(leaf)
	return pool
}

// Close has to end it in each state that it can be in.
func TestCloseEndsAllGoroutines(t *testing.T) {
	redis := startRedis(t)
	before := goleak.IgnoreCurrent()
	nothingRuns := func(t *testing.T) {
		t.Helper()
		// Of rueidis one goroutine may sleep for up to a second before it finds that all is over.
		wait.Until(t, "no goroutine runs", func() bool { return goleak.Find(before) == nil })
	}
	t.Run("up", func(t *testing.T) {
		b, _ := node(t, redis.address(), "one", patient)
		untilUp(t, b)
		b.Close()
		b.Close()
		b.Publish(1, []byte("nobody hears this"))
		nothingRuns(t)
	})
	t.Run("at once", func(t *testing.T) {
		b, _ := node(t, redis.address(), "one", patient)
		b.Close()
		nothingRuns(t)
	})
	t.Run("while Redis stands still", func(t *testing.T) {
		b, _ := node(t, redis.address(), "one", patient)
		untilUp(t, b)
		redis.signal(t, syscall.SIGSTOP)
		b.Publish(1, make([]byte, 4<<20))
		b.Close()
		nothingRuns(t)
	})
	t.Run("while it connects to one that stands still", func(t *testing.T) {
		b, _ := node(t, redis.address(), "one", patient)
		b.Close()
		nothingRuns(t)
	})
	redis.stop()
	t.Run("without Redis", func(t *testing.T) {
		b, _ := node(t, redis.address(), "one", patient)
		b.Close()
		nothingRuns(t)
	})
}

func TestThroughRedisCluster(t *testing.T) {
	t.Parallel()
	var servers []*redis
	var hosts []string
	for range 3 {
		port := freePort(t)
		r := startRedis(t, "--cluster-enabled", "yes", "--cluster-port", strconv.Itoa(port), "--cluster-node-timeout", "5000")
		servers, hosts = append(servers, r), append(hosts, r.host())
	}
	cli(t, append(append([]string{"--cluster", "create"}, hosts...), "--cluster-yes")...)
	wait.Until(t, "the cluster is complete", func() bool {
		for _, r := range servers {
			if !strings.Contains(cli(t, "-p", strconv.Itoa(r.port), "cluster", "info"), "cluster_state:ok") {
				return false
			}
		}
		return true
	})
	ann, heardByAnn := node(t, "redis://"+strings.Join(hosts, ","), "one", patient)
	untilUp(t, ann)
	bob, _ := node(t, "redis://"+hosts[2], "one", patient)
	untilUp(t, bob)
	const n = 2000
	for i := range n {
		bob.Publish(1, []byte(strconv.Itoa(i)))
	}
	wait.Until(t, "all have come", func() bool { return len(heardByAnn.of("news")) == n })
	for i, got := range heardByAnn.of("news") {
		if got.payload != strconv.Itoa(i) || got.lost {
			t.Fatalf("message %d: got %+v", i, got)
		}
	}
}

func TestThroughSentinel(t *testing.T) {
	t.Parallel()
	master := startRedis(t)
	sentinel := newRedis(t)
	config := filepath.Join(t.TempDir(), "sentinel.conf")
	text := fmt.Sprintf("port %d\nbind 127.0.0.1\nsentinel monitor m 127.0.0.1 %d 1\n", sentinel.port, master.port)
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	sentinel.args = []string{config, "--sentinel"}
	sentinel.start(t)
	address := "redis://" + sentinel.host() + "?master_set=m"
	ann, heardByAnn := node(t, address, "one", patient)
	bob, _ := node(t, master.address(), "one", patient)
	untilUp(t, ann, bob)
	know(t, ann, heardByAnn, bob)
}

func TestOnlyMessagesOfAKnownFormatAreRead(t *testing.T) {
	t.Parallel()
	redis := startRedis(t)
	ann, heardByAnn := node(t, redis.address(), "one", patient)
	untilUp(t, ann)
	for _, text := range []string{"x", "hello, is there anybody in this room?", "\x02234567812345678k"} {
		cli(t, "-p", strconv.Itoa(redis.port), "publish", "parley:one:news", text)
	}
	wait.Until(t, "they are counted", func() bool { return ann.Counts().Strange == 3 })
	if got := heardByAnn.of("news"); len(got) != 0 {
		t.Errorf("got %v", got)
	}
}

func FuzzRead(f *testing.F) {
	f.Add(string(write(newNodeID(), 7, 3, []byte("x"))))
	f.Add("")
	f.Fuzz(func(t *testing.T, text string) {
		if m, ok := read(text); ok && string(write(m.from, m.number, m.kind, m.payload)) != text {
			t.Errorf("%q is read as %+v", text, m)
		}
	})
}

func BenchmarkPublish(b *testing.B) {
	redis := startRedis(b)
	ann, _ := node(b, redis.address(), "one", patient)
	bob, _ := node(b, redis.address(), "one", patient)
	untilUp(b, ann, bob)
	payload := make([]byte, 500)
	b.ReportAllocs()
	for b.Loop() {
		ann.Publish(1, payload)
	}
}
