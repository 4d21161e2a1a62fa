// Loads the people of the server and the members of rooms.
import { ApiError } from '../net/api';
import { listMembers } from '../net/calls/rooms';
import { listUsers } from '../net/calls/server';
import type { Member, Members, RoomID, User } from '../net/types';
import { whole } from '../net/whole';
import { during, perSession } from '../perSession';
import { directory } from '../store/people';
import { members, rooms } from '../store/rooms';
import { me } from '../store/session';
import { again } from './again';
import { put } from './maps';
import { change, onWant } from './model';
import { on } from './socket';

on('user.changed', ({ user }) => {
  if (user.id === me.peek()?.id) {
    me.value = user;
  }
});
onWant('members', (want) => void loadMembers(want.room, true));
onWant('people', () => void directoryLoader.now.run());

/** Stores a person from an answer of the server, before the event comes. */
export function putUser(user: User): void {
  change((model) => ({ ...model, people: put(model.people, user.id, user) }));
  if (user.id === me.peek()?.id) {
    me.value = user;
  }
}

/**
 * Loads the members of a room, unless the store has them as new as the room. `anew` loads them in any case.
 */
export async function loadMembers(id: RoomID, anew = false): Promise<void> {
  const known = members.peek().get(id);
  if (known && !anew && known.meta >= (rooms.peek().get(id)?.meta ?? 0)) {
    return;
  }
  const take = during(change);
  try {
    const got = await wholeRoom(id);
    take((model) => {
      const now = model.members.get(id);
      return now && now.meta > got.meta ? model : { ...model, members: put(model.members, id, got) };
    });
  } catch (error) {
    if (!(error instanceof ApiError)) {
      throw error;
    }
  }
}

/**
 * Loads all pages of a room's members. Starts over when the members change between two pages. If that goes on,
 * the list gets the oldest `meta`, and so it is loaded again later.
 */
async function wholeRoom(id: RoomID): Promise<Members> {
  for (let tries = 1; ; tries++) {
    const metas: number[] = [];
    const list = await whole<Member>(async (last) => {
      const page = await listMembers(id, last ? { after: last.user_id } : {});
      metas.push(page.meta);
      return { list: page.members, more: page.more };
    });
    const meta = Math.min(...metas);
    if (tries === 3 || metas.every((one) => one === meta)) {
      return { members: list, meta, more: false };
    }
  }
}

/** Loads the people who are new or changed, one request at a time. */
const directoryLoader = perSession(() => again(fetchPeople));

async function fetchPeople(): Promise<void> {
  const take = during(change);
  try {
    let since = directory.peek();
    let more = true;
    while (more) {
      const got = await listUsers({ since: since || undefined });
      more = got.more;
      since = got.directory;
      const same = take((model) => {
        const people = new Map(model.people);
        for (const user of got.users) {
          people.set(user.id, user);
        }
        // A live event may have told a later number already: only the whole list reaches that far.
        return {
          ...model,
          people,
          directory: got.more ? model.directory : Math.max(model.directory, got.directory),
        };
      });
      more = more && same;
    }
  } catch (error) {
    if (!(error instanceof ApiError)) {
      throw error;
    }
  }
}
