// The directory: everyone on the server, by id. Written by sync/ and actions only.

import type { RoomID, RoomState, RoomView, User, UserID } from '../net/types';
import { sessionSignal } from '../perSession';
import { keyed } from './keyed';
import { me } from './session';

export type { User, UserID } from '../net/types';

export const people = sessionSignal<ReadonlyMap<UserID, User>>(new Map());
export const personOf = keyed(people);

/** The directory number that `people` is complete up to. */
export const directory = sessionSignal(0);

/** The name to show for a person. Reads signals. */
export function nameOf(id: UserID): string {
  const user = people.value.get(id) ?? (me.value?.id === id ? me.value : undefined);
  return user ? user.display_name || user.name : '…';
}

/** The other people in a direct room, or the person alone in a room with themselves. Reads signals. */
export function othersIn(room: { member_ids?: readonly UserID[] }): readonly UserID[] {
  const others = (room.member_ids ?? []).filter((id) => id !== me.value?.id);
  return others.length ? others : (room.member_ids ?? []);
}

/** The name to show for a room: its own, or the people of a direct room. Reads signals. */
export function titleOf(room: RoomState | RoomView, list: (names: string[]) => string): string {
  return room.kind === 'direct' ? list(othersIn(room).map(nameOf)) : room.name;
}

export type { RoomID };
