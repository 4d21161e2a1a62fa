// Rooms by when they were last open in this browser: for the switcher's order and for coming back.

import type { RoomID, UserID } from '../net/types';
import { perSession, sessionSignal } from '../perSession';

const key = 'parley.places';
const most = 20;

interface Kept {
  user: UserID;
  rooms: readonly RoomID[];
}

const whose = perSession(() => ({ user: 0 as UserID }));

/** The newest first. Written here only. */
export const places = sessionSignal<readonly RoomID[]>([]);

/** Takes what is kept of a person; what is another's stays unread. */
export function loadPlaces(user: UserID): void {
  whose.now.user = user;
  places.value = kept(user);
}

function kept(user: UserID): readonly RoomID[] {
  try {
    const found = JSON.parse(localStorage.getItem(key) ?? '{}') as Partial<Kept>;
    const list: unknown = found.user === user ? found.rooms : [];
    return Array.isArray(list) ? list.filter((id) => Number.isSafeInteger(id)) : [];
  } catch {
    return [];
  }
}

export function keepPlace(room: RoomID): void {
  if (places.peek()[0] !== room) {
    keep([room, ...places.peek().filter((id) => id !== room)].slice(0, most));
  }
}

/** Forgets them: the person signed out. */
export function dropPlaces(): void {
  keep([]);
}

function keep(rooms: readonly RoomID[]): void {
  places.value = rooms;
  try {
    localStorage.setItem(key, JSON.stringify({ user: whose.now.user, rooms } satisfies Kept));
  } catch {
    // Storage is full or forbidden: the order holds until the page is left.
  }
}
