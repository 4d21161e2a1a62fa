// Rooms: finding, joining, making, naming.
import { attempt } from '../../net/attempt';
import * as calls from '../../net/calls/rooms';
import type { Result } from '../../net/result';
import type { NewRoom, PublicRooms, Room, RoomChange, RoomID, RoomState } from '../../net/types';
import { during } from '../../perSession';
import { addRoom, setPreviews } from '../../sync/rooms';

/** Finds public rooms by name, also those the caller is a member of (`member`). */
export function browseRooms(query: string): Promise<Result<PublicRooms>> {
  return attempt(async () => {
    const note = during(setPreviews);
    const found = await calls.listPublicRooms({ query });
    note(found.rooms);
    return found;
  });
}

/** Becomes a member of a public room. */
export function joinRoom(room: RoomID): Promise<Result<RoomState>> {
  return attempt(async () => {
    const add = during(addRoom);
    const joined = await calls.joinRoom(room);
    add(joined);
    return joined;
  });
}

/** Makes a public or private room, which the caller owns. */
export function createRoom(form: NewRoom): Promise<Result<RoomState>> {
  return attempt(async () => {
    const add = during(addRoom);
    const room = await calls.createRoom(form);
    add(room);
    return room;
  });
}

/** Changes the name or the topic. The event brings the change into the store. */
export function editRoom(room: RoomID, change: RoomChange): Promise<Result<Room>> {
  return attempt(() => calls.changeRoom(room, change));
}
