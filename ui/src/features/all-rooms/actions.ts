// All rooms of the server, and who is in them.
import { attempt } from '../../net/attempt';
import * as calls from '../../net/calls/kept_rooms';
import type { Result } from '../../net/result';
import type { KeptRoomChange, KeptRooms, MemberRole, Members, RoomID, UserID } from '../../net/types';

export type { KeptRoom } from '../../net/types';

/** A page of all rooms: those after an id, or the first. */
export function listAllRooms(after?: RoomID): Promise<Result<KeptRooms>> {
  return attempt(() => calls.listAllRooms(after ? { after } : {}));
}

/** A page of the people of any room: those after an id, or the first. */
export function listAnyMembers(room: RoomID, after?: UserID): Promise<Result<Members>> {
  return attempt(() => calls.listAnyMembers(room, after ? { after } : {}));
}

export function changeAny(room: RoomID, change: KeptRoomChange): Promise<Result> {
  return attempt(() => calls.changeAnyRoom(room, change));
}

export function removeAny(room: RoomID): Promise<Result> {
  return attempt(() => calls.deleteAnyRoom(room));
}

export function takeOut(room: RoomID, person: UserID): Promise<Result> {
  return attempt(() => calls.takeOut(room, person));
}

export function setAnyRole(room: RoomID, person: UserID, role: MemberRole): Promise<Result> {
  return attempt(() => calls.changeAnyMember(room, person, { role }));
}
