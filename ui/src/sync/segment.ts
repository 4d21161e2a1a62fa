// One room's segment: joins pages, applies changes, trims. Pure.
import type { Message, Page } from '../net/types';
import { SEGMENT_MAX, type Segment } from '../store/messages';

/** Makes a segment of one page. */
export function fromPage(page: Page): Segment {
  return { messages: page.messages, before: page.before, after: page.after, rev: page.rev };
}

/**
 * Joins a page to one end of a segment. The result is complete up to the smaller rev of the two, and the
 * caller catches up from there. A page that does not touch the segment changes nothing.
 */
export function extend(segment: Segment, page: Page, side: 'older' | 'newer'): Segment {
  const first = segment.messages[0];
  const last = segment.messages.at(-1);
  if (!first || !last) {
    return fromPage(page);
  }
  const rev = Math.min(segment.rev, page.rev);
  if (side === 'older') {
    const fresh = page.messages.filter((m) => m.seq < first.seq);
    if (fresh.at(-1)?.seq !== first.seq - 1) {
      // Each seq is one more than the one before, from 1 on. A page with a gap was asked for before the
      // segment changed.
      return first.seq === 1 ? { ...segment, before: false } : segment;
    }
    return { ...segment, messages: [...fresh, ...segment.messages], before: page.before, rev };
  }
  const fresh = page.messages.filter((m) => m.seq > last.seq);
  if (fresh[0]?.seq !== last.seq + 1) {
    return page.seq === last.seq ? { ...segment, after: false } : segment;
  }
  return { ...segment, messages: [...segment.messages, ...fresh], after: page.after, rev };
}

/** Puts changed messages, in any order, into the segment, which is then complete up to `rev`. */
export function merge(segment: Segment, changed: readonly Message[], rev: number): Segment {
  const messages = [...segment.messages];
  let after = segment.after;
  for (const message of [...changed].sort((a, b) => a.seq - b.seq)) {
    const first = messages[0]?.seq ?? message.seq;
    const end = first + messages.length;
    const at = message.seq - first;
    if (at < 0) {
      continue;
    }
    if (message.seq < end) {
      if (message.rev > (messages[at]?.rev ?? 0)) {
        messages[at] = message;
      }
    } else if (!after && message.seq === end && (messages.length || !segment.before)) {
      messages.push(message);
    } else {
      after = true;
    }
  }
  return { messages, before: segment.before, after, rev: Math.max(rev, segment.rev) };
}

/** Drops messages over the bound, from the end that is farther from the place being read. */
export function trim(
  segment: Segment,
  place: { seq: number; atEnd: boolean } | undefined,
  max = SEGMENT_MAX,
): Segment {
  const over = segment.messages.length - max;
  const first = segment.messages[0];
  if (over <= 0 || !first) {
    return segment;
  }
  const middle = first.seq + segment.messages.length / 2;
  if (!place || place.atEnd || place.seq >= middle) {
    return { ...segment, messages: segment.messages.slice(over), before: true };
  }
  return { ...segment, messages: segment.messages.slice(0, max), after: true };
}

/**
 * The last page of a segment, kept for a start without a server. Undefined when newer messages are not
 * loaded.
 */
export function lastPage(segment: Segment, size = 50): Segment | undefined {
  if (segment.after) {
    return undefined;
  }
  const cut = segment.messages.length > size;
  return { ...segment, messages: segment.messages.slice(-size), before: segment.before || cut };
}
