// Applies events to the inbox. Pure. Pages over HTTP are applied in features/inbox/pages.ts.
import type { Inbox, Notification, NotificationAdded, NotificationsRead } from '../../net/types';
import { INBOX_MAX, type InboxState } from '../../store/inbox';

/** A new connection: the loaded list may lack notifications and may show read ones as unread. */
export function inboxWelcomed(known: InboxState, now: { inbox: Inbox; user_rev: number }): InboxState {
  return { ...known, ...now.inbox, rev: now.user_rev, readRev: now.user_rev, stale: true };
}

/** Takes the number of unread ones, unless a newer number is known. */
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
  // The event does not say when it was read, and the time is not shown.
  const mark = (one: Notification) =>
    one.read_at || one.seq < first || one.seq > last ? one : { ...one, read_at: one.created_at };
  return {
    ...inboxCounted(known, unread, rev),
    readRev: Math.max(known.readRev, rev),
    list: known.list?.map(mark),
  };
}
