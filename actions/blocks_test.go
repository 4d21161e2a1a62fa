package actions

import (
	"context"
	"testing"

	"parley/access"
	"parley/chat"
	"parley/store"
)

func TestNobodyBlocksMoreThanTheyMay(t *testing.T) {
	t.Parallel()
	p := start(t)
	ann := p.signsUp(t, "ann")
	var all []chat.UserID
	p.must(t, func(tx *store.WriteTx) error {
		all = nil
		for n := range maxBlocks + 1 {
			name := store.StoredName{Shown: "bot" + number(chat.UserID(n)), Key: "bot" + number(chat.UserID(n))}
			bot, err := tx.AddBot(name, "Bot", chat.RoleMember, 0)
			if err != nil {
				return err
			}
			all = append(all, bot.ID)
		}
		return nil
	})
	p.must(t, func(tx *store.WriteTx) error {
		for _, other := range all[:maxBlocks-1] {
			if _, err := tx.SetBlock(ann.User, other, true); err != nil {
				return err
			}
		}
		return nil
	})
	_, err := p.Block(ann, all[maxBlocks-1], true)
	checkError(t, "the last", err, "")
	_, err = p.Block(ann, all[maxBlocks], true)
	checkError(t, "one too many", err, chat.TooManyPeople)
	_, err = p.Block(ann, all[0], true)
	checkError(t, "one of them again, since the answer was lost", err, "")
	_, err = p.Block(ann, all[0], false)
	checkError(t, "ending one", err, "")
	_, err = p.Block(ann, all[maxBlocks], true)
	checkError(t, "one more after that", err, "")
	if list, err := p.Blocks(context.Background(), ann); err != nil || len(list.UserIDs) != maxBlocks {
		t.Errorf("%d are blocked, %v", len(list.UserIDs), err)
	}
	program := access.Caller{User: all[1], Grant: &access.Grant{}}
	_, err = p.Block(program, ann.User, true)
	checkError(t, "a program", err, chat.Forbidden)
}
