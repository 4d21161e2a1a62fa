// Pages: which part of a list to return. The messages of a room and the notifications of an inbox are lists whose
// places have no holes; other lists go by the ids of their things.

package actions

import (
	"math"

	"parley/chat"
)

// The bounds of a page.
const (
	defaultPage = 50
	// MaxPage is how many things one page can have, where a request may say how many.
	MaxPage = 100
	// PageBytes is about how many bytes a page of any list has on the wire. A page ends with whatever brings
	// it there, so it has at least one element.
	PageBytes = 256 << 10
)

// PageOf says which page of a list to return. At most one of Before, After and Around may be set; each is a
// seq, or 0, which is the place before the first: After 0 is the first page. Without any, it is the page with the
// newest. An inbox has no Around.
type PageOf struct {
	Before, After, Around *int64
	Limit                 int // 0 means defaultPage
}

// check refuses a page that cannot exist, and sets the limit when it is missing. last is the highest seq that
// a list can have.
func (of *PageOf) check(last int64) error {
	if err := checkPage(&of.Limit); err != nil {
		return err
	}
	given := 0
	for _, place := range []struct {
		field string
		seq   *int64
	}{{"before", of.Before}, {"after", of.After}, {"around", of.Around}} {
		if place.seq == nil {
			continue
		}
		if *place.seq < 0 || *place.seq > last {
			return chat.InvalidField(place.field, "a place is 0 to %d", last)
		}
		given++
	}
	if given > 1 {
		return chat.InvalidField("before", "give only one of before, after and around")
	}
	return nil
}

// checkPage refuses a limit that no page has, and sets one that is missing.
func checkPage(limit *int) error {
	if *limit == 0 {
		*limit = defaultPage
	}
	if *limit < 1 || *limit > MaxPage {
		return chat.InvalidField("limit", "use 1 to %d", MaxPage)
	}
	return nil
}

// checkPageBefore is checkPage for a list that is read from the newest on. Without before, the page begins with the
// newest.
func checkPageBefore(before *int64, limit *int) error {
	if *before == 0 {
		*before = math.MaxInt64
	}
	if *before < 1 {
		return chat.InvalidField("before", "use the id of the last that you have")
	}
	return checkPage(limit)
}

// more tells whether there is more before and after a page, in a list that reaches from the seq oldest to the
// seq newest. Places have no holes, so the first and the last seq of the page tell.
func more[T any](of PageOf, page []T, seq func(T) int64, oldest, newest int64) (before, after bool) {
	if n := len(page); n > 0 {
		return seq(page[0]) > oldest, seq(page[n-1]) < newest
	}
	if of.Before != nil {
		return false, newest > 0
	}
	return newest > 0, false
}
