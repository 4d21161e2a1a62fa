// Loading messages, and how far they are read.
import { go, route } from '../../router';
import { unreadLine } from '../../store/messages';
import { type RoomID, rooms, unread } from '../../store/rooms';
import { leaveOpenRoom, openRoomAt } from '../../sync/history';
import { jump, jumpTo } from './jump';

/** The room that is on the screen, and loading more of it. */
export { loadAround, loadNewer, loadOlder, loadPresent } from '../../sync/history';

/** markRead moves the read position forwards only; markUnreadFrom moves it to just before a message. */
export { markRead, markUnreadFrom, noteReading, onReadingCheck } from '../../sync/read';

/**
 * Opens a room: shows the kept copy at once, then loads what was missed. Goes to the message `seq`, or else
 * to the first unread one, or else to the end.
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

/** Closes the open room, and removes its unread line. */
export function leaveRoomOpen(): void {
  unreadLine.value = undefined;
  leaveOpenRoom();
}

/** Removes the message from the address once the end of the room is shown. */
export function leavePermalink(): void {
  const at = route.peek();
  if (at.name === 'room' && at.seq) {
    go({ name: 'room', room: at.room }, true);
  }
}
