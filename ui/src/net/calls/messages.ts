// Written from the routes of the server by TestTypeScriptCallsAreFresh. Do not edit: change the routes and run
// go test ./tests -run TypeScript -update
import { api } from '../api';
import type {
  Changes,
  ChangesSince,
  Draft,
  MessageSent,
  NewReadSeq,
  NewText,
  Page,
  ReadMoved,
} from '../types';
import { search } from './query';

export const listMessages = (
  room: number,
  query: { before?: number; after?: number; around?: number; limit?: number } = {},
) => api<Page>('GET', `/rooms/${room}/messages${search(query)}`);

export const postMessage = (room: number, body: Draft) =>
  api<MessageSent>('POST', `/rooms/${room}/messages`, body);

export const editMessage = (room: number, seq: number, body: NewText) =>
  api<MessageSent>('PATCH', `/rooms/${room}/messages/${seq}`, body);

export const deleteMessage = (room: number, seq: number) =>
  api<MessageSent>('DELETE', `/rooms/${room}/messages/${seq}`);

export const addReaction = (room: number, seq: number, emoji: string) =>
  api<MessageSent>('PUT', `/rooms/${room}/messages/${seq}/reactions/${encodeURIComponent(emoji)}`);

export const removeReaction = (room: number, seq: number, emoji: string) =>
  api<MessageSent>('DELETE', `/rooms/${room}/messages/${seq}/reactions/${encodeURIComponent(emoji)}`);

export const markRead = (room: number, body: NewReadSeq) =>
  api<ReadMoved>('PUT', `/rooms/${room}/read`, body);

export const listChanges = (query: { changes?: string } = {}, body: ChangesSince) =>
  api<Changes>('POST', `/changes${search(query)}`, body);
