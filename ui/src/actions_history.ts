// Loading messages, and how far they are read.

/** A room is on the screen: its cached page at once, then what was missed; around `seq` for a permalink. */
export { leaveOpenRoom, loadAround, loadNewer, loadOlder, loadPresent, openRoomAt } from './sync/history';

/** Moves how far one has read; forwards only for markRead, also backwards for markUnreadFrom. */
export { markRead, markUnreadFrom, noteReading } from './sync/read';
