import { describe, expect, test } from 'vitest';
import { newest, older } from '../src/features/inbox/pages';
import { inboxAdded, inboxRead, inboxWelcomed } from '../src/features/inbox-link/events';
import type { Notification, Notifications } from '../src/net/types';
import { emptyInbox, INBOX_MAX, type InboxState } from '../src/store/inbox';

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

/** An inbox with three notifications, all unread. */
const known: InboxState = newest(emptyInbox, page(1, 3, 3, 10));

const seqs = (state: InboxState) => state.list?.map(({ seq }) => seq);
const unread = (state: InboxState) => state.list?.filter((n) => !n.read_at).map(({ seq }) => seq);
const adds = (seq: number, count: number, rev: number) => ({
  notification: one(seq),
  unread: count,
  user_rev: rev,
});

describe('events', () => {
  test('a new notification counts and is added at the end of the list', () => {
    const now = inboxAdded(known, adds(4, 4, 11));
    expect(now).toMatchObject({ seq: 4, unread: 4, stale: false });
    expect(seqs(now)).toEqual([1, 2, 3, 4]);
  });

  test('without a loaded list a notification only counts', () => {
    const now = inboxAdded(emptyInbox, adds(4, 2, 11));
    expect(now).toMatchObject({ seq: 4, unread: 2, list: undefined });
  });

  test('after a missed notification the list gets no gap and is loaded again', () => {
    const now = inboxAdded(known, adds(5, 5, 12));
    expect(now).toMatchObject({ seq: 5, unread: 5, stale: true });
    expect(seqs(now)).toEqual([1, 2, 3]);
  });

  test('a notification that was in the page already is not added twice, and the newer count stays', () => {
    const now = inboxAdded(known, adds(3, 1, 9));
    expect(now).toMatchObject({ seq: 3, unread: 3, stale: false });
    expect(seqs(now)).toEqual([1, 2, 3]);
  });

  test('the oldest notifications are dropped, as on the server', () => {
    const full = newest(emptyInbox, page(1, INBOX_MAX, 0, 10));
    const now = inboxAdded(full, adds(INBOX_MAX + 1, 1, 11));
    expect(now.list?.length).toBe(INBOX_MAX);
    expect(now.list?.[0]?.seq).toBe(2);
  });

  test('a run of notifications is marked read', () => {
    const now = inboxRead(known, { first: 1, last: 2, unread: 1, user_rev: 11 });
    expect(now.unread).toBe(1);
    expect(unread(now)).toEqual([3]);
  });

  test('a late notification.read still marks, but its older count is ignored', () => {
    const late = inboxRead({ ...known, unread: 5, rev: 20 }, { first: 1, last: 1, unread: 2, user_rev: 11 });
    expect(late).toMatchObject({ unread: 5, rev: 20 });
    expect(unread(late)).toEqual([2, 3]);
  });

  test("reconnecting takes the server's counts and marks the list as outdated", () => {
    const now = inboxWelcomed(known, { inbox: { seq: 9, unread: 1 }, user_rev: 30 });
    expect(now).toMatchObject({ seq: 9, unread: 1, stale: true });
    expect(seqs(now)).toEqual([1, 2, 3]);
  });
});

describe('pages', () => {
  test('after reconnecting, the newest page replaces the loaded list', () => {
    const back = inboxWelcomed(known, { inbox: { seq: 90, unread: 1 }, user_rev: 30 });
    const now = newest(back, page(41, 90, 1, 30));
    expect(now).toMatchObject({ seq: 90, unread: 1, before: true, stale: false });
    expect(now.list?.[0]?.seq).toBe(41);
  });

  test('a notification that came while the page was on its way stays', () => {
    const back = inboxWelcomed(known, { inbox: { seq: 3, unread: 3 }, user_rev: 10 });
    const now = newest(inboxAdded(back, adds(4, 4, 11)), page(1, 3, 3, 10));
    expect(now).toMatchObject({ seq: 4, unread: 4, stale: false });
    expect(seqs(now)).toEqual([1, 2, 3, 4]);
  });

  test('a notification that came before the first page is asked for again', () => {
    const now = newest(inboxAdded(emptyInbox, adds(4, 4, 11)), page(1, 3, 3, 10));
    expect(now).toMatchObject({ seq: 4, unread: 4, stale: true });
    expect(newest(now, page(1, 4, 4, 11))).toMatchObject({ seq: 4, stale: false });
  });

  test('a reading while the page was on its way asks again', () => {
    const while_ = inboxRead(known, { first: 1, last: 3, unread: 0, user_rev: 11 });
    const now = newest(while_, page(1, 3, 3, 10));
    expect(now).toMatchObject({ unread: 0, stale: true });
  });

  test('a late notification.read does not make older pages count again', () => {
    const read = inboxRead(known, { first: 1, last: 1, unread: 2, user_rev: 20 });
    const late = inboxRead(read, { first: 2, last: 2, unread: 1, user_rev: 15 });
    expect(newest(late, page(1, 3, 2, 18)).stale).toBe(true);
  });

  test('an empty inbox is complete', () => {
    const nothing = { notifications: [], inbox: { seq: 0, unread: 0 }, before: false };
    expect(newest(emptyInbox, page(1, 1, 0, 5, nothing))).toMatchObject({ list: [], stale: false });
  });

  test('a page of older notifications is put before the list', () => {
    const late = newest(emptyInbox, page(51, 100, 100, 10));
    const now = older(late, page(1, 50, 100, 11, { inbox: { seq: 100, unread: 100 } }));
    expect(now.list?.length).toBe(100);
    expect(now).toMatchObject({ seq: 100, before: false, stale: false });
  });

  test('an older page that was made before a reading asks again', () => {
    const late = newest(emptyInbox, page(51, 100, 100, 10));
    const read = inboxRead(late, { first: 1, last: 60, unread: 40, user_rev: 12 });
    const more = page(1, 50, 100, 11, { inbox: { seq: 100, unread: 100 } });
    expect(older(read, more).stale).toBe(true);
    expect(older(read, { ...more, user_rev: 12 }).stale).toBe(false);
  });

  test('a page that no longer touches the list is ignored', () => {
    const late = newest(emptyInbox, page(61, 110, 0, 12));
    expect(older(late, page(1, 50, 0, 11))).toBe(late);
  });
});
