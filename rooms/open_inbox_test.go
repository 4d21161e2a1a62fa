package rooms

import (
	"testing"

	"parley/chat"
)

func TestWhatComesIntoTheInboxWhileOpeningIsKnown(t *testing.T) {
	t.Parallel()
	r := newTestRooms(t)
	ann := newListener(1)
	if err := r.Opening(ann.Socket); err != nil {
		t.Fatal(err)
	}
	added := func(seq int64, unread int, userRev int64) chat.Change {
		return chat.Change{
			Event: "notification.added", User: 1, UserRev: userRev,
			Data: chat.NotificationAdded{Notification: chat.Notification{Seq: seq}, Unread: unread, UserRev: userRev},
		}
	}
	told(r, added(4, 2, 7), added(5, 3, 8), chat.Change{
		Event: "notification.read", User: 1, UserRev: 9, Data: chat.NotificationsRead{Unread: 1, UserRev: 9},
	})
	ann.opensWith(t, r, Snapshot{UserRev: 7, Inbox: chat.Inbox{Seq: 4, Unread: 2}})
	told(r, added(6, 2, 10))
	checkEvents(t, "ann", ann, "welcome", "notification.added")
	if got := ann.welcome(t); got.Inbox != (chat.Inbox{Seq: 5, Unread: 1}) || got.UserRev != 9 {
		t.Errorf("she is welcomed with %+v at %d", got.Inbox, got.UserRev)
	}
}

func TestWhatSomebodyIsAskedWhileOpeningIsKnown(t *testing.T) {
	t.Parallel()
	r := newTestRooms(t)
	ann := newListener(1)
	if err := r.Opening(ann.Socket); err != nil {
		t.Fatal(err)
	}
	asked := func(room chat.RoomID, userRev int64) chat.Change {
		return chat.Change{
			Event: "room_invitation.added", User: 1, UserRev: userRev,
			Data: chat.RoomInvitationAdded{RoomInvitation: chat.RoomInvitation{RoomID: room}, UserRev: userRev},
		}
	}
	told(r, asked(4, 7), asked(5, 8), chat.Change{
		Event: "room_invitation.removed", User: 1, UserRev: 9, Data: chat.RoomInvitationRemoved{RoomID: 4, UserRev: 9},
	}, chat.Change{
		Event: "adding.changed", User: 1, UserRev: 10, Data: chat.AddingChanged{Adding: chat.AddingAnyone, UserRev: 10},
	})
	ann.opensWith(t, r, Snapshot{
		UserRev: 7, Adding: chat.AddingAsk, RoomInvitations: []chat.RoomInvitation{{RoomID: 4}},
	})
	told(r, asked(6, 11))
	checkEvents(t, "ann", ann, "welcome", "room_invitation.added")
	got := ann.welcome(t)
	if len(got.RoomInvitations) != 1 || got.RoomInvitations[0].RoomID != 5 || got.Adding != chat.AddingAnyone || got.UserRev != 10 {
		t.Errorf("she is welcomed with %+v at %d", got.RoomInvitations, got.UserRev)
	}
}
