// One's own messages: sending, correcting, taking back; reactions; typing.

import { jumpTo, startEdit } from '../../actions_ui';
import { api } from '../../net/api';
import { attempt } from '../../net/attempt';
import type { Message, MessageSent, RoomID } from '../../net/types';
import { noteEmoji } from '../../prefs';
import type { Result } from '../../result';
import { pending, segments } from '../../store/messages';
import { me } from '../../store/session';
import { setDraft } from '../../sync/drafts';
import { sendMessage as putIntoOutbox } from '../../sync/outbox';
import { typingDone } from '../../sync/typing';

export { discardMessage, retryMessage } from '../../sync/outbox';

/** Says that one is writing; at most every 3 seconds reaches the server. */
export { noteTyping } from '../../sync/typing';

/** Puts a message into the outbox: it shows at once, and is sent in order until the server has it. */
export function sendMessage(room: RoomID, body: string): void {
  setDraft(room, '');
  typingDone();
  putIntoOutbox(room, body);
  jumpTo(room, 'end');
}

/**
 * Opens the newest of one's own messages that are on the screen's side of the room; false when there is none, or
 * when a newer one is on its way: the one before it is not meant.
 */
export function editLast(room: RoomID): boolean {
  if (
    pending
      .peek()
      .get(room)
      ?.some((p) => p.state !== 'refused')
  ) {
    return false;
  }
  const mine = segments
    .peek()
    .get(room)
    ?.messages.findLast((m) => m.author_id === me.peek()?.id && !m.deleted_at);
  if (mine) {
    startEdit(room, mine.seq);
    jumpTo(room, { seq: mine.seq });
  }
  return Boolean(mine);
}

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
