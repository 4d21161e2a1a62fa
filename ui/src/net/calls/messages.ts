// The HTTP routes of messages: one function per route, named like the server's handler.
import { api } from '../api';
import type { Changes, ClientID, MessageSent, Page, ReadMoved, RoomID, RoomRev } from '../types';

const at = (room: RoomID, seq: number) => `/rooms/${room}/messages/${seq}`;
const reaction = (room: RoomID, seq: number, emoji: string) =>
  `${at(room, seq)}/reactions/${encodeURIComponent(emoji)}`;

/** `where`: '' for the newest, or one of before=SEQ, after=SEQ and around=SEQ. */
export const listMessages = (room: RoomID, limit: number, where = '') =>
  api<Page>('GET', `/rooms/${room}/messages?limit=${limit}${where && `&${where}`}`);

export const postMessage = (room: RoomID, draft: { client_id: ClientID; body: string }) =>
  api<MessageSent>('POST', `/rooms/${room}/messages`, draft);

export const editMessage = (room: RoomID, seq: number, body: string) =>
  api<MessageSent>('PATCH', at(room, seq), { body });

export const deleteMessage = (room: RoomID, seq: number) => api<MessageSent>('DELETE', at(room, seq));

export const addReaction = (room: RoomID, seq: number, emoji: string) =>
  api<MessageSent>('PUT', reaction(room, seq, emoji));

export const removeReaction = (room: RoomID, seq: number, emoji: string) =>
  api<MessageSent>('DELETE', reaction(room, seq, emoji));

export const markRead = (room: RoomID, seq: number) =>
  api<ReadMoved>('PUT', `/rooms/${room}/read`, { read_seq: seq });

export const listChanges = (rooms: readonly RoomRev[]) => api<Changes>('POST', '/changes', { rooms });
