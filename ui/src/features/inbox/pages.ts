// Applies a page of notifications to the known inbox. Pure.
import type { Notifications } from '../../net/types';
import { INBOX_MAX, type InboxState } from '../../store/inbox';
import { inboxCounted } from '../inbox-link/events';

/** Replaces the list by the newest page. Keeps what came while the page was on its way. */
export function newest(known: InboxState, got: Notifications): InboxState {
  const { inbox, user_rev: rev, before } = got;
  const seq = rev < known.rev ? known.seq : inbox.seq;
  const list = [...got.notifications];
  const end = list.at(-1)?.seq ?? inbox.seq;
  // A page that is older than the known list lacks the newest notifications.
  for (const one of rev < known.rev ? (known.list ?? []) : []) {
    if (one.seq === (list.at(-1)?.seq ?? end) + 1) {
      list.push(one);
    }
  }
  const stale = rev < known.readRev || (list.at(-1)?.seq ?? end) < seq;
  return { ...inboxCounted(known, inbox.unread, rev), seq, list, before, stale };
}

/** Puts a page of older notifications before the list. */
export function older(known: InboxState, got: Notifications): InboxState {
  const first = known.list?.[0]?.seq;
  const end = got.notifications.at(-1)?.seq;
  if (!known.list || (end !== undefined && end + 1 !== first)) {
    // The list has changed since the page was asked for.
    return known;
  }
  const list = [...got.notifications, ...known.list].slice(-INBOX_MAX);
  // The page does not show what was read after it was made.
  const stale = known.stale || got.user_rev < known.readRev;
  return { ...inboxCounted(known, got.inbox.unread, got.user_rev), list, before: got.before, stale };
}
