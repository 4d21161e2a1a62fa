// Who is typing, and telling the server that the person is.
import type { RoomID, UserID } from '../net/types';
import { during, perSession, type Timer } from '../perSession';
import { typing } from '../store/typing';
import { put } from './maps';
import { on, socket } from './socket';

const expires = 5_000;
const atMostEvery = 3_000;

const state = perSession(() => ({
  /** The timers that remove entries, by room and person. */
  timers: new Map<string, Timer>(),
  /** The room that the server was last told of, and when. */
  told: { room: 0, at: 0 },
}));

on('typing.started', (data) => typingStarted(data.room_id, data.user_id));
on('message.added', ({ message }) => typingEnded(message.room_id, message.author_id));

function typingStarted(room: RoomID, user: UserID): void {
  const key = `${room} ${user}`;
  const { timers } = state.now;
  clearTimeout(timers.get(key));
  timers.set(
    key,
    setTimeout(
      during(() => typingEnded(room, user)),
      expires,
    ),
  );
  const list = typing.peek().get(room) ?? [];
  if (!list.includes(user)) {
    typing.value = put(typing.peek(), room, [...list, user]);
  }
}

function typingEnded(room: RoomID, user: UserID): void {
  const key = `${room} ${user}`;
  const { timers } = state.now;
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

/** Tells the server that the person is typing, at most every 3 seconds. While the socket is away, each key brings it back. */
export function noteTyping(room: RoomID): void {
  const now = Date.now();
  const { told } = state.now;
  if (!socket.online) {
    socket.hurry();
  } else if (told.room !== room || now - told.at >= atMostEvery) {
    state.now.told = { room, at: now };
    socket.tell('typing.start', { room_id: room });
  }
}

/** A message was sent, so the next typing is told at once. */
export function typingDone(): void {
  state.now.told = { room: 0, at: 0 };
}
