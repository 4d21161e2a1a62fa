// Hosts: the names under which the server answers, who says so, and how a server that is upgraded learns
// them.

package actions

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"parley/access"
	"parley/chat"
	"parley/store"
)

// The bounds of the names of a server.
const (
	maxHosts       = 100 // that are confirmed
	maxHostsLearnt = 16  // that a server learns by itself
	maxHostsWarned = 32  // names that the log warns of, until the next start
)

// hosts is what the actions remember of the names of the server.
type hosts struct {
	since time.Time // when the server began to check names; zero for one that always did

	mu        sync.Mutex // guards the fields below
	confirmed map[string]bool
	warned    map[string]bool
}

// loadHosts reads the names of the server, as they are at its start.
func (a *Actions) loadHosts(tx *store.Tx) error {
	since, err := tx.HostsSince()
	if err != nil {
		return err
	}
	if since > 0 {
		a.hosts.since = time.UnixMilli(since)
	}
	list, err := tx.Hosts()
	if err == nil {
		a.setHosts(list)
	}
	return err
}

func (a *Actions) setHosts(list []chat.Host) {
	confirmed := map[string]bool{}
	for _, h := range list {
		confirmed[h.Name] = true
	}
	a.hosts.mu.Lock()
	defer a.hosts.mu.Unlock()
	a.hosts.confirmed = confirmed
	if a.hosts.warned == nil {
		a.hosts.warned = map[string]bool{}
	}
}

// rememberHost remembers a name that was confirmed.
func (a *Actions) rememberHost(name string) {
	a.hosts.mu.Lock()
	defer a.hosts.mu.Unlock()
	a.hosts.confirmed[name] = true
}

// HostConfirmed tells whether somebody has confirmed that people reach the server under a name. host is as
// access.HostName returns it.
func (a *Actions) HostConfirmed(host string) bool {
	a.hosts.mu.Lock()
	defer a.hosts.mu.Unlock()
	return a.hosts.confirmed[host]
}

// AnswersEverywhere tells whether the server still answers under every name: before it is set up, when there
// is nothing to protect but the set-up, which asks for its code; and for access.LearnHostsFor after an
// upgrade from a version that checked no names.
func (a *Actions) AnswersEverywhere() bool { return !a.setUp.Load() || a.learnsHosts() }

func (a *Actions) learnsHosts() bool {
	return !a.hosts.since.IsZero() && a.now().Before(a.hosts.since.Add(access.LearnHostsFor))
}

// WarnOfHost logs, once for each name and for a bounded number of names, that a name which is not confirmed
// will be refused.
func (a *Actions) WarnOfHost(host string) {
	if !a.setUp.Load() {
		return
	}
	a.hosts.mu.Lock()
	known := a.hosts.warned[host] || len(a.hosts.warned) >= maxHostsWarned
	if !known {
		a.hosts.warned[host] = true
	}
	a.hosts.mu.Unlock()
	if !known {
		slog.Warn("the server is asked under a name that nobody has confirmed, and will refuse it: if the name is right, "+
			"run parley host add", "host", host, "refused_from", a.hosts.since.Add(access.LearnHostsFor).UTC().Format(time.DateOnly))
	}
}

// LearnHost confirms the name under which a caller who is signed in reaches a server that was upgraded, if
// the caller may teach it: see access.MayTeachHost. It does not wait, and when it fails, the name is just not
// learned.
func (a *Actions) LearnHost(ctx context.Context, by access.Caller, host string) {
	if by.Grant != nil || !a.learnsHosts() || a.HostConfirmed(host) {
		return
	}
	teaches, err := read(ctx, a.store, func(tx *store.Tx) (bool, error) {
		user, began, err := tx.SessionBegan(by.Session)
		return err == nil && access.MayTeachHost(user.Role, time.UnixMilli(began), a.hosts.since), err
	})
	if err != nil || !teaches {
		return
	}
	a.keepHosts(by, func(tx *store.WriteTx) error {
		_, err := tx.AddHost(host, maxHostsLearnt)
		return err
	}, func(err error) {
		if err == nil {
			slog.Info("learned a name of the server; parley host remove takes it back", "host", host)
		}
	})
}

// Hosts lists the names that are confirmed. The owner of the server may, and the operator.
func (a *Actions) Hosts(ctx context.Context, by access.Caller) (chat.Hosts, error) {
	return readFor(ctx, a, by, func(tx *store.Tx) (chat.Hosts, error) {
		if err := mustKeepHosts(tx, by); err != nil {
			return chat.Hosts{}, err
		}
		list, err := tx.Hosts()
		return chat.Hosts{Hosts: list}, err
	})
}

// AddHost confirms a name: the server answers under it from now on. The owner of the server may, and the
// operator.
func (a *Actions) AddHost(by access.Caller, in chat.NewHost) (host chat.Host, err error) {
	name := access.HostName(in.Name)
	if name == "" {
		return host, chat.InvalidField("name", "use the name of a host, as chat.example.com")
	}
	if access.NeedsNoConfirming(name) {
		return host, chat.InvalidField("name", "the server always answers under %s", name)
	}
	_, err = Wait(func(done func(struct{}, error)) {
		a.keepHosts(by, func(tx *store.WriteTx) error {
			err := mustKeepHosts(&tx.Tx, by)
			if err == nil {
				host, err = confirm(tx, by, name)
			}
			return err
		}, func(err error) { done(struct{}{}, err) })
	})
	return host, err
}

// confirm confirms a name, and notes that unless the write changes nothing.
func confirm(tx *store.WriteTx, by access.Caller, name string) (chat.Host, error) {
	host, err := tx.AddHost(name, maxHosts)
	if err == nil && tx.Changed() {
		err = tx.Audit(by, chat.AuditEntry{Act: chat.ActHost, Detail: name})
	}
	return host, err
}

// RemoveHost takes a name back: the server no longer answers under it. The owner of the server may, and the
// operator.
func (a *Actions) RemoveHost(by access.Caller, name string) error {
	_, err := Wait(func(done func(struct{}, error)) {
		a.keepHosts(by, func(tx *store.WriteTx) error {
			err := mustKeepHosts(&tx.Tx, by)
			if err == nil {
				err = tx.RemoveHost(access.HostName(name))
			}
			if err == nil {
				err = tx.Audit(by, chat.AuditEntry{Act: chat.ActEndHost, Detail: access.HostName(name)})
			}
			return err
		}, func(err error) { done(struct{}{}, err) })
	})
	return err
}

// keepHosts changes the names in a transaction, and then what is remembered of them, before it calls done.
// The writer runs done of one transaction after the other, so the latest names are remembered last.
func (a *Actions) keepHosts(by access.Caller, change func(*store.WriteTx) error, done func(error)) {
	queueWrite(a.store, by, func(tx *store.WriteTx) ([]chat.Host, error) {
		if err := change(tx); err != nil {
			return nil, err
		}
		return tx.Hosts()
	}, func(list []chat.Host, err error) {
		if err == nil {
			a.setHosts(list)
		}
		done(err)
	})
}

func mustKeepHosts(tx *store.Tx, by access.Caller) error {
	if by.Operator {
		return nil
	}
	user, err := tx.User(by.User)
	if err != nil {
		return err
	}
	return access.MayKeepHosts(by, user.Role)
}
