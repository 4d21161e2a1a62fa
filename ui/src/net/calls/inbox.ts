// The HTTP routes of the inbox: one function per route, named like the server's handler.
import { api } from '../api';
import type { NotificationRead, Notifications, NotificationsRead } from '../types';

/** The newest, or those before a seq. */
export const listNotifications = (limit: number, before?: number) =>
  api<Notifications>('GET', `/notifications?${before ? `before=${before}&` : ''}limit=${limit}`);

export const readNotifications = (what: NotificationRead) =>
  api<NotificationsRead>('PUT', '/notifications/read', what);
