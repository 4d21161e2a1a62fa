// Applies events to the inbox, and reads new notifications to screen readers.

import { perSession } from '../../perSession';
import { inbox } from '../../store/inbox';
import { nameOf } from '../../store/people';
import { on } from '../../sync/socket';
import { speaker } from '../announcer/speaker';
import { inboxAdded, inboxRead, inboxWelcomed } from './events';
import { t } from './texts';

const voice = perSession(() => speaker((n) => t().newNotifications(n)));

on('welcome', (now) => {
  inbox.value = inboxWelcomed(inbox.peek(), now);
});

on('notification.added', (data) => {
  const one = data.notification;
  inbox.value = inboxAdded(inbox.peek(), data);
  voice.now.say(() => t().said(nameOf(one.sender_id), one.title));
});

on('notification.read', (data) => {
  inbox.value = inboxRead(inbox.peek(), data);
});
