// The rooms that a new server begins with, in the language of whoever sets it up.

package actions

import (
	"strings"

	"parley/chat"
	"parley/store"
)

// firstRoom is a room that everyone is a member of.
type firstRoom struct {
	kind        chat.RoomKind
	name, topic string
}

// firstRooms returns the rooms in a language, a BCP 47 tag. Other languages than Chinese have the English ones.
func firstRooms(language string) []firstRoom {
	switch tag := strings.ToLower(language); {
	case tag == "":
		return []firstRoom{{chat.Public, "general", ""}, {chat.Announcements, "announcements", ""}}
	case tag == "zh" || strings.HasPrefix(tag, "zh-"):
		return []firstRoom{
			{chat.Public, "综合", "大家都在这里，什么都可以聊。"},
			{chat.Announcements, "公告", "给所有人的消息，由管理员发布。"},
		}
	default:
		return []firstRoom{
			{chat.Public, "general", "Everyone is here. Talk about anything."},
			{chat.Announcements, "announcements", "News for everyone, from the admins."},
		}
	}
}

// furnish gives a new server its name and its two rooms for everyone.
func (a *Actions) furnish(tx *store.WriteTx, serverName, language string) error {
	server := chat.Server{
		Name: serverName, Version: a.version, Registration: chat.RegistrationInvite, SetUp: true,
	}
	if err := tx.SetServer(server); err != nil {
		return err
	}
	for _, room := range firstRooms(language) {
		name := store.StoredName{Shown: room.name, Key: Fold(room.name)}
		_, err := tx.AddRoom(store.NewRoom{Kind: room.kind, Name: name, Topic: room.topic, Everyone: true})
		if err != nil {
			return err
		}
	}
	return nil
}
