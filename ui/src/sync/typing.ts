// Who is writing, and saying that one is writing oneself.
import type { RoomID, UserID } from '../net/types';
import { typing } from '../store/typing';
import { put } from './apply';
import { socket } from './live';

const expires = 5_000;
const atMostEvery = 3_000;
const timers = new Map<string, number>();
let lastTold = { room: 0, at: 0 };

export function typingStarted(room: RoomID, user: UserID): void {
  const key = `${room} ${user}`;
  clearTimeout(timers.get(key));
  timers.set(
    key,
    setTimeout(() => typingEnded(room, user), expires),
  );
  const list = typing.peek().get(room) ?? [];
  if (!list.includes(user)) {
    typing.value = put(typing.peek(), room, [...list, user]);
  }
}

export function typingEnded(room: RoomID, user: UserID): void {
  const key = `${room} ${user}`;
  clearTimeout(timers.get(key));
  if (timers.delete(key)) {
    const list = typing.peek().get(room) ?? [];
    typing.value = put(
      typing.peek(),
      room,
      list.filter((id) => id !== user),
    );
  }
}

/** Says that one is writing; at most every 3 seconds reaches the server. */
export function noteTyping(room: RoomID): void {
  const now = Date.now();
  if (lastTold.room !== room || now - lastTold.at >= atMostEvery) {
    lastTold = { room, at: now };
    socket.tell('typing.start', { room_id: room });
  }
}

/** A message was sent: writing again is told at once. */
export function typingDone(): void {
  lastTold = { room: 0, at: 0 };
}
