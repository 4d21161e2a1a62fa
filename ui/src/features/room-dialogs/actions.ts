// Rooms: finding, joining, making, naming.

import { api } from '../../net/api';
import { attempt } from '../../net/attempt';
import type {
  NewRoom,
  PublicRooms,
  Room,
  RoomChange,
  RoomID,
  RoomState,
  RoomView,
  UserID,
} from '../../net/types';
import type { Result } from '../../result';
import { addRoom, forgetRoom, leavingRooms, setPreviews } from '../../sync/live';
import { during } from '../../sync/model';

/** Public rooms by name, also those one is a member of (`member`). */
export function browseRooms(query: string): Promise<Result<PublicRooms>> {
  return attempt(async () => {
    const note = during(setPreviews);
    const found = await api<PublicRooms>('GET', `/rooms/public?query=${encodeURIComponent(query)}`);
    note(found.rooms);
    return found;
  });
}

/** Loads a room that one is not a member of, into previews; into missing when there is none to see. */
export { loadPreview } from '../../sync/live';

/** Becomes a member of a public room. */
export function joinRoom(room: RoomID): Promise<Result<RoomState>> {
  return attempt(async () => {
    const add = during(addRoom);
    const joined = await api<RoomState>('POST', `/rooms/${room}/join`);
    add(joined);
    return joined;
  });
}

/** Leaves a room; `last_owner` when another owner must be named first. */
export function leaveRoom(room: RoomID): Promise<Result> {
  return attempt(async () => {
    leavingRooms.add(room);
    try {
      await api<void>('POST', `/rooms/${room}/leave`);
      forgetRoom(room);
    } finally {
      leavingRooms.delete(room);
    }
  });
}

/** Makes a public or private room; one is its owner. */
export function createRoom(form: NewRoom): Promise<Result<RoomState>> {
  return attempt(async () => {
    const add = during(addRoom);
    const room = await api<RoomState>('POST', '/rooms', form);
    add(room);
    return room;
  });
}

/** The direct room of exactly these people and oneself; made when needed. */
export function openDirect(others: readonly UserID[]): Promise<Result<RoomState>> {
  return attempt(async () => {
    const add = during(addRoom);
    const room = await api<RoomState>('POST', '/directs', { user_ids: others });
    add(room);
    return room;
  });
}

/** Another name or topic. The event brings it into the store. */
export function editRoom(room: RoomID, change: RoomChange): Promise<Result<Room>> {
  return attempt(() => api<Room>('PATCH', `/rooms/${room}`, change));
}

export type { RoomView };
