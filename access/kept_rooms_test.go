package access

import (
	"fmt"
	"testing"

	"parley/chat"
)

func TestWhoDoesWhatToRooms(t *testing.T) {
	t.Parallel()
	const forbidden = chat.Forbidden
	for act, own := range map[chat.Act]chat.Code{
		chat.ActArchive: "", chat.ActUnarchive: "", chat.ActMakePrivate: "", chat.ActDeleteRoom: "",
		chat.ActRoomRole: forbidden, chat.ActTakeOut: forbidden, // the owners of a room have other ways to these
	} {
		check(t, fmt.Sprint(act, ", the owner"), Actor{User: 1, Role: chat.RoleOwner}.MayDoToRooms(act), "")
		check(t, fmt.Sprint(act, ", an admin"), Actor{User: 1, Role: chat.RoleAdmin}.MayDoToRooms(act), forbidden)
		check(t, fmt.Sprint(act, ", a member"), Actor{User: 1, Role: chat.RoleMember}.MayDoToRooms(act), forbidden)
		check(t, fmt.Sprint(act, ", the operator"), Actor{Operator: true}.MayDoToRooms(act), "")
		check(t, fmt.Sprint(act, ", an owner of the room"), MayKeepOwn(owning.in(chat.Private), act), own)
		check(t, fmt.Sprint(act, ", a member of the room"), MayKeepOwn(plain.in(chat.Private), act), forbidden)
		check(t, fmt.Sprint(act, ", an admin inside"), MayKeepOwn(adminIn.in(chat.Private), act), forbidden)
	}
	check(t, "an act on people", Actor{User: 1, Role: chat.RoleOwner}.MayDoToRooms(chat.ActReset), forbidden)
	archived := owning.in(chat.Private)
	archived.Archived = true
	check(t, "deleting one's room in use", MayDeleteOwn(owning.in(chat.Private)), forbidden)
	check(t, "deleting one's archived room", MayDeleteOwn(archived), "")
	archived.Role = chat.MemberPlain
	check(t, "deleting an archived room as a member", MayDeleteOwn(archived), forbidden)
}

func TestWhatARoomAllows(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		act  chat.Act
		room chat.Room
		want chat.Code
	}{
		{chat.ActArchive, chat.Room{Kind: chat.Announcements}, chat.Forbidden},
		{chat.ActDeleteRoom, chat.Room{Kind: chat.Announcements}, chat.Forbidden},
		{chat.ActTakeOut, chat.Room{Kind: chat.Announcements}, chat.Forbidden},
		{chat.ActRoomRole, chat.Room{Kind: chat.Announcements}, ""},
		{chat.ActArchive, chat.Room{Kind: chat.Direct}, ""},
		{chat.ActTakeOut, chat.Room{Kind: chat.Direct}, ""},
		{chat.ActRoomRole, chat.Room{Kind: chat.Direct}, chat.Forbidden},
		{chat.ActMakePrivate, chat.Room{Kind: chat.Direct}, chat.Forbidden},
		{chat.ActMakePrivate, chat.Room{Kind: chat.Public}, ""},
		{chat.ActUnarchive, chat.Room{Kind: chat.Public}, ""},
		{chat.ActUnarchive, chat.Room{Kind: chat.Private}, chat.Forbidden},
		{chat.ActUnarchive, chat.Room{Kind: chat.Private, MemberCount: 1}, ""},
	} {
		check(t, fmt.Sprintf("%s of %+v", c.act, c.room), MustAllow(c.act, c.room), c.want)
	}
}
