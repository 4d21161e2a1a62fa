// Rooms from answers of the server: those the person has just joined or left, and those they only look at.
import { effect } from '@preact/signals';
import { ApiError } from '../net/api';
import { showRoom } from '../net/calls/rooms';
import type { RoomID, RoomState, RoomView } from '../net/types';
import { during, perSession } from '../perSession';
import { missing, previews, rooms } from '../store/rooms';
import { change } from './model';
import { withoutRoom, withRoom } from './ownRooms';

/** Adds a room that the person has joined, before its event comes. */
export function addRoom(room: RoomState): void {
  change((model) => withRoom(model, room));
}

/** Removes a room that the person has left, before its event comes. */
export function forgetRoom(room: RoomID): void {
  change((model) => withoutRoom(model, room));
}

export function setPreviews(found: readonly RoomView[]): void {
  previews.value = new Map([...previews.peek(), ...found.map((room) => [room.id, room] as const)]);
}

/** Rooms that only members see, noted while the person was a member. Asking for them later is useless. */
const closed = perSession(() => new Set<RoomID>());

effect(() => {
  for (const room of rooms.value.values()) {
    if (room.kind !== 'public') {
      closed.now.add(room.id);
    }
  }
  const gone = [...missing.peek()].filter((id) => !rooms.value.has(id));
  if (gone.length < missing.peek().size) {
    missing.value = new Set(gone);
  }
});

/** Loads a room the reader is not a member of into `previews`, or notes it in `missing`. */
export async function loadPreview(room: RoomID): Promise<void> {
  const none = during(() => {
    missing.value = new Set([...missing.peek(), room]);
  });
  if (closed.now.has(room)) {
    none();
    return;
  }
  const found = during((view: RoomView) => {
    setPreviews([view]);
    missing.value = new Set([...missing.peek()].filter((id) => id !== room));
  });
  try {
    found(await showRoom(room));
  } catch (error) {
    if (error instanceof ApiError && error.code === 'not_found') {
      none();
    }
  }
}
