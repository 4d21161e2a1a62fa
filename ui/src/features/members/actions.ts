// The members of a room; leaving it.
import { attempt } from '../../net/attempt';
import * as calls from '../../net/calls/rooms';
import type { Result } from '../../net/result';
import type { Asked, MemberRole, MembersAdded, RoomID, UserID } from '../../net/types';
import { during } from '../../perSession';
import { forgetRoom } from '../../sync/rooms';
import { leavingRooms } from './leaving';

/**
 * Loads the members of a room, unless the store has them as new as the room. `anew` loads them in any case.
 */
export { loadMembers } from '../../sync/people';

/** Adds people, or asks those who want to be asked. */
export function addMembers(room: RoomID, people: readonly UserID[]): Promise<Result<MembersAdded>> {
  return attempt(() => calls.addMembers(room, { user_ids: [...people] }));
}

/** Loads who is asked into a room and is no member yet; the first thousand of them. */
export function loadAsked(room: RoomID): Promise<Result<Asked>> {
  return attempt(() => calls.listAsked(room));
}

export function removeMember(room: RoomID, person: UserID): Promise<Result> {
  return attempt(() => calls.removeMember(room, person));
}

export function setMemberRole(room: RoomID, person: UserID, role: MemberRole): Promise<Result> {
  return attempt(() => calls.changeMember(room, person, { role }));
}

/** Takes a direct room out of the list, until something new is said there. */
export function hideRoom(room: RoomID): Promise<Result> {
  return attempt(async () => {
    await calls.hideRoom(room);
  });
}

/** Leaves a room. The failure `last_owner` means that another owner must be named first. */
export function leaveRoom(room: RoomID): Promise<Result> {
  return attempt(async () => {
    const leaving = leavingRooms.now;
    leaving.add(room);
    const forget = during(forgetRoom);
    try {
      await calls.leaveRoom(room);
      forget(room);
    } finally {
      leaving.delete(room);
    }
  });
}
