// One's own messages: sending, correcting, taking back; reactions; typing.
import { attempt } from './actions_attempt';
import { noteEmoji } from './actions_prefs';
import { api } from './net/api';
import type { Message, MessageSent, RoomID } from './net/types';
import type { Result } from './result';

/** Puts a message into the outbox: it shows at once, and is sent in order until the server has it. */
export { discardMessage, retryMessage, sendMessage, sentHere } from './sync/outbox';

/** Says that one is writing; at most every 3 seconds reaches the server. */
export { noteTyping } from './sync/typing';

const at = (room: RoomID, seq: number) => `/rooms/${room}/messages/${seq}`;

/** Another text for one's own message. */
export function editMessage(room: RoomID, seq: number, body: string): Promise<Result<MessageSent>> {
  return attempt(() => api<MessageSent>('PATCH', at(room, seq), { body }));
}

/** Takes a message back: a tombstone keeps its place. */
export function deleteMessage(room: RoomID, seq: number): Promise<Result<MessageSent>> {
  return attempt(() => api<MessageSent>('DELETE', at(room, seq)));
}

/** Adds one's own reaction, or takes it back when it is there. */
export function toggleReaction(message: Message, emoji: string, mine: boolean): Promise<Result<MessageSent>> {
  if (!mine) {
    noteEmoji(emoji);
  }
  const path = `${at(message.room_id, message.seq)}/reactions/${encodeURIComponent(emoji)}`;
  return attempt(() => api<MessageSent>(mine ? 'DELETE' : 'PUT', path));
}
