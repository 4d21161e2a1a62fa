// Pages of changes: kept and shared, since after a restart all clients come back at once and ask for the same
// pages.

package actions

import (
	"sync"

	"parley/chat"
	"parley/store"
)

// maxPageBytes bounds the pages that are kept. When there is no room for the next page, all are dropped.
const maxPageBytes = 8 << 20

// pageKey identifies a page of changes: the room, the rev that the caller knows, the rev of the room at that
// time, and whether the page has deltas, without the texts that did not change. The changes between two revs stay the
// same for as long as the room is at the later rev, so a page need not be read twice.
type pageKey struct {
	room     chat.RoomID
	from, to int64 // revs
	deltas   bool
}

// sharedPages keeps pages of changes for all who ask. It is safe from any goroutine. Nobody may modify the
// messages in it.
type sharedPages struct {
	mu    sync.Mutex
	pages map[pageKey][]store.ChangedMessage
	bytes int
}

// changes returns the messages that changed in a room since a rev, as many as one answer holds. It checks no
// rights: the code that calls it has checked them.
func (s *sharedPages) changes(tx *store.Tx, head chat.Room, rev int64, deltas bool) ([]store.ChangedMessage, error) {
	key := pageKey{head.ID, rev, head.Rev, deltas}
	s.mu.Lock()
	page, found := s.pages[key]
	s.mu.Unlock()
	if found {
		return page, nil
	}
	page, err := tx.MessagesChanged(head, rev, changesPage, changesBytes, deltas)
	if err != nil {
		return nil, err
	}
	size := 0
	for _, m := range page {
		size += store.MessageBytes(m.Message)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.bytes+size > maxPageBytes || s.pages == nil {
		s.pages, s.bytes = map[pageKey][]store.ChangedMessage{}, 0
	}
	if _, found := s.pages[key]; !found {
		s.pages[key] = page
		s.bytes += size
	}
	return page, nil
}
