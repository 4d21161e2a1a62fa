package password

import (
	"context"
	"errors"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
)

func TestPasswordMatchesItsHashOnly(t *testing.T) {
	h, ctx := New(Cheapest), context.Background()
	encoded, err := h.Hash(ctx, From{Known: true}, "correct horse 电池")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		password string
		want     bool
	}{
		{"correct horse 电池", true},
		{"correct horse 电", false},
		{"Correct horse 电池", false},
		{"correct horse 电池 ", false},
		{"", false},
	} {
		ok, rehash, err := h.Verify(ctx, From{Known: true}, encoded, c.password)
		if err != nil || ok != c.want || rehash {
			t.Errorf("Verify(%q) = %v, %v, %v, want %v, false, nil", c.password, ok, rehash, err, c.want)
		}
	}
}

// Keyboards write é in two ways, and nobody sees which.
func TestAPasswordTypedInTwoWaysIsOne(t *testing.T) {
	const composed, decomposed = "caf\u00e9 password", "cafe\u0301 password"
	h, ctx := New(Cheapest), context.Background()
	old := hash{params: Cheapest, salt: random(saltBytes)} // as earlier versions made it
	old.key = old.derive(decomposed, keyBytes)
	for _, typed := range []string{composed, decomposed} {
		encoded, err := h.Hash(ctx, From{Known: true}, typed)
		if err != nil {
			t.Fatal(err)
		}
		for _, again := range []string{composed, decomposed} {
			if ok, rehash, err := h.Verify(ctx, From{Known: true}, encoded, again); !ok || rehash || err != nil {
				t.Errorf("chosen as %+q and typed as %+q: %v, %v, %v", typed, again, ok, rehash, err)
			}
		}
	}
	if ok, rehash, err := h.Verify(ctx, From{Known: true}, old.String(), decomposed); !ok || !rehash || err != nil {
		t.Errorf("an old hash, typed as then: %v, %v, %v, want true, true, nil", ok, rehash, err)
	}
	if ok, _, _ := h.Verify(ctx, From{Known: true}, old.String(), "cafe password"); ok {
		t.Error("an accent does not matter")
	}
}

// endsOnceAsked is a context that ends as soon as somebody has asked for its end once.
type endsOnceAsked struct {
	context.Context
	asked *int
}

func (c endsOnceAsked) Done() <-chan struct{} {
	if *c.asked++; *c.asked == 1 {
		return nil
	}
	return c.Context.Done()
}

// Otherwise whoever is gone before the second form is checked would have guessed for nothing.
func TestAGuessThatWasCheckedInOneFormIsCheckedInBoth(t *testing.T) {
	h := New(Cheapest)
	encoded, err := h.Hash(t.Context(), From{Known: true}, "caf\u00e9 password")
	if err != nil {
		t.Fatal(err)
	}
	for range 20 {
		ended, end := context.WithCancel(t.Context())
		end()
		ctx := endsOnceAsked{ended, new(int)}
		if ok, _, err := h.Verify(ctx, From{Known: true}, encoded, "cafe\u0301 guess"); ok || err != nil {
			t.Fatalf("a wrong guess of somebody who is gone: %v, %v, want false, nil", ok, err)
		}
	}
}

func TestEqualPasswordsHaveDifferentHashes(t *testing.T) {
	h := New(Cheapest)
	a, _ := h.Hash(context.Background(), From{Known: true}, "same")
	b, _ := h.Hash(context.Background(), From{Known: true}, "same")
	if a == b {
		t.Errorf("both are %q", a)
	}
}

func TestDefaultEffortIsWritten(t *testing.T) {
	encoded, err := New(Default).Hash(context.Background(), From{Known: true}, "x")
	if err != nil {
		t.Fatal(err)
	}
	if want := "$argon2id$v=19$m=19456,t=2,p=1$"; !strings.HasPrefix(encoded, want) {
		t.Errorf("got %q, want prefix %q", encoded, want)
	}
}

// The reference implementation made the hash: argon2 -id -t 2 -k 256 -p 1 -l 24.
func TestForeignHashIsVerifiedAndMadeAnew(t *testing.T) {
	const encoded = "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4"
	ok, rehash, err := New(Cheapest).Verify(context.Background(), From{Known: true}, encoded, "password")
	if !ok || !rehash || err != nil {
		t.Errorf("got %v, %v, %v, want true, true, nil", ok, rehash, err)
	}
}

func TestMalformedAndAbsurdHashesAreRefusedWithoutUsingMemory(t *testing.T) {
	const salt, key = "c29tZXNhbHRzb21lc2FsdA", "nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4"
	h := New(Cheapest)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for name, encoded := range map[string]string{
		"empty":           "",
		"plain":           "password",
		"bcrypt":          "$2a$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy",
		"argon2i":         "$argon2i$v=19$m=8,t=1,p=1$" + salt + "$" + key,
		"old version":     "$argon2id$v=16$m=8,t=1,p=1$" + salt + "$" + key,
		"4 TiB":           "$argon2id$v=19$m=4294967295,t=1,p=1$" + salt + "$" + key,
		"256 MiB":         "$argon2id$v=19$m=262144,t=1,p=1$" + salt + "$" + key,
		"too much":        "$argon2id$v=19$m=99999999999,t=1,p=1$" + salt + "$" + key,
		"no passes":       "$argon2id$v=19$m=8,t=0,p=1$" + salt + "$" + key,
		"endless passes":  "$argon2id$v=19$m=8,t=4294967295,p=1$" + salt + "$" + key,
		"no lanes":        "$argon2id$v=19$m=8,t=1,p=0$" + salt + "$" + key,
		"many lanes":      "$argon2id$v=19$m=9000,t=1,p=255$" + salt + "$" + key,
		"negative":        "$argon2id$v=19$m=-8,t=1,p=1$" + salt + "$" + key,
		"plus sign":       "$argon2id$v=19$m=+8,t=1,p=1$" + salt + "$" + key,
		"leading zero":    "$argon2id$v=19$m=08,t=1,p=1$" + salt + "$" + key,
		"more parameters": "$argon2id$v=19$m=8,t=1,p=1,x=1$" + salt + "$" + key,
		"other order":     "$argon2id$v=19$t=1,m=8,p=1$" + salt + "$" + key,
		"no salt":         "$argon2id$v=19$m=8,t=1,p=1$$" + key,
		"no key":          "$argon2id$v=19$m=8,t=1,p=1$" + salt + "$",
		"short key":       "$argon2id$v=19$m=8,t=1,p=1$" + salt + "$AAAA",
		"padded":          "$argon2id$v=19$m=8,t=1,p=1$" + salt + "==$" + key,
		"not base64":      "$argon2id$v=19$m=8,t=1,p=1$" + salt + "$" + key[:42] + "*",
		"newline":         "$argon2id$v=19$m=8,t=1,p=1$" + salt + "$" + key + "\n",
		"seventh part":    "$argon2id$v=19$m=8,t=1,p=1$" + salt + "$" + key + "$",
		"very long":       "$argon2id$v=19$m=8,t=1,p=1$" + salt + "$" + strings.Repeat("A", 1<<20),
	} {
		ok, rehash, err := h.Verify(context.Background(), From{Known: true}, encoded, "password")
		if ok || rehash || !errors.Is(err, ErrMalformed) {
			t.Errorf("%s: got %v, %v, %v, want false, false, ErrMalformed", name, ok, rehash, err)
		}
	}
	runtime.ReadMemStats(&after)
	if got := after.TotalAlloc - before.TotalAlloc; got > 4<<20 {
		t.Errorf("refusing used %d bytes, want less than 4 MiB", got)
	}
}

func TestUnknownNameCostsTheSameAsAKnownOne(t *testing.T) {
	h := New(Params{MemoryKiB: 64, Passes: 3, Lanes: 2})
	real, err := h.Hash(context.Background(), From{Known: true}, "x")
	if err != nil {
		t.Fatal(err)
	}
	a, errA := parse(real)
	b, errB := parse(h.nothing)
	if errA != nil || errB != nil {
		t.Fatal(errA, errB)
	}
	if a.params != b.params || len(a.salt) != len(b.salt) || len(a.key) != len(b.key) {
		t.Errorf("got %+v, want the effort of %+v", b, a)
	}
	if err := h.VerifyNothing(context.Background(), From{Known: true}, "x"); err != nil {
		t.Error(err)
	}
}

func TestTwoComputeAndOthersWaitTheirTurn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := New(Cheapest)
		h.slots <- struct{}{} // two long computations
		h.slots <- struct{}{}
		done := make(chan error, 1)
		go func() {
			_, err := h.Hash(t.Context(), From{Known: true}, "third")
			done <- err
		}()
		synctest.Wait()
		select {
		case err := <-done:
			t.Fatalf("the third did not wait: %v", err)
		default:
		}
		<-h.slots
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}

func TestFullQueueAnswersBusyAndEmptiesAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := New(Cheapest)
		encoded, err := h.Hash(t.Context(), From{Known: true}, "x")
		if err != nil {
			t.Fatal(err)
		}
		for range AtOnce { // as if computations had them
			h.enter(From{Known: true})
			h.slots <- struct{}{}
		}
		errs := make(chan error, maxWaiting)
		for range maxWaiting {
			go func() { errs <- h.VerifyNothing(t.Context(), From{Known: true}, "x") }()
		}
		synctest.Wait()
		if _, err := h.Hash(t.Context(), From{Known: true}, "x"); !errors.Is(err, ErrBusy) {
			t.Errorf("Hash: got %v, want ErrBusy", err)
		}
		if _, _, err := h.Verify(t.Context(), From{Known: true}, encoded, "x"); !errors.Is(err, ErrBusy) {
			t.Errorf("Verify: got %v, want ErrBusy", err)
		}
		if err := h.VerifyNothing(t.Context(), From{Known: true}, "x"); !errors.Is(err, ErrBusy) {
			t.Errorf("VerifyNothing: got %v, want ErrBusy", err)
		}
		for range AtOnce {
			<-h.slots
			h.leave(From{Known: true})
		}
		for range maxWaiting {
			if err := <-errs; err != nil {
				t.Errorf("a waiting caller got %v", err)
			}
		}
		if ok, _, err := h.Verify(t.Context(), From{Known: true}, encoded, "x"); !ok || err != nil {
			t.Errorf("afterwards: got %v, %v, want true, nil", ok, err)
		}
	})
}

func TestWaitingEndsWithTheContextAndFreesThePlace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := New(Cheapest)
		for range AtOnce {
			h.slots <- struct{}{}
		}
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error)
		go func() { done <- h.VerifyNothing(ctx, From{Known: true}, "x") }()
		synctest.Wait()
		cancel()
		if err := <-done; !errors.Is(err, context.Canceled) {
			t.Errorf("got %v, want canceled", err)
		}
		if got := h.callers; got != 0 {
			t.Errorf("%d places are still taken, want 0", got)
		}
	})
}

// Strangers fill neither the places of others with another key nor those of people who are known.
func TestStrangersLeavePlacesForOthers(t *testing.T) {
	h := New(Cheapest)
	fill := func(from From) (n int) {
		for h.enter(from) {
			n++
		}
		return n
	}
	if n := fill(From{Key: "a"}); n != maxSameKey {
		t.Errorf("one range has %d places, want %d", n, maxSameKey)
	}
	strangers := maxSameKey
	for i := range 100 {
		strangers += fill(From{Key: strconv.Itoa(i)})
	}
	if strangers != maxStrangers {
		t.Errorf("strangers have %d places, want %d", strangers, maxStrangers)
	}
	if n := fill(From{Key: "ann", Known: true}); n != maxSameKey {
		t.Errorf("somebody known has %d places, want %d", n, maxSameKey)
	}
	if n := fill(From{Key: "bob", Known: true}); n != AtOnce+maxWaiting-maxStrangers-maxSameKey {
		t.Errorf("somebody else has %d places", n)
	}
	for range maxSameKey {
		h.leave(From{Key: "a"})
	}
	if n := fill(From{Key: "b"}); n != maxSameKey || len(h.keys) > 7 {
		t.Errorf("%d places came back, and %d keys are remembered", n, len(h.keys))
	}
}
