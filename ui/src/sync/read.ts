// How far one has read: seen rows count after a second in a focused, visible window.
import { ApiError } from '../net/api';
import { markRead as putRead } from '../net/calls/messages';
import type { ReadMoved, RoomID } from '../net/types';
import { unreadLine } from '../store/messages';
import { rooms } from '../store/rooms';
import { withRead } from './apply';
import { socket } from './live';
import { change } from './model';

const seenFor = 1_000;

/** Read positions that the server does not have yet. */
const unsent = new Map<RoomID, number>();
const sending = new Set<RoomID>();

let seen: { room: RoomID; seq: number } | undefined;
let timer = 0;

/** The last row that can be seen of the open room; call it after every scroll and change. */
export function noteReading(room: RoomID, seq: number): void {
  const head = rooms.peek().get(room);
  // What was marked unread by hand is not read by being looked at.
  const kept = unreadLine.peek()?.room === room && unreadLine.peek()?.quiet;
  if (!head || seq <= head.read_seq || kept) {
    return;
  }
  if (timer && seen?.room === room) {
    return;
  }
  seen = { room, seq };
  clearTimeout(timer);
  timer = setTimeout(counted, seenFor);
}

function counted(): void {
  timer = 0;
  if (seen && document.hasFocus() && !document.hidden) {
    markRead(seen.room, seen.seq);
  }
  seen = undefined;
  checkAgain();
}

let checkAgain: () => void = () => undefined;

/** Who calls noteReading again: after a second has counted, and when the window gets the focus. */
export function onReadingCheck(how: () => void): () => void {
  checkAgain = how;
  addEventListener('focus', how);
  return () => {
    removeEventListener('focus', how);
    checkAgain = () => undefined;
    clearTimeout(timer);
    timer = 0;
  };
}

/** Marks a room read up to a message, or up to its end; never backwards. */
export function markRead(room: RoomID, seq?: number): void {
  const head = rooms.peek().get(room);
  const to = Math.min(seq ?? head?.seq ?? 0, head?.seq ?? 0);
  const line = unreadLine.peek();
  if (line?.room === room && line.quiet) {
    unreadLine.value = { ...line, quiet: false };
  }
  if (head && to > head.read_seq) {
    move(room, to);
  }
}

/** Marks a message and what follows it unread; the line moves there. */
export function markUnreadFrom(room: RoomID, seq: number): void {
  const head = rooms.peek().get(room);
  if (head) {
    clearTimeout(timer);
    timer = 0;
    unreadLine.value = { room, seq, until: head.seq, quiet: true };
    move(room, seq - 1);
  }
}

function move(room: RoomID, seq: number): void {
  change((model) => withRead(model, room, seq));
  unsent.set(room, seq);
  void send(room);
}

async function send(room: RoomID): Promise<void> {
  if (sending.has(room)) {
    return;
  }
  sending.add(room);
  try {
    for (let seq = unsent.get(room); seq !== undefined; seq = unsent.get(room)) {
      const data = { room_id: room, read_seq: seq };
      await (socket.online ? socket.request('room.read', data) : putRead(room, seq));
      if (unsent.get(room) === seq) {
        unsent.delete(room);
      }
    }
  } catch (error) {
    if (!(error instanceof ApiError)) {
      throw error;
    }
    if (error.code !== 'offline') {
      unsent.delete(room);
    }
  } finally {
    sending.delete(room);
  }
}

/** A read position came from the server; false when one's own later one is on its way there. */
export function ownReadMoved(moved: ReadMoved): boolean {
  return !unsent.has(moved.room_id);
}

/** After coming back: the positions that the server missed. */
export function resendReads(): void {
  for (const [room, seq] of unsent) {
    change((model) => withRead(model, room, seq));
    void send(room);
  }
}

export function resetReads(): void {
  unsent.clear();
  clearTimeout(timer);
  timer = 0;
}
