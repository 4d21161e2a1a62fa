// The members of a room.

import { api } from '../../net/api';
import { attempt } from '../../net/attempt';
import type { MemberRole, RoomID, UserID } from '../../net/types';
import type { Result } from '../../result';

/** Loads the members of a room into the store when they are not there, or older than the room. */
export { loadMembers } from '../../sync/live';

export function addMembers(room: RoomID, people: readonly UserID[]): Promise<Result> {
  return attempt(() => api<void>('POST', `/rooms/${room}/members`, { user_ids: people }));
}

export function removeMember(room: RoomID, person: UserID): Promise<Result> {
  return attempt(() => api<void>('DELETE', `/rooms/${room}/members/${person}`));
}

export function setMemberRole(room: RoomID, person: UserID, role: MemberRole): Promise<Result> {
  return attempt(() => api<void>('PATCH', `/rooms/${room}/members/${person}`, { role }));
}
