// Messages between the tabs of one browser: drafts, the outbox, signing out.
import type { RoomID, UserID } from '../net/types';

type Word =
  | { kind: 'draft'; user: UserID; room: RoomID; text: string }
  | { kind: 'outbox'; user: UserID }
  | { kind: 'signed-out'; user: UserID };

const channel = typeof BroadcastChannel === 'undefined' ? undefined : new BroadcastChannel('parley');

export function tellTabs(word: Word): void {
  channel?.postMessage(word);
}

/** Hears the messages of other tabs, never its own. */
export function hearTabs(hear: (word: Word) => void): void {
  if (channel) {
    channel.onmessage = (message: MessageEvent<Word>) => hear(message.data);
  }
}
