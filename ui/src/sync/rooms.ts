// Rooms one is a member of before their events come, and rooms one only looks at.
import { effect } from '@preact/signals';
import { ApiError } from '../net/api';
import { showRoom } from '../net/calls/rooms';
import type { RoomID, RoomState, RoomView } from '../net/types';
import { during, perSession } from '../perSession';
import { missing, previews, rooms } from '../store/rooms';
import { withoutRoom, withRoom } from './apply';
import { change } from './model';

/** Notes a room one is a member of, before its event comes. */
export function addRoom(room: RoomState): void {
  change((model) => withRoom(model, room));
}

/** Notes that one has left a room. */
export function forgetRoom(room: RoomID): void {
  change((model) => withoutRoom(model, room));
}

export function setPreviews(found: readonly RoomView[]): void {
  previews.value = new Map([...previews.peek(), ...found.map((room) => [room.id, room] as const)]);
}

/** Rooms that only members see, noted while one was a member: after that, asking for them is no use. */
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

/** Loads a room that one is not a member of, into previews; into missing when there is none to see. */
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
