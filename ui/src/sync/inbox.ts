// What events do to the inbox. Pure; what is asked for over HTTP is in inboxPages.ts, fetched with the page that shows it.
import type { Inbox, Notification, NotificationAdded, NotificationsRead } from '../net/types';
import { INBOX_MAX, type InboxState } from '../store/inbox';

/** The socket is new: what came and what was read meanwhile is unknown. */
export function inboxWelcomed(known: InboxState, now: { inbox: Inbox; user_rev: number }): InboxState {
  return { ...known, ...now.inbox, rev: now.user_rev, readRev: now.user_rev, stale: true };
}

/** Each tells how many are unread, and may come after one that is newer. */
export function inboxCounted(known: InboxState, unread: number, rev: number): InboxState {
  return rev < known.rev ? known : { ...known, unread, rev };
}

export function inboxAdded(
  known: InboxState,
  { notification, unread, user_rev: rev }: NotificationAdded,
): InboxState {
  const next = inboxCounted(known, unread, rev);
  const end = known.list?.at(-1)?.seq ?? 0;
  const { seq } = notification;
  return {
    ...next,
    seq: Math.max(known.seq, seq),
    list: known.list && seq === end + 1 ? [...known.list, notification].slice(-INBOX_MAX) : known.list,
    stale: known.stale || seq > end + 1,
  };
}

export function inboxRead(
  known: InboxState,
  { first, last, unread, user_rev: rev }: NotificationsRead,
): InboxState {
  // When it was read is not told, nor shown.
  const mark = (one: Notification) =>
    one.read_at || one.seq < first || one.seq > last ? one : { ...one, read_at: one.created_at };
  return {
    ...inboxCounted(known, unread, rev),
    readRev: Math.max(known.readRev, rev),
    list: known.list?.map(mark),
  };
}
