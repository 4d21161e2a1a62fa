// Attempts: how often somebody may guess a password or a code, and the devices that are known.

package actions

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"strconv"
	"strings"
	"time"

	"parley/access"
	"parley/chat"
	"parley/internal/ratelimit"
	"parley/store"
)

// signInWindow is the time for which failed attempts count; for an account as a whole it is accountWindow.
const (
	signInWindow  = 3 * time.Minute
	accountWindow = time.Hour
)

// The failed attempts that an address range may make at any accounts, and all ranges together at one account,
// as multiples of those that one range may make at one account.
const (
	rangeTries   = 5
	accountTries = 3
)

// The sign-ins to one account and changes of its password that succeed in signInWindow, as a multiple of the same,
// and at least: more than the passwords that are being checked at once, so that nobody else's guesses use them up
// meanwhile. Each costs the server as much as one that fails.
const (
	accountSignIns = 6
	leastSignIns   = 60
)

// attempts count failed attempts to guess a secret.
type attempts struct {
	limit    int
	codes    *ratelimit.Limiter // of links, by address range
	pairs    *ratelimit.Limiter // by account and address range
	ranges   *ratelimit.Limiter // by address range
	accounts *ratelimit.Limiter // by folded name
	own      *ratelimit.Limiter // by known device, or by session
	right    *ratelimit.Limiter // sign-ins and changes of the password that succeed, by user
}

func newAttempts(limit int, now func() time.Time) *attempts {
	every := func(times int, window time.Duration) *ratelimit.Limiter {
		most := times * limit
		return ratelimit.New(float64(most)/window.Seconds(), most, maxKeys, now)
	}
	right := max(leastSignIns, accountSignIns*limit)
	return &attempts{
		right: ratelimit.New(float64(right)/signInWindow.Seconds(), right, maxKeys, now),
		limit: limit, codes: every(1, signInWindow), pairs: every(1, signInWindow), own: every(1, signInWindow),
		ranges: every(rangeTries, signInWindow), accounts: every(accountTries, accountWindow),
	}
}

// budget is one of the limits, for a key.
type budget struct {
	of  *ratelimit.Limiter
	key string
}

// take counts an attempt in all of these budgets, or in none and refuses with TooManyAttempts. It is called
// before the secret is checked, so that attempts side by side are all counted. Unless the secret was checked and
// was wrong, the caller calls giveBack.
func (a *attempts) take(all ...budget) (giveBack func(), err error) {
	for i, b := range all {
		if ok, wait := b.of.Allow(b.key); !ok {
			giveAllBack(all[:i])
			return nil, &chat.Error{
				Code: chat.TooManyAttempts, Limit: int64(a.limit), RetryAfter: max(1, wait.Milliseconds()),
				Message: "too many attempts; wait a moment",
			}
		}
	}
	return func() { giveAllBack(all) }, nil
}

func giveAllBack(all []budget) {
	for _, b := range all {
		b.of.GiveBack(b.key, 1)
	}
}

// code has check compare the code of a link with those there are, and counts an attempt when it was wrong: then
// check fails with NotFound or Forbidden. What cannot be a code is no guess at one, so it only goes to check, which
// refuses it.
func (a *attempts) code(address, code string, check func() error) error {
	if !canBeCode(code) {
		return check()
	}
	giveBack, err := a.take(budget{a.codes, address})
	if err != nil {
		return err
	}
	if err = check(); !chat.IsCode(err, chat.NotFound) && !chat.IsCode(err, chat.Forbidden) {
		giveBack()
	}
	return err
}

// canBeCode tells whether a code has the form of those that newCode makes.
func canBeCode(code string) bool {
	return len(code) == codeChars && strings.Trim(code, codeAlphabet) == ""
}

// signIn counts an attempt to guess the password of an account. key is its folded name. A known device has a budget
// of its own, so that nobody else's guesses hold it back.
func (a *attempts) signIn(key, address, device string) (giveBack func(), err error) {
	if device != "" {
		return a.take(budget{a.own, "device " + device})
	}
	return a.take(budget{a.ranges, address}, budget{a.pairs, key + " " + address}, budget{a.accounts, key})
}

// succeed counts a sign-in to an account, or a change of its password, that will succeed. It is called before the
// password is checked; when it was wrong after all, the caller calls giveBack. So only whoever knows the password
// uses this up.
func (a *attempts) succeed(user chat.UserID) (giveBack func(), err error) {
	return a.take(budget{a.right, strconv.FormatInt(int64(user), 10)})
}

// signedIn counts an attempt that somebody makes while they are signed in.
func (a *attempts) signedIn(by access.Caller) (giveBack func(), err error) {
	return a.take(budget{a.own, "session " + string(by.Session)})
}

const (
	deviceBytes = 12 // of a device's random name
	maxDevices  = 16 // that one sign-in is compared with
)

// deviceOf returns the name of the device among those that a browser shows which has signed in to an account
// before; empty when there is none.
func (a *Actions) deviceOf(account store.Account, shown []string) string {
	for _, mark := range shown[:min(len(shown), maxDevices)] {
		raw, err := base64.RawURLEncoding.DecodeString(mark)
		if err != nil || len(raw) != deviceBytes+sha256.Size {
			continue
		}
		if hmac.Equal(raw[deviceBytes:], a.deviceSeal(account, raw[:deviceBytes])) {
			return string(raw[:deviceBytes])
		}
	}
	return ""
}

// deviceSeal proves that a device has signed in to an account. It is sealed with the hash of the password, so
// that a new password makes every device unknown.
func (a *Actions) deviceSeal(account store.Account, device []byte) []byte {
	seal := hmac.New(sha256.New, a.TokenKey)
	seal.Write([]byte("parley device " + strconv.FormatInt(int64(account.User.ID), 10) + " "))
	seal.Write(device)
	seal.Write([]byte(account.PasswordHash)) // the last part, so no two inputs read the same
	return seal.Sum(nil)
}

// Device makes what a browser shows later, to prove that it has signed in as a user: see deviceOf. It gives no
// right.
func (a *Actions) Device(ctx context.Context, user chat.UserID) (string, error) {
	account, err := read(ctx, a.store, func(tx *store.Tx) (store.Account, error) { return tx.AccountOf(user) })
	if err != nil {
		return "", err
	}
	device := make([]byte, deviceBytes)
	rand.Read(device) // never fails: the process ends when the system has no randomness
	return base64.RawURLEncoding.EncodeToString(append(device, a.deviceSeal(account, device)...)), nil
}
