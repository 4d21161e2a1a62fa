// Package password turns passwords into argon2id strings and checks them. However many callers there are, it
// never uses more memory than two computations need. It stores nothing.
package password

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"
)

// AtOnce is how many computations run at once. Each uses Params.MemoryKiB, and keeps a thread.
const AtOnce = 2

const (
	maxWaiting = 32 // callers that wait for their turn
	// Of all these places, strangers have as many together; the rest is for those who are known.
	maxStrangers = 24
	maxSameKey   = 8 // places of callers with the same key

	saltBytes = 16
	keyBytes  = 32
)

var (
	// ErrBusy says that too many callers are waiting already. Nothing was computed.
	ErrBusy = errors.New("too many passwords are being checked")
	// ErrMalformed says that an encoded string is not one that Hash makes, or asks for an absurd effort.
	ErrMalformed = errors.New("malformed password hash")
)

// Params is the effort of one computation.
type Params struct {
	MemoryKiB uint32
	Passes    uint32
	Lanes     uint8
}

var (
	// Default is the effort that OWASP recommends: 19 MiB, two passes, one lane.
	Default = Params{MemoryKiB: 19 * 1024, Passes: 2, Lanes: 1}
	// Cheapest protects nothing. It is for tests.
	Cheapest = Params{MemoryKiB: 8, Passes: 1, Lanes: 1}
)

// within tells whether an effort is within bounds, so that a forged string in the database cannot exhaust the
// server.
func (p Params) within() bool {
	return p.MemoryKiB >= 8*uint32(p.Lanes) && p.MemoryKiB <= 128*1024 &&
		p.Passes >= 1 && p.Passes <= 10 && p.Lanes >= 1 && p.Lanes <= 4
}

// Hasher makes and checks hashes of passwords. Its methods are safe from any goroutine.
type Hasher struct {
	params  Params
	nothing string        // a hash that no password has
	slots   chan struct{} // one element for each computation

	mu        sync.Mutex     // guards the fields below
	callers   int            // waiting or computing
	strangers int            // of the callers
	keys      map[string]int // the callers with each key
}

// From says for whom a password is hashed: callers with the same key share a few places in the queue. The empty
// key is nobody's. Those who are Known, such as people who are signed in, have places that strangers cannot
// fill.
type From struct {
	Key   string
	Known bool
}

// New returns a Hasher that makes hashes with the given effort. It panics when Verify would refuse that
// effort.
func New(p Params) *Hasher {
	if !p.within() {
		panic(fmt.Sprintf("password: parameters out of bounds: %+v", p))
	}
	nothing := hash{params: p, salt: random(saltBytes), key: random(keyBytes)}
	return &Hasher{
		params:  p,
		nothing: nothing.String(),
		keys:    map[string]int{},
		slots:   make(chan struct{}, AtOnce),
	}
}

// Hash returns the PHC string of a password with a new salt. It fails with ErrBusy, or with the context's
// error when the context ended before the computation began.
func (h *Hasher) Hash(ctx context.Context, from From, password string) (string, error) {
	out := hash{params: h.params, salt: random(saltBytes)}
	if err := h.inTurn(ctx, from, func() { out.key = out.derive(Normal(password), keyBytes) }); err != nil {
		return "", err
	}
	return out.String(), nil
}

// Normal returns the one form of a password. Keyboards write the same letter in several ways, such as é as one
// character or as e and an accent, and nobody sees which.
func Normal(password string) string { return norm.NFC.String(password) }

// Verify tells whether encoded was made from password, in its one form or, as earlier versions made it, in the one
// that was typed. For the right password, rehash tells whether encoded should be made anew, because its effort or
// the form differs from today's. It fails with ErrMalformed, ErrBusy, or the context's error, and then nothing was
// checked: a guess that was wrong in one form is checked in the other too, even when nobody waits for the answer.
func (h *Hasher) Verify(ctx context.Context, from From, encoded, password string) (ok, rehash bool, err error) {
	want, err := parse(encoded)
	if err != nil {
		return false, false, err
	}
	right := -1
	forms := []string{Normal(password)}
	if forms[0] != password {
		forms = append(forms, password)
	}
	err = h.inTurn(ctx, from, func() {
		right = slices.IndexFunc(forms, func(form string) bool {
			return subtle.ConstantTimeCompare(want.derive(form, len(want.key)), want.key) == 1
		})
	})
	if err != nil || right < 0 {
		return false, false, err
	}
	stale := want.params != h.params || len(want.salt) != saltBytes || len(want.key) != keyBytes
	return true, stale || right > 0, nil
}

// VerifyNothing takes as long as Verify, and no password is right. Call it for a name that does not exist, so
// that nobody can tell from the time of the answer which names exist. It fails with ErrBusy, or the context's
// error.
func (h *Hasher) VerifyNothing(ctx context.Context, from From, password string) error {
	_, _, err := h.Verify(ctx, from, h.nothing, password)
	return err
}

// inTurn calls compute when it is the caller's turn. It fails with ErrBusy at once when too many callers are
// waiting, or with the context's error when the context ended before; then compute is not called.
func (h *Hasher) inTurn(ctx context.Context, from From, compute func()) error {
	if !h.enter(from) {
		return ErrBusy
	}
	defer h.leave(from)
	select {
	case h.slots <- struct{}{}:
		defer func() { <-h.slots }()
	case <-ctx.Done():
		return ctx.Err()
	}
	compute()
	return nil
}

// enter takes a place in the queue, if there is one for from.
func (h *Hasher) enter(from From) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	full := h.callers >= AtOnce+maxWaiting || !from.Known && h.strangers >= maxStrangers
	if full || from.Key != "" && h.keys[from.Key] >= maxSameKey {
		return false
	}
	h.count(from, 1)
	return true
}

func (h *Hasher) leave(from From) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.count(from, -1)
}

func (h *Hasher) count(from From, n int) {
	h.callers += n
	if !from.Known {
		h.strangers += n
	}
	if from.Key == "" {
		return
	}
	if h.keys[from.Key] += n; h.keys[from.Key] == 0 {
		delete(h.keys, from.Key)
	}
}

// hash holds the parts of a PHC string.
type hash struct {
	params    Params
	salt, key []byte
}

// derive returns a key of size bytes from a password, with the effort and the salt of h.
func (h hash) derive(password string, size int) []byte {
	return argon2.IDKey([]byte(password), h.salt, h.params.Passes, h.params.MemoryKiB, h.params.Lanes, uint32(size))
}

func (h hash) String() string {
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version,
		h.params.MemoryKiB, h.params.Passes, h.params.Lanes,
		base64.RawStdEncoding.EncodeToString(h.salt), base64.RawStdEncoding.EncodeToString(h.key))
}

func parse(encoded string) (hash, error) {
	const longest = 256 // the strings of Hash have 97 bytes, so never decode a long one
	parts := strings.Split(encoded[:min(len(encoded), longest)], "$")
	if len(encoded) > longest || len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" {
		return hash{}, ErrMalformed
	}
	if parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return hash{}, ErrMalformed
	}
	var h hash
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d",
		&h.params.MemoryKiB, &h.params.Passes, &h.params.Lanes); err != nil {
		return hash{}, ErrMalformed
	}
	var saltErr, keyErr error
	h.salt, saltErr = base64.RawStdEncoding.Strict().DecodeString(parts[4])
	h.key, keyErr = base64.RawStdEncoding.Strict().DecodeString(parts[5])
	// The string must be the same when it is written again, since Sscanf accepts signs, zeros and a rest
	// after them.
	if saltErr != nil || keyErr != nil || h.String() != encoded {
		return hash{}, ErrMalformed
	}
	if !h.params.within() || len(h.salt) < 8 || len(h.key) < 16 || len(h.key) > 64 {
		return hash{}, ErrMalformed
	}
	return h, nil
}

func random(n int) []byte {
	b := make([]byte, n)
	rand.Read(b) // never fails: the process ends when the system has no randomness
	return b
}
