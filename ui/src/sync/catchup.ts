// Asking for what was missed: changes of rooms, people, members.
import { ApiError } from '../net/api';
import { listChanges } from '../net/calls/messages';
import { listUsers } from '../net/calls/people';
import { listMembers } from '../net/calls/rooms';
import type { Changes, Message, RoomID, RoomRev } from '../net/types';
import { openRoom, reading, segments } from '../store/messages';
import { directory } from '../store/people';
import { members, rooms } from '../store/rooms';
import { session } from '../store/session';
import { again } from './again';
import { caughtUp, hold, put, without } from './apply';
import { loadAround, loadPresent } from './history';
import { socket } from './live';
import { change, during, places, sameSession } from './model';

const atOnce = 200;
const wanted = new Set<RoomID>();
let running = false;

/** Brings rooms up to date from the rev of their segments; their live messages wait meanwhile. */
export function catchUp(ids: readonly RoomID[]): void {
  if (!ids.length) {
    return;
  }
  change((model) => ids.reduce(hold, model));
  for (const id of ids) {
    wanted.add(id);
  }
  if (!running) {
    running = true;
    const done = during(() => {
      running = false;
    });
    void run().finally(done);
  }
}

async function run(): Promise<void> {
  const parts = new Map<RoomID, { rev: number; messages: Message[] }>();
  let failures = 0;
  const current = sameSession();
  while (current() && wanted.size && session.peek() === 'signed-in') {
    const ask: RoomRev[] = [];
    for (const id of [...wanted].slice(0, atOnce)) {
      const rev = parts.get(id)?.rev ?? segments.peek().get(id)?.rev;
      if (rev === undefined) {
        wanted.delete(id);
        change((model) => ({ ...model, held: without(model.held, id) }));
      } else {
        ask.push({ room_id: id, rev });
      }
    }
    if (!ask.length) {
      continue;
    }
    let answer: Changes;
    try {
      answer = socket.online ? await socket.request('room.changes', { rooms: ask }) : await listChanges(ask);
    } catch (error) {
      if (!current()) {
        return;
      }
      if (error instanceof ApiError && error.code === 'offline' && !socket.online) {
        // The next welcome asks again.
        wanted.clear();
        return;
      }
      await new Promise((go) => setTimeout(go, Math.min(30_000, 500 * 2 ** failures++)));
      continue;
    }
    if (!current()) {
      return;
    }
    for (const part of answer.rooms) {
      if (part.state === 'later') {
        continue;
      }
      const so = parts.get(part.room_id) ?? { rev: 0, messages: [] };
      so.messages.push(...part.messages);
      so.rev = part.rev;
      if (part.state === 'page' && part.more) {
        parts.set(part.room_id, so);
        continue;
      }
      parts.delete(part.room_id);
      wanted.delete(part.room_id);
      change((model) => caughtUp(model, part, so.messages, places));
    }
  }
}

/** Loads anew what is shown of a room; a room that is not open is loaded when it is looked at. */
export function reloadPage(id: RoomID): void {
  const place = reading.get(id);
  if (openRoom.peek() !== id) {
    change((model) => ({ ...model, segments: without(model.segments, id) }));
  } else if (!place || place.atEnd) {
    void loadPresent(id);
  } else {
    void loadAround(id, place.seq);
  }
}

/** Loads the members of a room into the store when they are not there, or older than the room. */
export async function loadMembers(id: RoomID, again = false): Promise<void> {
  const known = members.peek().get(id);
  if (known && !again && known.meta >= (rooms.peek().get(id)?.meta ?? 0)) {
    return;
  }
  const take = during(change);
  try {
    const got = await listMembers(id);
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

const peopleLoader = again(fetchPeople);

/** Loads the people that are new or changed. */
export const loadPeople = peopleLoader.run;

async function fetchPeople(): Promise<void> {
  const take = during(change);
  try {
    const got = await listUsers(directory.peek());
    take((model) => {
      const people = new Map(model.people);
      for (const user of got.users) {
        people.set(user.id, user);
      }
      return { ...model, people, directory: Math.max(model.directory, got.directory) };
    });
  } catch (error) {
    if (!(error instanceof ApiError)) {
      throw error;
    }
  }
}

/** Forgets what was asked for, when the session ends. */
export function resetCatchUp(): void {
  wanted.clear();
  running = false;
  peopleLoader.reset();
}
