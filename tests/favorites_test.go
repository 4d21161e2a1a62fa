// Favorites: the rooms that a person wants to see first, on all devices.

package tests

import (
	"net/http"
	"testing"

	"parley/chat"
	"parley/tests/harness"
)

// favoriteIn tells whether a room is one of somebody's favorites: in a new welcome, and in the list over HTTP.
func favoriteIn(t *testing.T, who *harness.Person, room chat.RoomID) bool {
	t.Helper()
	welcomed, listed := who.Dial(t).StateOf(t, room).Favorite, false
	var list chat.Rooms
	who.Get(t, "/api/rooms", &list)
	for _, one := range list.Rooms {
		listed = listed || one.ID == room && one.Favorite
	}
	if welcomed != listed {
		t.Errorf("favorite in the welcome: %v, in the list: %v", welcomed, listed)
	}
	return welcomed
}

func TestAFavoriteIsOneOnAllDevicesOfItsPersonAlone(t *testing.T) {
	t.Parallel()
	p := harness.Start(t, harness.Unlimited...)
	ann := p.SetUp(t)
	bob := p.SignUp(t, ann, "bob")
	room := ann.Creates(t, chat.Private, "project")
	ann.Adds(t, room.ID, bob)
	if favoriteIn(t, bob, room.ID) {
		t.Fatal("a room is a favorite before anybody made it one")
	}

	phone, desk, others := bob.Dial(t), bob.Dial(t), ann.Dial(t)
	var added, told chat.FavoriteChanged
	phone.Ask(t, "favorite.add", chat.RoomAt{RoomID: room.ID}, &added)
	desk.ExpectInto(t, "favorite.changed", &told)
	if !added.Favorite || added.RoomID != room.ID || told != added {
		t.Errorf("adding answered %+v, the other device was told %+v", added, told)
	}
	var again chat.FavoriteChanged
	bob.Call(t, http.MethodPut, harness.RoomPath(room.ID)+"/favorite", nil, http.StatusOK, &again)
	if again != added {
		t.Errorf("adding once more answered %+v, want %+v", again, added)
	}
	if !favoriteIn(t, bob, room.ID) || favoriteIn(t, ann, room.ID) {
		t.Errorf("a favorite of bob %v, of ann %v", favoriteIn(t, bob, room.ID), favoriteIn(t, ann, room.ID))
	}

	var removed chat.FavoriteChanged
	bob.Call(t, http.MethodDelete, harness.RoomPath(room.ID)+"/favorite", nil, http.StatusOK, &removed)
	desk.ExpectInto(t, "favorite.changed", &told)
	if removed.Favorite || removed.UserRev != added.UserRev+1 || told != removed {
		t.Errorf("removing answered %+v after %+v, the other device was told %+v", removed, added, told)
	}
	if favoriteIn(t, bob, room.ID) {
		t.Error("the room is still a favorite")
	}
	// The others in the room hear what is said there, and nothing of the favorites before that.
	bob.Says(t, room.ID, "hello")
	others.ExpectMessage(t)
	if heard := others.Got("favorite.changed"); len(heard) > 0 {
		t.Errorf("somebody else was told %+v", heard)
	}
	desk.ExpectMessage(t)
	if heard := desk.Got("favorite.changed"); len(heard) > 0 {
		t.Errorf("what changed nothing was told: %+v", heard)
	}
	p.CheckNumbers(t)
}

func TestAFavoriteIsOneOfARoomThatOneIsIn(t *testing.T) {
	t.Parallel()
	p := harness.Start(t, harness.Unlimited...)
	ann := p.SetUp(t)
	bob := p.SignUp(t, ann, "bob")
	closed, open := ann.Creates(t, chat.Private, "closed"), ann.Creates(t, chat.Public, "open")
	path := func(room chat.RoomState) string { return harness.RoomPath(room.ID) + "/favorite" }
	bob.Refused(t, chat.NotFound, http.MethodPut, path(closed), nil)
	bob.Refused(t, chat.NotFound, http.MethodDelete, path(closed), nil)
	bob.Refused(t, chat.Forbidden, http.MethodPut, path(open), nil)
	bob.Dial(t).AskRefused(t, chat.NotFound, "favorite.add", chat.RoomAt{RoomID: closed.ID})

	bob.Post(t, harness.RoomPath(open.ID)+"/join", nil, http.StatusOK, nil)
	bob.Call(t, http.MethodPut, path(open), nil, http.StatusOK, nil)
	if !favoriteIn(t, bob, open.ID) {
		t.Error("a member cannot make the room a favorite")
	}
	// An archived room is one still.
	ann.Call(t, http.MethodPatch, harness.RoomPath(open.ID), map[string]bool{"archived": true}, http.StatusOK, nil)
	bob.Call(t, http.MethodDelete, path(open), nil, http.StatusOK, nil)
	bob.Call(t, http.MethodPut, path(open), nil, http.StatusOK, nil)
	ann.Call(t, http.MethodPatch, harness.RoomPath(open.ID), map[string]bool{"archived": false}, http.StatusOK, nil)

	// The mark ends with the membership: so there are never more than memberships.
	leave(t, bob, open.ID)
	bob.Post(t, harness.RoomPath(open.ID)+"/join", nil, http.StatusOK, nil)
	if favoriteIn(t, bob, open.ID) {
		t.Error("the room is a favorite again after leaving and joining")
	}
	p.CheckNumbers(t)
}

// Whoever goes on changing favorites runs out of changes, as with everything else that is told.
func TestFavoritesCountAsChanges(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	ann := p.SetUp(t)
	path := harness.RoomPath(ann.Room(t, "general").ID) + "/favorite"
	for n := range 10_000 {
		method := http.MethodPut
		if n%2 == 1 {
			method = http.MethodDelete
		}
		if status, _ := ann.Try(t, method, path, nil); status == http.StatusTooManyRequests {
			return
		}
	}
	t.Error("10,000 changes of favorites in a row are not too many")
}
