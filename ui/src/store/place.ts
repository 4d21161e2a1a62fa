// Rooms by when they were last open in this browser: for the switcher's order and for coming back.
import { signal } from '@preact/signals';
import type { RoomID } from '../net/types';

const key = 'parley.places';
const most = 20;

function kept(): readonly RoomID[] {
  try {
    const list: unknown = JSON.parse(localStorage.getItem(key) ?? '[]');
    return Array.isArray(list) ? list.filter((id) => Number.isSafeInteger(id)) : [];
  } catch {
    return [];
  }
}

/** The newest first. Written by keepPlace only. */
export const places = signal<readonly RoomID[]>(kept());

export function keepPlace(room: RoomID): void {
  if (places.peek()[0] === room) {
    return;
  }
  places.value = [room, ...places.peek().filter((id) => id !== room)].slice(0, most);
  try {
    localStorage.setItem(key, JSON.stringify(places.value));
  } catch {
    // Storage is full or forbidden: the order holds until the page is left.
  }
}
