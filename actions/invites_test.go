package actions

import (
	"context"
	"testing"
	"time"

	"parley/chat"
)

// notInvited checks that a code makes no account, and that nobody is told whose it was.
func (p *parts) notInvited(t *testing.T, name, code string) {
	t.Helper()
	if err := p.registers(name, code); !chat.IsCode(err, chat.NotFound) {
		t.Errorf("registering: got %v, want not_found", err)
	}
	if _, err := p.CheckInvite(context.Background(), "home", chat.InviteCode{Code: code}); !chat.IsCode(err, chat.NotFound) {
		t.Errorf("checking: got %v, want not_found", err)
	}
	if _, err := p.PersonCalled(context.Background(), name); !chat.IsCode(err, chat.NotFound) {
		t.Errorf("%s has an account: %v", name, err)
	}
}

func TestAnExpiredInviteRegistersNobody(t *testing.T) {
	t.Parallel()
	p := start(t)
	p.signsUp(t, "ann")
	for _, c := range []struct {
		seconds int64         // that the invite is to live
		ago     time.Duration // since it was made
		works   bool
	}{
		{0, inviteLife + time.Second, false},
		{0, inviteLife - time.Hour, true},
		{3600, time.Hour + time.Second, false},
		{3600, time.Hour / 2, true},
	} {
		p.clock(time.Now().Add(-c.ago))
		invite := p.invites(t, chat.NewInvite{ExpiresIn: c.seconds})
		p.now = time.Now
		if !c.works {
			p.notInvited(t, "bob", invite.Code)
		} else if _, err := p.CheckInvite(context.Background(), "home", chat.InviteCode{Code: invite.Code}); err != nil {
			t.Errorf("%v after it was made for %d s: %v", c.ago, c.seconds, err)
		}
		list, err := p.Invites(context.Background(), owner(), 0)
		if err != nil || (len(list.Invites) > 0 && list.Invites[0].ID == invite.ID) != c.works {
			t.Errorf("%v after it was made for %d s the list is %+v, %v", c.ago, c.seconds, list, err)
		}
	}
}

func TestAnEndedInviteRegistersNobody(t *testing.T) {
	t.Parallel()
	p := start(t)
	p.signsUp(t, "ann")
	invite := p.invites(t, chat.NewInvite{})
	if err := p.registers("bob", invite.Code); err != nil {
		t.Fatal(err)
	}
	if err := p.EndInvite(owner(), invite.ID); err != nil {
		t.Fatal(err)
	}
	p.notInvited(t, "eve", invite.Code)
	if err := p.EndInvite(owner(), invite.ID); !chat.IsCode(err, chat.NotFound) {
		t.Errorf("ending it again: got %v, want not_found", err)
	}
}

func TestAnInviteRegistersAsManyAsItIsFor(t *testing.T) {
	t.Parallel()
	p := start(t)
	p.signsUp(t, "ann")
	twice, always := p.invites(t, chat.NewInvite{MaxUses: 2}), p.invites(t, chat.NewInvite{})
	if err := p.registers("ann", twice.Code); !chat.IsCode(err, chat.NameTaken) {
		t.Errorf("a name that is taken: got %v", err)
	}
	for _, name := range []string{"bob", "cho"} { // what was refused is no use of it
		if err := p.registers(name, twice.Code); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if err := p.registers(name+"2", always.Code); err != nil {
			t.Errorf("%s2: %v", name, err)
		}
	}
	p.notInvited(t, "dan", twice.Code)
	if err := p.registers("dan", always.Code); err != nil {
		t.Errorf("by the invite without an end: %v", err)
	}
}

func TestRegisteringNeedsWhatTheServerSays(t *testing.T) {
	t.Parallel()
	p := start(t)
	for _, code := range []string{"", "GUESS"} { // which is not even looked up
		if err := p.registers("mallory", code); !chat.IsCode(err, chat.Forbidden) {
			t.Errorf("before there is an owner, with the code %q: got %v", code, err)
		}
	}
	p.signsUp(t, "ann")
	invite := p.invites(t, chat.NewInvite{})
	set := func(registration chat.Registration) {
		t.Helper()
		if _, err := p.ChangeServer(owner(), chat.ServerChange{Registration: &registration}); err != nil {
			t.Fatal(err)
		}
	}
	if err := p.registers("bob", ""); !chat.IsCode(err, chat.Forbidden) {
		t.Errorf("without an invite: got %v", err)
	}
	set(chat.RegistrationClosed)
	if err := p.registers("bob", invite.Code); !chat.IsCode(err, chat.Forbidden) {
		t.Errorf("while registration is closed: got %v", err)
	}
	set(chat.RegistrationOpen)
	if err := p.registers("bob", ""); err != nil {
		t.Errorf("while it is open: %v", err)
	}
}
