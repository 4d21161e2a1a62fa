// Pages of changes are shared: after a restart everyone comes back at once and asks for the same.

package actions

import (
	"sync"

	"parley/chat"
	"parley/store"
)

// maxPageBytes bounds the pages that are kept; full, they are simply dropped.
const maxPageBytes = 8 << 20

// pageKey names a page of changes. What changed in a room up to a rev never changes again, so that a page
// need not be read twice.
type pageKey struct {
	room     chat.RoomID
	from, to int64 // revs
}

// sharedPages are safe from any goroutine. Nobody may change the messages in them.
type sharedPages struct {
	mu    sync.Mutex
	pages map[pageKey][]chat.Message
	bytes int
}

// changes gives what changed in a room since a rev, as much as one answer holds. The caller has found out
// that whoever asks may see the room.
func (s *sharedPages) changes(tx *store.Tx, head chat.Room, rev int64) ([]chat.Message, error) {
	key := pageKey{head.ID, rev, head.Rev}
	s.mu.Lock()
	page, found := s.pages[key]
	s.mu.Unlock()
	if found {
		return page, nil
	}
	page, err := tx.MessagesChanged(head, rev, changesPage, changesBytes)
	if err != nil {
		return nil, err
	}
	size := 0
	for _, m := range page {
		size += store.MessageBytes(m)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.bytes+size > maxPageBytes || s.pages == nil {
		s.pages, s.bytes = map[pageKey][]chat.Message{}, 0
	}
	if _, found := s.pages[key]; !found {
		s.pages[key] = page
		s.bytes += size
	}
	return page, nil
}
