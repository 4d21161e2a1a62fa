import { describe, expect, test } from 'vitest';
import { newest, older } from '../src/features/inbox/pages';
import type { Notification, Notifications } from '../src/net/types';
import { emptyInbox, INBOX_MAX, type InboxState } from '../src/store/inbox';
import { inboxAdded, inboxRead, inboxWelcomed } from '../src/sync/inbox';

const one = (seq: number, read = false): Notification => ({
  seq,
  sender_id: 2,
  title: `n${seq}`,
  created_at: seq,
  ...(read ? { read_at: seq } : {}),
});

const run = (first: number, last: number) =>
  Array.from({ length: last - first + 1 }, (_, at) => one(first + at));

function page(first: number, last: number, unread: number, rev: number, more: Partial<Notifications> = {}) {
  const inbox = { seq: last, unread };
  return { notifications: run(first, last), before: first > 1, after: false, inbox, user_rev: rev, ...more };
}

/** Three were loaded, and all are unread. */
const known: InboxState = newest(emptyInbox, page(1, 3, 3, 10));

const seqs = (state: InboxState) => state.list?.map(({ seq }) => seq);
const unread = (state: InboxState) => state.list?.filter((n) => !n.read_at).map(({ seq }) => seq);
const adds = (seq: number, count: number, rev: number) => ({
  notification: one(seq),
  unread: count,
  user_rev: rev,
});

describe('events', () => {
  test('one is added: it counts, and is at the end of what was loaded', () => {
    const now = inboxAdded(known, adds(4, 4, 11));
    expect(now).toMatchObject({ seq: 4, unread: 4, stale: false });
    expect(seqs(now)).toEqual([1, 2, 3, 4]);
  });

  test('nothing was loaded: it only counts', () => {
    const now = inboxAdded(emptyInbox, adds(4, 2, 11));
    expect(now).toMatchObject({ seq: 4, unread: 2, list: undefined });
  });

  test('one was missed in between: the list has no hole, and is loaded anew', () => {
    const now = inboxAdded(known, adds(5, 5, 12));
    expect(now).toMatchObject({ seq: 5, unread: 5, stale: true });
    expect(seqs(now)).toEqual([1, 2, 3]);
  });

  test('it was in the page already: it is there once, and the newer count stays', () => {
    const now = inboxAdded(known, adds(3, 1, 9));
    expect(now).toMatchObject({ seq: 3, unread: 3, stale: false });
    expect(seqs(now)).toEqual([1, 2, 3]);
  });

  test('the oldest go, as on the server', () => {
    const full = newest(emptyInbox, page(1, INBOX_MAX, 0, 10));
    const now = inboxAdded(full, adds(INBOX_MAX + 1, 1, 11));
    expect(now.list?.length).toBe(INBOX_MAX);
    expect(now.list?.[0]?.seq).toBe(2);
  });

  test('a run is read', () => {
    const now = inboxRead(known, { first: 1, last: 2, unread: 1, user_rev: 11 });
    expect(now.unread).toBe(1);
    expect(unread(now)).toEqual([3]);
  });

  test('a reading that comes late still holds, and its count does not', () => {
    const late = inboxRead({ ...known, unread: 5, rev: 20 }, { first: 1, last: 1, unread: 2, user_rev: 11 });
    expect(late).toMatchObject({ unread: 5, rev: 20 });
    expect(unread(late)).toEqual([2, 3]);
  });

  test('a new socket: the counts are the server’s, what is shown is to be asked for', () => {
    const now = inboxWelcomed(known, { inbox: { seq: 9, unread: 1 }, user_rev: 30 });
    expect(now).toMatchObject({ seq: 9, unread: 1, stale: true });
    expect(seqs(now)).toEqual([1, 2, 3]);
  });
});

describe('pages', () => {
  test('after a new socket the newest page takes the place of what was loaded', () => {
    const back = inboxWelcomed(known, { inbox: { seq: 90, unread: 1 }, user_rev: 30 });
    const now = newest(back, page(41, 90, 1, 30));
    expect(now).toMatchObject({ seq: 90, unread: 1, before: true, stale: false });
    expect(now.list?.[0]?.seq).toBe(41);
  });

  test('what came while the page was under way stays', () => {
    const back = inboxWelcomed(known, { inbox: { seq: 3, unread: 3 }, user_rev: 10 });
    const now = newest(inboxAdded(back, adds(4, 4, 11)), page(1, 3, 3, 10));
    expect(now).toMatchObject({ seq: 4, unread: 4, stale: false });
    expect(seqs(now)).toEqual([1, 2, 3, 4]);
  });

  test('what came before the first page did is asked for again', () => {
    const now = newest(inboxAdded(emptyInbox, adds(4, 4, 11)), page(1, 3, 3, 10));
    expect(now).toMatchObject({ seq: 4, unread: 4, stale: true });
    expect(newest(now, page(1, 4, 4, 11))).toMatchObject({ seq: 4, stale: false });
  });

  test('what was read while the page was under way is asked for again', () => {
    const while_ = inboxRead(known, { first: 1, last: 3, unread: 0, user_rev: 11 });
    const now = newest(while_, page(1, 3, 3, 10));
    expect(now).toMatchObject({ unread: 0, stale: true });
  });

  test('an empty inbox is complete', () => {
    const nothing = { notifications: [], inbox: { seq: 0, unread: 0 }, before: false };
    expect(newest(emptyInbox, page(1, 1, 0, 5, nothing))).toMatchObject({ list: [], stale: false });
  });

  test('older ones come before the list', () => {
    const late = newest(emptyInbox, page(51, 100, 100, 10));
    const now = older(late, page(1, 50, 100, 11, { inbox: { seq: 100, unread: 100 } }));
    expect(now.list?.length).toBe(100);
    expect(now).toMatchObject({ seq: 100, before: false, stale: false });
  });

  test('older ones that do not fit to the list any more are left out', () => {
    const late = newest(emptyInbox, page(61, 110, 0, 12));
    expect(older(late, page(1, 50, 0, 11))).toBe(late);
  });
});
