package actions

import (
	"context"
	"testing"

	"parley/access"
	"parley/chat"
)

func TestANewServerBeginsInTheLanguageOfItsSetUp(t *testing.T) {
	t.Parallel()
	for language, want := range map[string][2]string{
		"":           {"general", "announcements"},
		"en":         {"general", "announcements"},
		"zh-Hans":    {"综合", "公告"},
		"zh-CN":      {"综合", "公告"},
		"ZH":         {"综合", "公告"},
		"de":         {"general", "announcements"},
		"zhuang":     {"general", "announcements"},
		"\x00wrong?": {"general", "announcements"},
	} {
		p := start(t)
		ann, _, err := p.SetUp(context.Background(), "home", "", chat.Setup{
			Code: p.setupCode, ServerName: "Home", Language: language,
			NewAccount: chat.NewAccount{Name: "ann", Password: goodPassword},
		})
		if err != nil {
			t.Fatalf("in %q: %v", language, err)
		}
		by := access.Caller{User: ann.ID}
		for i, kind := range []chat.RoomKind{chat.Public, chat.Announcements} {
			room, err := p.EveryonesRoom(context.Background(), by, kind)
			if err != nil || room.Name != want[i] {
				t.Errorf("in %q: got %q and %v, want %q", language, room.Name, err, want[i])
			}
			if (room.Topic == "") != (language == "") {
				t.Errorf("in %q: got the topic %q", language, room.Topic)
			}
		}
	}
}
