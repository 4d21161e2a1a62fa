// The directory: everyone on the server, by id. Written by sync/ and actions only.

import { computed } from '@preact/signals';
import type { RoomID, RoomState, User, UserID } from '../net/types';
import { perSession, sessionSignal } from '../perSession';
import { keyed } from './keyed';
import { me } from './session';

export type { User, UserID } from '../net/types';

export const people = sessionSignal<ReadonlyMap<UserID, User>>(new Map());
export const personOf = keyed(people);

/** The directory number that `people` is complete up to. */
export const directory = sessionSignal(0);

/** Characters that turn the direction of a text. The server refuses them; names from older versions may have them. */
const turning = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;
/** Letters that are written from right to left. */
const rightToLeft = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

const folded = perSession(() => new WeakMap<User, string>());

/** Letters of other scripts, each before the Latin one that it looks like, small or capital. */
const alike = 'аaвbеeкkмmнhоoрpсcтtуyхxіiјjѕsһhԁdԛqԝwӏlαaβbεeηhιiκkμmνvοoρpτtυyχxζz';

/** The form by which display names are compared: without case, without what nobody sees, and by the look of letters. */
function foldOf(user: User): string {
  let key = folded.now.get(user);
  if (key === undefined) {
    const seen = chosen(user)
      .replace(/\p{Default_Ignorable_Code_Point}/gu, '')
      .normalize('NFKC');
    key = seen
      .toUpperCase()
      .toLowerCase()
      .normalize('NFKD')
      .replace(/\s+/gu, ' ')
      .replace(/[\u0370-\u052f]/g, (letter) => alike[alike.indexOf(letter) + 1 || NaN] ?? letter);
    folded.now.set(user, key);
  }
  return key;
}

/**
 * The people whose display name somebody else has too. Who is deactivated takes nobody's plain name away, but is told
 * apart, since their messages stay.
 */
const doubled = computed<ReadonlySet<UserID>>(() => {
  const firsts = new Map<string, User>();
  const found = new Set<UserID>();
  const all = [...people.value.values()];
  const gone = (user: User) => user.deactivated === true;
  for (const user of [...all.filter((one) => !gone(one)), ...all.filter(gone)]) {
    const key = foldOf(user);
    const first = firsts.get(key);
    if (first === undefined) {
      firsts.set(key, user);
      continue;
    }
    found.add(user.id);
    if (gone(first) === gone(user)) {
      found.add(first.id);
    }
  }
  return found;
});

const userOf = (id: UserID) => people.value.get(id) ?? (me.value?.id === id ? me.value : undefined);

const chosen = (user: User) => user.display_name || user.name;

/**
 * The name that a person chose, for where the login name stands beside it anyway. A name from right to left is
 * isolated, so that it does not turn the words around it. Reads signals.
 */
export function displayNameOf(id: UserID): string {
  const user = userOf(id);
  const name = user ? chosen(user).replace(turning, '') : '…';
  return rightToLeft.test(name) ? `\u2068${name}\u2069` : name;
}

/**
 * The name to show for a person: the one they chose, with the login name where two people chose what looks the same. Reads
 * signals.
 */
export function nameOf(id: UserID): string {
  const login = doubled.value.has(id) ? ` (@${userOf(id)?.name})` : '';
  return displayNameOf(id) + login;
}

/** The other people in a direct room, or the person alone in a room with themselves. Reads signals. */
export function othersIn(room: { member_ids?: readonly UserID[] }): readonly UserID[] {
  const others = (room.member_ids ?? []).filter((id) => id !== me.value?.id);
  return others.length ? others : (room.member_ids ?? []);
}

/** The name to show for a room: its own, or the people of a direct room. Reads signals. */
export function titleOf(
  room: Pick<RoomState, 'kind' | 'name' | 'member_ids'>,
  list: (names: string[]) => string,
): string {
  return room.kind === 'direct' ? list(othersIn(room).map(nameOf)) : room.name;
}

export type { RoomID };
