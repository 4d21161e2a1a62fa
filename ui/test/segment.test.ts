import { describe, expect, test } from 'vitest';
import type { Message, Page } from '../src/net/types';
import { extend, fromPage, lastPage, merge, trim } from '../src/sync/segment';

function message(seq: number, rev = seq, body = `m${seq}`): Message {
  return {
    room_id: 1,
    seq,
    rev,
    author_id: 2,
    client_id: `c${seq}`,
    body,
    html: `<p>${body}</p>`,
    created_at: seq * 1000,
  };
}

function pageOf(from: number, to: number, rev: number, before = from > 1, after = false): Page {
  const messages = Array.from({ length: to - from + 1 }, (_, i) => message(from + i));
  return { messages, before, after, seq: to, rev };
}

const seqs = (s: { messages: readonly Message[] }) => s.messages.map((m) => m.seq);

describe('segment', () => {
  test('an older page is put in front, without duplicates', () => {
    const segment = extend(fromPage(pageOf(5, 8, 8)), pageOf(1, 5, 8), 'older');
    expect(seqs(segment)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(segment.before).toBe(false);
  });

  test('a newer page is added at the end, and tells whether more follow', () => {
    const middle = fromPage(pageOf(5, 8, 20, true, true));
    const more = extend(middle, pageOf(9, 12, 20, true, true), 'newer');
    expect(seqs(more)).toEqual([5, 6, 7, 8, 9, 10, 11, 12]);
    expect(more.after).toBe(true);
    expect(extend(middle, pageOf(9, 12, 20, true, false), 'newer').after).toBe(false);
  });

  test('changes up to an older rev do not lower the rev', () => {
    expect(merge(fromPage(pageOf(1, 3, 9)), [], 4).rev).toBe(9);
  });

  test('a message is not added to an empty segment that has older ones before it', () => {
    const empty = { messages: [], before: true, after: false, rev: 3 };
    expect(merge(empty, [message(9)], 9)).toMatchObject({ messages: [], after: true });
  });

  test('a page that does not touch the segment changes nothing', () => {
    const segment = fromPage(pageOf(5, 8, 8));
    expect(extend(segment, pageOf(1, 3, 8), 'older')).toBe(segment);
    expect(extend(segment, pageOf(11, 12, 12), 'newer')).toBe(segment);
  });

  test('a page that was asked for before the segment changed does not change its ends', () => {
    const start = fromPage(pageOf(1, 8, 90, false, true));
    expect(extend(start, pageOf(40, 50, 90, true, true), 'older').before).toBe(false);
    expect(extend(start, { ...pageOf(1, 0, 90), before: true, seq: 90 }, 'older').before).toBe(false);
    const end = fromPage(pageOf(80, 90, 90, true, false));
    expect(extend(end, { ...pageOf(40, 50, 90, true, true), seq: 90 }, 'newer').after).toBe(false);
    const middle = fromPage(pageOf(40, 50, 90, true, true));
    expect(extend(middle, { ...pageOf(80, 90, 90, true, false), seq: 90 }, 'newer')).toBe(middle);
  });

  test('joined pages are complete up to the smaller rev', () => {
    expect(extend(fromPage(pageOf(5, 8, 12)), pageOf(1, 4, 9), 'older').rev).toBe(9);
    expect(extend(fromPage(pageOf(5, 8, 9)), pageOf(1, 4, 12), 'older').rev).toBe(9);
  });

  test('changes replace older versions and add the next messages', () => {
    const segment = merge(fromPage(pageOf(1, 3, 3)), [message(4, 4), message(2, 5, 'edited')], 5);
    expect(seqs(segment)).toEqual([1, 2, 3, 4]);
    expect(segment.messages[1]?.body).toBe('edited');
    expect(segment.rev).toBe(5);
  });

  test('an older version never replaces a newer one', () => {
    const segment = merge(fromPage(pageOf(1, 3, 3)), [message(2, 9, 'new')], 9);
    expect(merge(segment, [message(2, 4, 'old')], 9).messages[1]?.body).toBe('new');
  });

  test('changes outside the segment are left out; a gap means that newer messages exist', () => {
    const middle = { ...fromPage(pageOf(5, 8, 8)), after: true };
    expect(seqs(merge(middle, [message(2, 9), message(9, 10)], 10))).toEqual([5, 6, 7, 8]);
    const holed = merge(fromPage(pageOf(5, 8, 8)), [message(10, 10)], 10);
    expect(seqs(holed)).toEqual([5, 6, 7, 8]);
    expect(holed.after).toBe(true);
  });

  test('the first message of an empty room is added', () => {
    const empty = fromPage({ messages: [], before: false, after: false, seq: 0, rev: 0 });
    expect(seqs(merge(empty, [message(1)], 1))).toEqual([1]);
  });

  test('trimming drops the end that is farther from the place being read', () => {
    const long = fromPage(pageOf(1, 10, 10));
    const end = trim(long, { seq: 9, atEnd: true }, 6);
    expect(seqs(end)).toEqual([5, 6, 7, 8, 9, 10]);
    expect(end.before).toBe(true);
    const start = trim(long, { seq: 2, atEnd: false }, 6);
    expect(seqs(start)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(start.after).toBe(true);
  });

  test('only the last page is kept on disk', () => {
    const page = lastPage(fromPage(pageOf(1, 10, 10)), 4);
    expect(page && seqs(page)).toEqual([7, 8, 9, 10]);
    expect(page?.before).toBe(true);
    expect(lastPage({ ...fromPage(pageOf(1, 10, 10)), after: true })).toBeUndefined();
  });
});
