// The rooms that the person is a member of, and public rooms that they only look at. Written by sync/ only.

import { computed, type ReadonlySignal } from '@preact/signals';
import type { Member, RoomID, RoomState, RoomView } from '../net/types';
import { sessionSignal } from '../perSession';
import { keyed } from './keyed';

export type { RoomID, RoomState, RoomView, UserID } from '../net/types';

/** Every room that the person is a member of, by id. */
export const rooms = sessionSignal<ReadonlyMap<RoomID, RoomState>>(new Map());

/** False until the rooms are known from the cache or the server. */
export const roomsLoaded = sessionSignal(false);

/** One room as a signal. Undefined when the person is not a member. */
export const roomOf = keyed(rooms);

/** Rooms that the person looks at without being a member, and the public rooms of the browse dialog. */
export const previews = sessionSignal<ReadonlyMap<RoomID, RoomView>>(new Map());
export const previewOf = keyed(previews);

/** Rooms that were asked for and do not exist, or that this person may not see. */
export const missing = sessionSignal<ReadonlySet<RoomID>>(new Set());

/** The members of rooms, loaded by loadMembers and then kept up to date by events. */
export const members = sessionSignal<ReadonlyMap<RoomID, MemberList>>(new Map());
export const membersOf = keyed(members);
export interface MemberList {
  meta: number;
  members: readonly Member[];
}

export interface Sections {
  /** Public, private and announcement rooms, by name. */
  rooms: readonly RoomID[];
  /** Direct rooms, the one with the newest activity first. */
  directs: readonly RoomID[];
}

/** When the newest message of a room was written, as far as this client knows. */
export const activity = sessionSignal<ReadonlyMap<RoomID, number>>(new Map());

let last: Sections = { rooms: [], directs: [] };
const same = (a: readonly RoomID[], b: readonly RoomID[]) =>
  a.length === b.length && a.every((id, i) => id === b[i]);

/**
 * The two sections of the room list. Stays the same object while the order does, so the list does not render.
 */
export const sections: ReadonlySignal<Sections> = computed(() => {
  const all = [...rooms.value.values()];
  const time = activity.value;
  const next = {
    rooms: all
      .filter((r) => r.kind !== 'direct')
      .sort((a, b) => a.name.localeCompare(b.name) || a.id - b.id)
      .map((r) => r.id),
    directs: all
      .filter((r) => r.kind === 'direct')
      .sort((a, b) => (time.get(b.id) ?? b.created_at) - (time.get(a.id) ?? a.created_at) || a.id - b.id)
      .map((r) => r.id),
  };
  if (!same(last.rooms, next.rooms) || !same(last.directs, next.directs)) {
    last = next;
  }
  return last;
});
