// Loading messages, and how far they are read.
import { go, route } from '../../router';
import { unreadLine } from '../../store/messages';
import { type RoomID, rooms, unread } from '../../store/rooms';
import { leaveOpenRoom, openRoomAt } from '../../sync/history';
import { jump, jumpTo } from './jump';

/** The room that is on the screen, and loading more of it. */
export { loadAround, loadNewer, loadOlder, loadPresent } from '../../sync/history';

/** How far one has read: forwards for markRead, to just before a message for markUnreadFrom. */
export { markRead, markUnreadFrom, noteReading, onReadingCheck } from '../../sync/read';

/**
 * A room comes on the screen: its copy at once, then what was missed. With `seq` at that message, else at the
 * first unread one, else at the present.
 */
export function openRoom(room: RoomID, seq?: number): void {
  const head = rooms.peek().get(room);
  const fresh = unreadLine.peek()?.room !== room;
  if (head && unread(head) && fresh) {
    unreadLine.value = { room, seq: head.read_seq + 1, until: head.seq };
  } else if (fresh) {
    unreadLine.value = undefined;
  }
  if (seq) {
    jumpTo(room, { seq });
  } else {
    jump.value = undefined;
  }
  void openRoomAt(room, seq);
}

/** The open room goes off the screen, and its unread line with it. */
export function leaveRoomOpen(): void {
  unreadLine.value = undefined;
  leaveOpenRoom();
}

/** Leaves a permalink's address once the present is shown. */
export function leavePermalink(): void {
  const at = route.peek();
  if (at.name === 'room' && at.seq) {
    go({ name: 'room', room: at.room }, true);
  }
}
