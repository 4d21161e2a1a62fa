// Loading messages, and how far they are read.
import { go, route } from '../../router';
import { unreadLine } from '../../store/messages';
import type { RoomID } from '../../store/rooms';
import { leaveOpenRoom, openRoomAt } from '../../sync/history';
import { drawLine } from '../../sync/read';
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
  if (unreadLine.peek()?.room !== room) {
    unreadLine.value = undefined;
    drawLine(room);
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
