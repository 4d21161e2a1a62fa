// The inbox: the notifications that programs sent, as far as they are loaded. Written by features/inbox and
// features/inbox-link only.

import type { Inbox, Notification } from '../net/types';
import { sessionSignal } from '../perSession';

export type { Notification, NotificationRead } from '../net/types';

/** The server keeps this many for one person and deletes the oldest. */
export const INBOX_MAX = 500;

export interface InboxState extends Inbox {
  /** The user_rev at which `seq` and `unread` were true. */
  readonly rev: number;
  /** The user_rev of the last reading. An older page does not show what was read then. */
  readonly readRev: number;
  /** The loaded notifications without a gap, the oldest first. Undefined until the inbox is opened. */
  readonly list: readonly Notification[] | undefined;
  /** There are older ones than those in the list. */
  readonly before: boolean;
  /** The list may lack something, so it has to be loaded again. */
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
