// Notifications: notifying people, whether they are online or not, and reading the inbox.

package actions

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"math"
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"parley/access"
	"parley/chat"
	"parley/store"
)

// The bounds of notifications. A request may have MaxNotificationBytes, which is enough for maxRecipients
// names of 100 bytes.
const (
	maxRecipients        = 10_000
	MaxNotificationBytes = 1 << 20
	maxNotificationTitle = 200     // characters
	maxNotificationBody  = 4_000   // characters
	maxNotificationURL   = 2_048   // bytes
	maxNotificationData  = 4 << 10 // bytes
	maxNotificationKey   = 100     // characters
	maxNotifying         = 4       // calls under way
	maxUnknownNamed      = 10      // how many unknown names the refusal lists
)

// notifyChunk is how many inboxes one transaction writes. They are so few that a message which is sent
// meanwhile waits no longer than for one commit to disk.
const notifyChunk = 100

// Notify puts a notification into the inboxes of its recipients, and tells those who are online. It writes
// notifyChunk inboxes in each transaction. When it ends before all of them have it, a second call with the
// same key goes on from there. Programs whose token has the scope notify may, and the owner and the admins of
// the server.
func (a *Actions) Notify(ctx context.Context, by access.Caller, in chat.NewNotification) (chat.NotificationSent, error) {
	refuse := func(err error) (chat.NotificationSent, error) { return chat.NotificationSent{}, err }
	in, err := checkNotification(in)
	if err != nil {
		return refuse(err)
	}
	select {
	case a.notifying <- struct{}{}:
		defer func() { <-a.notifying }()
	default:
		return refuse(&chat.Error{
			Code: chat.Busy, Limit: maxNotifying, Message: "too many notifications are being sent",
		})
	}
	to, err := a.recipients(ctx, by, in.To)
	if err != nil {
		return refuse(err)
	}
	hash := notificationHash(in, to)
	for {
		if err := ctx.Err(); err != nil {
			return refuse(err)
		}
		sent, err := write(a.store, by, func(tx *store.WriteTx) (store.SentNotification, error) {
			return deliverNext(tx, by, in, hash, to)
		})
		if err != nil {
			return refuse(err)
		}
		if sent.Delivered >= len(to) {
			return chat.NotificationSent{Key: in.Key, Recipients: sent.Recipients, CreatedAt: sent.CreatedAt}, nil
		}
	}
}

// deliverNext delivers a notification to the next notifyChunk recipients, and returns how far the delivery
// has come.
func deliverNext(
	tx *store.WriteTx, by access.Caller, in chat.NewNotification, hash []byte, to []chat.UserID,
) (store.SentNotification, error) {
	if err := mustNotify(&tx.Tx, by); err != nil {
		return store.SentNotification{}, err
	}
	sent, err := tx.SentNotification(by.User, in.Key)
	if chat.IsCode(err, chat.NotFound) {
		sent, err = tx.AddNotification(by.User, in, hash, len(to))
	}
	if err != nil {
		return store.SentNotification{}, err
	}
	if !bytes.Equal(sent.Hash, hash) {
		return store.SentNotification{}, &chat.Error{
			Code: chat.KeyReused, Field: "key", Message: "this key was used for another notification",
		}
	}
	next := to[sent.Delivered:min(sent.Delivered+notifyChunk, len(to))]
	if len(next) == 0 {
		return sent, nil
	}
	sent.Delivered += len(next)
	listening, err := notBlocking(tx, by.User, next)
	if err != nil {
		return store.SentNotification{}, err
	}
	if err := tx.PassOver(sent.ID, len(next)-len(listening)); err != nil {
		return store.SentNotification{}, err
	}
	return sent, tx.Deliver(sent.ID, chat.Notification{
		SenderID: by.User, Title: in.Title, Body: in.Body, URL: in.URL, Data: in.Data,
	}, listening)
}

// mustNotify refuses people who are neither the owner nor an admin of the server. The door has checked the scope of a
// program.
func mustNotify(tx *store.Tx, by access.Caller) error {
	if by.Grant != nil {
		return nil
	}
	return administers(tx, by)
}

// recipients returns the ids of the named users, in order. When nobody has one of the names, it refuses and
// lists the unknown names, since they may be misspelled; nothing is sent then. It checks first that the
// caller may notify, so that nobody else can find out which names exist.
func (a *Actions) recipients(ctx context.Context, by access.Caller, names []string) ([]chat.UserID, error) {
	keys := make([]string, len(names))
	for i, name := range names {
		keys[i] = Fold(strings.TrimSpace(name))
	}
	found, err := readFor(ctx, a, by, func(tx *store.Tx) (map[string]chat.UserID, error) {
		if err := mustNotify(tx, by); err != nil {
			return nil, err
		}
		return tx.UserIDs(keys)
	})
	if err != nil {
		return nil, err
	}
	var ids []chat.UserID
	var unknown []string
	more := 0
	for i, key := range keys {
		id, known := found[key]
		switch {
		case known:
			ids = append(ids, id)
		case len(unknown) < maxUnknownNamed:
			unknown = append(unknown, fmt.Sprintf("%q", shortened(names[i])))
		default:
			more++
		}
	}
	if len(unknown) > 0 {
		text := "nobody is called " + strings.Join(unknown, ", ")
		if more > 0 {
			text += fmt.Sprintf(" and %d more", more)
		}
		return nil, chat.InvalidField("to", "%s", text)
	}
	slices.Sort(ids)
	return slices.Compact(ids), nil
}

// shortened cuts a name to a length that fits into an error message.
func shortened(name string) string {
	if utf8.RuneCountInString(name) <= maxName {
		return name
	}
	return string([]rune(name)[:maxName]) + "…"
}

// notificationHash returns a hash of what a notification says and to whom. Two requests with the same key and
// the same hash are one notification that was sent twice.
func notificationHash(in chat.NewNotification, to []chat.UserID) []byte {
	h := sha256.New()
	// Neither can fail: marshaling texts, ids and JSON that was parsed before, and writing to a hash.
	all, _ := json.Marshal([]any{in.Title, in.Body, in.URL, in.Data, to})
	h.Write(all)
	return h.Sum(nil)
}

// checkNotification checks everything except the names. It returns the request with its data compacted:
// without spaces between values.
func checkNotification(in chat.NewNotification) (chat.NewNotification, error) {
	if len(in.To) == 0 || len(in.To) > maxRecipients {
		return in, chat.InvalidField("to", "name 1 to %d people", maxRecipients)
	}
	var err error
	if in.Title, err = checkRequiredLine("title", in.Title, maxNotificationTitle); err != nil {
		return in, err
	}
	if in.Key, err = checkKey("key", in.Key, maxNotificationKey); err != nil {
		return in, err
	}
	if !utf8.ValidString(in.Body) || strings.ContainsRune(in.Body, 0) ||
		utf8.RuneCountInString(in.Body) > maxNotificationBody {
		return in, chat.InvalidField("body", "at most %d characters of UTF-8 without NUL", maxNotificationBody)
	}
	if err := checkLink("url", in.URL); err != nil {
		return in, err
	}
	if !utf8.Valid(in.Data) { // the decoder does not check it, and sockets would get it as it came
		return in, chat.InvalidField("data", "use UTF-8")
	}
	var data bytes.Buffer
	if len(in.Data) > 0 {
		if err := json.Compact(&data, in.Data); err != nil {
			return in, chat.InvalidField("data", "%v", err)
		}
	}
	if data.Len() > maxNotificationData {
		return in, chat.InvalidField("data", "at most %d bytes", maxNotificationData)
	}
	in.Data = data.Bytes()
	return in, nil
}

// checkLink accepts an address with http or https, or a path on this server. It refuses an address that a
// browser would run, and a path that a browser would take for an address of another site. It also refuses
// user names in addresses and characters that are not visible, by which a person could take an address for
// that of another site.
func checkLink(field, link string) error {
	wrong := chat.InvalidField(field, "an address with http or https, or a path on this server, of at most %d bytes",
		maxNotificationURL)
	if link == "" {
		return nil
	}
	if len(link) > maxNotificationURL || strings.ContainsFunc(link, func(r rune) bool {
		return r == '\\' || r == ' ' || r == utf8.RuneError || !unicode.IsPrint(r)
	}) {
		return wrong
	}
	u, err := url.Parse(link)
	switch {
	case err != nil:
		return wrong
	case u.Scheme == "http" || u.Scheme == "https":
		if u.Hostname() == "" || u.User != nil {
			return wrong
		}
	case u.Scheme != "" || !strings.HasPrefix(link, "/") || strings.HasPrefix(link, "//"):
		return wrong
	}
	return nil
}

// Notifications returns a page of the caller's inbox.
func (a *Actions) Notifications(ctx context.Context, by access.Caller, of PageOf) (chat.Notifications, error) {
	if err := of.check(math.MaxInt64); err != nil {
		return chat.Notifications{}, err
	}
	return readAs(ctx, a, by, func(tx *store.Tx) (page chat.Notifications, err error) {
		if page.Inbox, page.UserRev, err = tx.Inbox(by.User); err != nil {
			return page, err
		}
		switch {
		case of.After != nil:
			page.Notifications, err = tx.NotificationsAfter(by.User, *of.After, of.Limit, PageBytes)
		case of.Before != nil:
			page.Notifications, err = tx.NotificationsBefore(by.User, *of.Before, of.Limit, PageBytes)
		default:
			page.Notifications, err = tx.NotificationsBefore(by.User, page.Inbox.Seq+1, of.Limit, PageBytes)
		}
		if err != nil {
			return page, err
		}
		oldest, err := tx.OldestNotification(by.User)
		if err != nil || oldest == 0 {
			return page, err
		}
		page.Before, page.After = more(of, page.Notifications, notificationSeq, oldest, page.Inbox.Seq)
		return page, err
	})
}

func notificationSeq(n chat.Notification) int64 { return n.Seq }

// ReadNotifications marks one of the caller's notifications as read, or all up to one.
func (a *Actions) ReadNotifications(by access.Caller, in chat.NotificationRead) (chat.NotificationsRead, error) {
	var first, last int64
	switch {
	case (in.Seq == nil) == (in.UpTo == nil):
		return chat.NotificationsRead{}, chat.InvalidField("seq", "give one of seq and up_to")
	case in.Seq != nil && *in.Seq < 1:
		return chat.NotificationsRead{}, chat.InvalidField("seq", "a place in the inbox is 1 or more")
	case in.UpTo != nil && *in.UpTo < 0:
		return chat.NotificationsRead{}, chat.InvalidField("up_to", "use 0 or more")
	case in.Seq != nil:
		first, last = *in.Seq, *in.Seq
	default:
		first, last = 1, *in.UpTo // up to 0: none
	}
	return write(a.store, by, func(tx *store.WriteTx) (chat.NotificationsRead, error) {
		inbox, _, err := tx.Inbox(by.User)
		if err != nil {
			return chat.NotificationsRead{}, err
		}
		if last > inbox.Seq {
			return chat.NotificationsRead{}, chat.Errorf(chat.NotFound, "there is no such notification")
		}
		return tx.SetNotificationsRead(by.User, first, last)
	})
}
