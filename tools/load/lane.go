// A lane is what one member has had from one sender.

package load

import "slices"

// lane counts numbers from 0. The zero value is one on which nothing has come.
type lane struct {
	next    int    // the number after the highest that came
	missing []span // of the numbers below next, those that have not come, in order

	// back is the number from which on the member is known to be there again, after having been gone. What was
	// sent shortly before may come as well, in its order: came is the number after the last that did.
	back, came int
}

// span is the numbers from one up to another, which is not in it.
type span struct{ from, to int }

// skip notes that the numbers below one have not come, unless they have, and gives the first that is new.
func (l *lane) skip(number int) (first int) {
	first = l.next
	if first < number {
		l.missing = append(l.missing, span{first, number})
		l.next = number
	}
	return first
}

// take notes that a number below next came, and tells whether it was missing.
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

// returned notes that the member is there again, and not waited for by messages below a number.
func (l *lane) returned(number int) {
	l.skip(number)
	l.back, l.came = number, 0
}

// inOrder tells whether a number below next that was missing came where it may.
func (l *lane) inOrder(number int) bool {
	if number >= l.back || number < l.came {
		return false
	}
	l.came = number + 1
	return true
}

// count is how many are missing.
func (l *lane) count() int {
	n := 0
	for _, s := range l.missing {
		n += s.to - s.from
	}
	return n
}
