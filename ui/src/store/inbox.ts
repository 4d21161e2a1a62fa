// What programs tell a person: how the inbox stands, and the part of it that was loaded. Written by sync/ and
// actions_inbox.ts only.

import type { Inbox, Notification } from '../net/types';
import { sessionSignal } from '../perSession';

export type { Notification, NotificationRead } from '../net/types';

/** So many are kept for one person: the server lets the oldest go. */
export const INBOX_MAX = 500;

export interface InboxState extends Inbox {
  /** The user_rev that `seq` and `unread` are of. */
  readonly rev: number;
  /** The user_rev of the last reading that is known: a page of before does not know it. */
  readonly readRev: number;
  /** A run without holes, the oldest first; undefined until the inbox is looked at. */
  readonly list: readonly Notification[] | undefined;
  /** Are there older ones than those in the list? */
  readonly before: boolean;
  /** Something was missed since the list was loaded. */
  readonly stale: boolean;
}

export const emptyInbox: InboxState = {
  seq: 0,
  unread: 0,
  rev: 0,
  readRev: 0,
  list: undefined,
  before: false,
  stale: false,
};

export const inbox = sessionSignal(emptyInbox);
