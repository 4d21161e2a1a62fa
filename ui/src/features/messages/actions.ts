// What the person does with messages: sending, retrying, reacting, drafts, typing.
import { attempt } from '../../net/attempt';
import * as calls from '../../net/calls/messages';
import type { Result } from '../../net/result';
import type { Message, MessageSent, RoomID } from '../../net/types';
import { noteEmoji } from '../../prefs';
import { pending, segments } from '../../store/messages';
import { me } from '../../store/session';
import { setDraft } from '../../sync/drafts';
import { sendMessage as putIntoOutbox } from '../../sync/sender';
import { typingDone } from '../../sync/typing';
import { startEdit } from '../message-dialogs/editing';
import { jumpTo } from './jump';

/**
 * Keeps the draft of a room: at once in memory, after 500 ms in IndexedDB and in the other tabs. '' drops it.
 */
export { setDraft } from '../../sync/drafts';
export { discardMessage } from '../../sync/outbox';
export { retryMessage } from '../../sync/sender';
/** Tells the server that the person is typing, at most every 3 seconds. */
export { noteTyping } from '../../sync/typing';

/** Puts a message into the outbox: it shows at once, and is sent in order until the server has it. */
export function sendMessage(room: RoomID, body: string): void {
  setDraft(room, '');
  typingDone();
  putIntoOutbox(room, body);
  jumpTo(room, 'end');
}

/**
 * Opens the newest own message for editing. Returns false when there is none, or when a newer one is on its
 * way: then the person does not mean the one before it.
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

/** Adds the person's reaction, or removes it when it is there. */
export function toggleReaction(message: Message, emoji: string, mine: boolean): Promise<Result<MessageSent>> {
  if (!mine) {
    noteEmoji(emoji);
  }
  const call = mine ? calls.removeReaction : calls.addReaction;
  return attempt(() => call(message.room_id, message.seq, emoji));
}
