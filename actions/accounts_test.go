package actions

import (
	"context"
	"runtime"
	"testing"
	"time"

	"parley/access"
	"parley/chat"
	"parley/internal/engines"
	"parley/internal/password"
	"parley/internal/wait"
	"parley/store/sqlite"
)

// What takes time is the hashing, and its memory tells whether it was done. Not beside other tests, since all
// that is allocated counts.
func TestAnUnknownNameTakesAsLongAsAWrongPassword(t *testing.T) {
	p := start(t)
	p.hasher = password.New(password.Default)
	p.signsUp(t, "ann")
	for _, name := range []string{"ann", "nobody"} { // and not a name that nobody can have: everybody knows that
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, _, err := p.SignIn(context.Background(), "address", chat.Login{Name: name, Password: "wrong password"})
		runtime.ReadMemStats(&after)
		if !chat.IsCode(err, chat.WrongCredentials) {
			t.Fatalf("%s: got %v", name, err)
		}
		effort := uint64(password.Default.MemoryKiB) << 10
		if used := after.TotalAlloc - before.TotalAlloc; used < effort || used > 2*effort {
			t.Errorf("%q took %d KiB to refuse, want what one hash takes: %d", name, used>>10, effort>>10)
		}
	}
}

// Whoever knew the old password and is halfway through signing in, or through changing it, comes too late.
func TestAnotherPasswordEndsWhatTheOldOneHasBegun(t *testing.T) {
	t.Parallel()
	engines.OnlySQLite(t)
	for _, c := range []struct {
		name string
		late func(p *parts, thief access.Caller) error
	}{
		{"signing in", func(p *parts, _ access.Caller) error {
			_, _, err := p.SignIn(context.Background(), "thief", chat.Login{Name: "ann", Password: goodPassword})
			return err
		}},
		{"changing the password", func(p *parts, thief access.Caller) error {
			_, err := p.ChangePassword(context.Background(), thief,
				chat.PasswordChange{Current: goodPassword, New: "the thief's password"})
			return err
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p := start(t)
			p.signsUp(t, "ann")
			own, thief := p.signsIn(t, "ann"), p.signsIn(t, "ann")
			release := p.holdWriter(t)
			first, second := make(chan error, 1), make(chan error, 1)
			go func() {
				_, err := p.ChangePassword(context.Background(), own,
					chat.PasswordChange{Current: goodPassword, New: "a new password"})
				first <- err
			}()
			wait.Until(t, "the new password waits to be stored", func() bool { return p.store.Counts().Writes == 1 })
			go func() { second <- c.late(p, thief) }()
			wait.Until(t, "the late one waits too", func() bool { return p.store.Counts().Writes == 2 })
			release()
			if err := <-first; err != nil {
				t.Fatal(err)
			}
			if err := <-second; !chat.IsCode(err, chat.WrongCredentials) && !chat.IsCode(err, chat.SignedOut) {
				t.Errorf("the late one got %v, want a refusal", err)
			}
			if sessions := p.sessions(t); sessions != 1 {
				t.Errorf("%d sessions are left, want the one that changed the password", sessions)
			}
			_, _, err := p.SignIn(context.Background(), "own", chat.Login{Name: "ann", Password: "a new password"})
			if err != nil {
				t.Errorf("the new password does not work: %v", err)
			}
		})
	}
}

// sessions counts those that are stored.
func (p *parts) sessions(t *testing.T) (n int) {
	t.Helper()
	db, err := sqlite.OpenBeside(p.path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := db.QueryRowContext(t.Context(), `SELECT count(*) FROM sessions`).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// Whoever has the link may open it twice, and two people may open it at once.
func TestTheServerIsSetUpOnce(t *testing.T) {
	t.Parallel()
	p := start(t)
	setup := func(name string) chat.Setup {
		return chat.Setup{
			Code: p.setupCode, ServerName: "Home", NewAccount: chat.NewAccount{Name: name, Password: goodPassword},
		}
	}
	wrong := setup("mallory")
	wrong.Code = p.setupCode + "X"
	for _, code := range []string{"", "GUESS", wrong.Code, p.setupCode[1:]} {
		wrong.Code = code
		if _, _, err := p.SetUp(context.Background(), "home", "", wrong); !chat.IsCode(err, chat.Forbidden) {
			t.Errorf("with the code %q: got %v", code, err)
		}
	}
	release := p.holdWriter(t)
	results := make(chan error, 2)
	for _, name := range []string{"ann", "bob"} {
		go func() {
			_, _, err := p.SetUp(context.Background(), "home", "", setup(name))
			results <- err
		}()
	}
	wait.Until(t, "both wait to be stored", func() bool { return p.store.Counts().Writes == 2 })
	release()
	first, second := <-results, <-results
	if first != nil {
		first, second = second, first
	}
	if first != nil || !chat.IsCode(second, chat.AlreadySetUp) {
		t.Errorf("got %v and %v, want one owner", first, second)
	}
	if _, _, err := p.SetUp(context.Background(), "home", "", setup("eve")); !chat.IsCode(err, chat.AlreadySetUp) {
		t.Errorf("afterwards: got %v", err)
	}
	if code := p.SetupCode(); code != "" {
		t.Errorf("the code %q is still there", code)
	}
}

func TestALoginLastsThirtyDaysFromItsLastUse(t *testing.T) {
	t.Parallel()
	p := start(t)
	ann := p.signsUp(t, "ann")
	now := time.Now().Add(-10 * 24 * time.Hour)
	const life = 30 * 24 * time.Hour
	p.clock(now)
	_, session, err := p.SignIn(context.Background(), "home", chat.Login{Name: "ann", Password: goodPassword})
	if err != nil || session.ExpiresAt != now.Add(life).UnixMilli() {
		t.Errorf("got %+v %v, want until %v", session, err, now.Add(life))
	}
	p.clock(now.Add(24 * time.Hour))
	if ends, err := p.Prolong(session.ID); err != nil || !ends.Equal(now.Add(24*time.Hour+life)) {
		t.Errorf("prolonged until %v %v", ends, err)
	}
	p.clock(time.Now().Add(-life - time.Second))
	_, over, err := p.SignIn(context.Background(), "home", chat.Login{Name: "ann", Password: goodPassword})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.SignedIn(context.Background(), over.ID); !chat.IsCode(err, chat.SignedOut) {
		t.Errorf("a login that is over: got %v", err)
	}
	for _, id := range []chat.SessionID{session.ID, ann.Session} {
		if _, err := p.SignedIn(context.Background(), id); err != nil {
			t.Errorf("a login that is not over: got %v", err)
		}
	}
}

func TestALinkForAPasswordWorksForAnHour(t *testing.T) {
	t.Parallel()
	p := start(t)
	p.signsUp(t, "ann")
	bob := p.signsUp(t, "bob")
	for _, c := range []struct {
		ago   time.Duration // since it was made
		works bool
	}{{time.Hour + time.Second, false}, {50 * time.Minute, true}} {
		p.clock(time.Now().Add(-c.ago))
		reset, err := p.MakeReset(owner(), bob.User)
		p.now = time.Now
		if err != nil {
			t.Fatal(err)
		}
		in := chat.ResetPassword{Code: reset.Code, Password: "another good password"}
		_, checked := p.CheckReset(context.Background(), "home", chat.ResetCode{Code: reset.Code})
		_, _, used := p.UseReset(context.Background(), "home", in)
		for _, err := range []error{checked, used} {
			if (err == nil) != c.works || err != nil && !chat.IsCode(err, chat.NotFound) {
				t.Errorf("%s after it was made: got %v, want it to work: %v", c.ago, err, c.works)
			}
		}
	}
}

func TestALinkForAPasswordEndsWhenItsPersonChoosesOne(t *testing.T) {
	t.Parallel()
	p := start(t)
	p.signsUp(t, "ann")
	bob := p.signsUp(t, "bob")
	reset, err := p.MakeReset(owner(), bob.User)
	if err != nil {
		t.Fatal(err)
	}
	change := chat.PasswordChange{Current: goodPassword, New: "a new password"}
	if _, err := p.ChangePassword(context.Background(), p.signsIn(t, "bob"), change); err != nil {
		t.Fatal(err)
	}
	in := chat.ResetPassword{Code: reset.Code, Password: "another good password"}
	if _, _, err := p.UseReset(context.Background(), "home", in); !chat.IsCode(err, chat.NotFound) {
		t.Errorf("got %v, want that the link does not work any more", err)
	}
}
