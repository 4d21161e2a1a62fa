// A lane records which messages of one sender have come to one member.

package load

import "slices"

// lane records numbers from 0. In the zero value nothing has come.
type lane struct {
	next    int    // the number after the highest that has come
	missing []span // the numbers below next that have not come, in order

	// back is set when the member returns after it was gone: from this number on it receives everything
	// again. Messages sent shortly before back may come too, in their order. came is the number after the
	// last of those that did.
	back, came int
}

// span is the numbers from from up to to, without to.
type span struct{ from, to int }

// skip marks the numbers from next up to number as missing. It returns the first of them.
func (l *lane) skip(number int) (first int) {
	first = l.next
	if first < number {
		l.missing = append(l.missing, span{first, number})
		l.next = number
	}
	return first
}

// take notes that a number below next has come, and reports whether it was missing.
func (l *lane) take(number int) bool {
	i, found := slices.BinarySearchFunc(l.missing, number, func(s span, number int) int {
		switch {
		case s.to <= number:
			return -1
		case s.from > number:
			return 1
		}
		return 0
	})
	if !found {
		return false
	}
	s := l.missing[i]
	var rest []span
	if s.from < number {
		rest = append(rest, span{s.from, number})
	}
	if number+1 < s.to {
		rest = append(rest, span{number + 1, s.to})
	}
	l.missing = slices.Replace(l.missing, i, i+1, rest...)
	return true
}

// returned notes that the member is there again. Nobody waits for it to receive messages below number.
func (l *lane) returned(number int) {
	l.skip(number)
	l.back, l.came = number, 0
}

// inOrder reports whether a number below next, which was missing, came in an order that is allowed.
func (l *lane) inOrder(number int) bool {
	if number >= l.back || number < l.came {
		return false
	}
	l.came = number + 1
	return true
}

// count is how many numbers are missing.
func (l *lane) count() int {
	n := 0
	for _, s := range l.missing {
		n += s.to - s.from
	}
	return n
}
