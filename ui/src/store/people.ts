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

const folded = perSession(() => new WeakMap<User, { shown: string; login: string }>());

/** Letters of other scripts, each before the Latin one that it looks like, small or capital. */
const alike = 'аaвbеeкkмmнhоoрpсcтtуyхxіiјjѕsһhԁdԛqԝwӏlαaβbεeηhιiκkμmνvοoρpτtυyχxζz';

/** The form by which names are compared: without case, without what nobody sees, and by the look of letters. */
function folding(name: string): string {
  return name
    .replace(/\p{Default_Ignorable_Code_Point}/gu, '')
    .normalize('NFKC')
    .toUpperCase()
    .toLowerCase()
    .normalize('NFKD')
    .replace(/\s+/gu, ' ')
    .replace(/[\u0370-\u052f]/g, (letter) => alike[alike.indexOf(letter) + 1 || NaN] ?? letter);
}

function foldOf(user: User) {
  let keys = folded.now.get(user);
  if (!keys) {
    keys = { shown: folding(chosen(user)), login: folding(user.name) };
    folded.now.set(user, keys);
  }
  return keys;
}

/**
 * The people who are shown with their login names: whose display name somebody else has too, or is somebody else's login
 * name, or has an @, since "Ann (@ann)" is what the true Ann may be shown as. Who is deactivated takes nobody's plain
 * name away, but is told apart, since their messages stay.
 */
const marked = computed<ReadonlySet<UserID>>(() => {
  const firsts = new Map<string, User>();
  const found = new Set<UserID>();
  const all = [...people.value.values()];
  const gone = (user: User) => user.deactivated === true;
  const active = all.filter((user) => !gone(user));
  const logins = new Map(active.map((user) => [foldOf(user).login, user.id]));
  for (const user of [...active, ...all.filter(gone)]) {
    const key = foldOf(user).shown;
    const first = firsts.get(key);
    if (key.includes('@') || (logins.get(key) ?? user.id) !== user.id) {
      found.add(user.id);
    }
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
 * The name to show for a person: the one they chose, with the login name where it could be taken for another's. Reads
 * signals.
 */
export function nameOf(id: UserID): string {
  const login = marked.value.has(id) ? ` (@${userOf(id)?.name})` : '';
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
