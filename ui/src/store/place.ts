// The rooms last open in this browser. They sort the switcher, and the client starts at the last one.

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

/** Reads what is kept for a person. Ignores what is kept for another. */
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

/** Forgets the rooms, because the person signed out. */
export function dropPlaces(): void {
  keep([]);
}

function keep(rooms: readonly RoomID[]): void {
  places.value = rooms;
  try {
    localStorage.setItem(key, JSON.stringify({ user: whose.now.user, rooms } satisfies Kept));
  } catch {
    // Storage is full or forbidden. The order is lost when the page is left.
  }
}
