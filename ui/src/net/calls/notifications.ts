// Written from the routes of the server by TestTypeScriptCallsAreFresh. Do not edit: change the routes and run
// go test ./tests -run TypeScript -update
import { api } from '../api';
import type {
  NewNotification,
  NotificationRead,
  NotificationSent,
  Notifications,
  NotificationsRead,
} from '../types';
import { search } from './query';

export const notify = (body: NewNotification) => api<NotificationSent>('POST', '/notifications', body);

export const listNotifications = (query: { before?: number; after?: number; limit?: number } = {}) =>
  api<Notifications>('GET', `/notifications${search(query)}`);

export const readNotifications = (body: NotificationRead) =>
  api<NotificationsRead>('PUT', '/notifications/read', body);
