// Pages of what has places without holes: a room's messages, an inbox's notifications.

package actions

import "parley/chat"

// Bounds of a page.
const (
	defaultPage = 50
	MaxPage     = 100
)

// PageOf asks for a page: the newest, or what is before, after or around a place. At most one of them is set; an inbox
// has no Around.
type PageOf struct {
	Before, After, Around int64
	Limit                 int // 0: as many as usual
}

// check refuses what cannot be asked for, and fills in the usual limit. last is the highest place that there can be.
func (of *PageOf) check(last int64) error {
	if of.Limit == 0 {
		of.Limit = defaultPage
	}
	if of.Limit < 1 || of.Limit > MaxPage {
		return chat.InvalidField("limit", "1 to %d", MaxPage)
	}
	given := 0
	for _, seq := range []int64{of.Before, of.After, of.Around} {
		if seq < 0 || seq > last {
			return chat.InvalidField("before", "a place is 1 to %d", last)
		}
		if seq > 0 {
			given++
		}
	}
	if given > 1 {
		return chat.InvalidField("before", "give only one of before, after and around")
	}
	return nil
}

// more tells whether there is more before and after a page, of what reaches from one place to another. Places have no
// holes, so the ends of the page tell.
func more[T any](of PageOf, page []T, seq func(T) int64, oldest, newest int64) (before, after bool) {
	if n := len(page); n > 0 {
		return seq(page[0]) > oldest, seq(page[n-1]) < newest
	}
	if of.Before > 0 {
		return false, newest > 0
	}
	return newest > 0, false
}
