// The inbox: loading it, and marking what is read.
import { attempt } from '../../net/attempt';
import * as calls from '../../net/calls/notifications';
import type { Result } from '../../net/result';
import type { NotificationRead, Notifications, NotificationsRead } from '../../net/types';
import { during } from '../../perSession';
import { INBOX_MAX, inbox } from '../../store/inbox';
import { inboxRead } from '../inbox-link/events';
import { newest, older } from './pages';

const size = 50;
/** The server gives no more at once. After a lost connection the rest is loaded by scrolling. */
const most = 100;

/** Loads the newest notifications. Loads again when newer ones came meanwhile. */
export function loadInbox(): Promise<Result> {
  return attempt(async () => {
    const take = during((got: Notifications) => {
      inbox.value = newest(inbox.peek(), got);
    });
    const limit = Math.min(most, Math.max(size, inbox.peek().list?.length ?? 0));
    let more = true;
    while (more) {
      const got = await calls.listNotifications({ limit });
      more = take(got) && inbox.peek().stale;
    }
  });
}

/** Loads the notifications before the list. */
export function loadOlderNotifications(): Promise<Result> {
  return attempt(async () => {
    const first = inbox.peek().list?.[0]?.seq;
    if (!first || (inbox.peek().list?.length ?? 0) >= INBOX_MAX) {
      return;
    }
    const take = during((got: Notifications) => {
      inbox.value = older(inbox.peek(), got);
    });
    take(await calls.listNotifications({ before: first, limit: size }));
  });
}

/** Marks one notification as read, or all up to one. */
export function readNotifications(what: NotificationRead): Promise<Result> {
  return attempt(async () => {
    const take = during((done: NotificationsRead) => {
      inbox.value = inboxRead(inbox.peek(), done);
    });
    take(await calls.readNotifications(what));
  });
}
