// How far the person has read. A row counts after a second in a focused, visible window.
import { effect } from '@preact/signals';
import { ApiError } from '../net/api';
import { markRead as putRead } from '../net/calls/messages';
import { backoff } from '../net/socket';
import type { RoomID } from '../net/types';
import { during, perSession, sameSession, type Timer } from '../perSession';
import { openRoom, unreadLine } from '../store/messages';
import { rooms } from '../store/rooms';
import { verdict } from './delivery';
import { change } from './model';
import { withRead } from './ownRooms';
import { isOvertaken, type Position, readTo, serverDecides } from './reading';
import { onlyIf, onOnline, socket } from './socket';

const seenFor = 1_000;

const state = perSession(() => ({
  /** Read positions that the server does not have yet. */
  unsent: new Map<RoomID, Position>(),
  /** Rooms whose position is being sent. */
  sending: new Set<RoomID>(),
  /** Answers in a row by which the server could not store a position now. */
  failures: 0,
  again: 0 as Timer,
  /** The row that counts as read when the timer ends. */
  seen: undefined as { room: RoomID; seq: number } | undefined,
  timer: 0 as Timer,
}));

onlyIf('read.moved', ({ room_id, read_seq }) => serverDecides(state.now.unsent.get(room_id), read_seq));
onOnline(resendReads);

const attended = () => document.hasFocus() && !document.hidden;

// What comes while nobody looks. A welcome is not in force before the positions are that the server misses.
effect(() => {
  const head = rooms.value.get(openRoom.value ?? 0);
  if (head?.unread && socket.online && !attended()) {
    drawLine(head.id, document.hidden);
  }
});

/**
 * Draws the line above the first unread message of a room. A line that is not read to its end stays, and counts what
 * came. `opens`: the list goes where it would if the room was opened now.
 */
export function drawLine(room = 0, opens = true): void {
  const head = rooms.peek().get(room);
  const old = unreadLine.peek();
  const line = old?.room === room ? old : undefined;
  if (!head?.unread || line?.quiet) {
    return;
  }
  const until = head.seq;
  if (!line || head.read_seq >= line.until) {
    unreadLine.value = { room, seq: head.read_seq + 1, until, count: head.unread, opens };
  } else if (until > line.until) {
    unreadLine.value = { ...line, until, count: line.count + until - line.until, opens };
  }
}

/** Notes the last visible row of the open room. Call it after every scroll and change. */
export function noteReading(room: RoomID, seq: number): void {
  const head = rooms.peek().get(room);
  // Messages marked unread by hand stay unread while they are visible.
  const kept = unreadLine.peek()?.room === room && unreadLine.peek()?.quiet;
  if (!head || seq <= head.read_seq || kept) {
    return;
  }
  const { seen, timer } = state.now;
  if (timer && seen?.room === room) {
    return;
  }
  state.now.seen = { room, seq };
  clearTimeout(timer);
  state.now.timer = setTimeout(during(counted), seenFor);
}

function counted(): void {
  const { seen } = state.now;
  state.now.timer = 0;
  if (seen && attended()) {
    markRead(seen.room, seen.seq);
  }
  state.now.seen = undefined;
  checkAgain();
}

function stopCounting(): void {
  clearTimeout(state.now.timer);
  state.now.timer = 0;
}

// The open list sets it, and resets it when it closes.
let checkAgain: () => void = () => undefined;

/**
 * Registers the function that calls noteReading again: after a row counted, and when the window gets the
 * focus.
 */
export function onReadingCheck(how: () => void): () => void {
  checkAgain = how;
  addEventListener('focus', how);
  return () => {
    removeEventListener('focus', how);
    checkAgain = () => undefined;
    stopCounting();
  };
}

/** Marks a room read up to a message, or up to its end. Never moves back. */
export function markRead(room: RoomID, seq?: number): void {
  const line = unreadLine.peek();
  if (line?.room === room && line.quiet) {
    unreadLine.value = { ...line, quiet: false };
  }
  const to = readTo(rooms.peek().get(room), seq);
  if (to !== undefined) {
    move(room, to);
  }
}

/** Marks a message and all after it unread, and moves the unread line there. */
export function markUnreadFrom(room: RoomID, seq: number): void {
  const head = rooms.peek().get(room);
  if (head) {
    stopCounting();
    unreadLine.value = { room, seq, until: head.seq, count: 0, quiet: true };
    move(room, seq - 1, true);
  }
}

function move(room: RoomID, seq: number, back = state.now.unsent.get(room)?.back ?? false): void {
  change((model) => withRead(model, room, seq));
  state.now.unsent.set(room, { seq, back });
  void send(room);
}

const readSeqOf = (room: RoomID): number => rooms.peek().get(room)?.read_seq ?? 0;

async function send(room: RoomID): Promise<void> {
  const { unsent, sending } = state.now;
  const current = sameSession();
  if (sending.has(room)) {
    return;
  }
  sending.add(room);
  try {
    for (let own = unsent.get(room); own && current(); own = unsent.get(room)) {
      if (!isOvertaken(own, readSeqOf(room))) {
        const { seq: read_seq } = own;
        await (socket.online
          ? socket.request('room.read', { room_id: room, read_seq })
          : putRead(room, { read_seq }));
        state.now.failures = 0;
      }
      if (unsent.get(room) === own) {
        unsent.delete(room);
      }
    }
  } catch (error) {
    if (!(error instanceof ApiError)) {
      throw error;
    }
    if (verdict(error.code) !== 'again') {
      unsent.delete(room);
    } else if (error.code !== 'offline' && current()) {
      later();
    }
  } finally {
    sending.delete(room);
  }
}

/** Tries again what the server could not store now. What did not reach it waits for the next connection. */
function later(): void {
  clearTimeout(state.now.again);
  state.now.again = setTimeout(during(sendUnsent), 500 + backoff(state.now.failures++, Math.random()));
}

function sendUnsent(): void {
  for (const room of state.now.unsent.keys()) {
    void send(room);
  }
}

/** Restores and sends the positions that the server missed while it was away. What came meanwhile gets the line. */
function resendReads(): void {
  for (const [room, own] of state.now.unsent) {
    if (!isOvertaken(own, readSeqOf(room))) {
      change((model) => withRead(model, room, own.seq));
    }
  }
  sendUnsent();
  drawLine(openRoom.peek());
}
