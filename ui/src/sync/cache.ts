// Copies on disk, for a start without the server: rooms, people, the last page of each room.
import { effect } from '@preact/signals';
import type { RoomID, RoomState } from '../net/types';
import { perSession, type Timer } from '../perSession';
import { type Segment, segments } from '../store/messages';
import { people } from '../store/people';
import { rooms, roomsLoaded } from '../store/rooms';
import { me, server } from '../store/session';
import { clear, get, getAll, put, putAll, remove } from './db';
import { onWant, read, write } from './model';
import { lastPage } from './segment';
import { onOnline } from './socket';

const pause = 1_000;

/** What is on disk, and the timer of the next write. */
const kept = perSession(() => ({
  pages: new Map<RoomID, Segment>(),
  rooms: new Map() as ReadonlyMap<RoomID, RoomState>,
  people: undefined as unknown,
  timer: 0 as Timer,
}));

onWant('forget', () => void forgetCopies());
onOnline(keepKnown);

/** Writes changes to disk, a second after they happen. */
export function startKeeping(): () => void {
  const mine = kept.now;
  mine.pages = new Map(segments.peek());
  mine.rooms = rooms.peek();
  mine.people = people.peek();
  const stop = effect(() => {
    // Reading all three makes the effect run when any of them changes.
    const now = [segments.value, rooms.value, people.value];
    if (now.some((one) => one !== mine.pages && one !== mine.rooms && one !== mine.people)) {
      mine.timer ||= setTimeout(keep, pause);
    }
  });
  const leaving = () => document.hidden && keep();
  document.addEventListener('visibilitychange', leaving);
  addEventListener('pagehide', keep);
  return () => {
    stop();
    clearTimeout(mine.timer);
    document.removeEventListener('visibilitychange', leaving);
    removeEventListener('pagehide', keep);
  };
}

function keep(): void {
  const mine = kept.now;
  clearTimeout(mine.timer);
  mine.timer = 0;
  if (!roomsLoaded.peek()) {
    return;
  }
  const now = segments.peek();
  const changed: [RoomID, Segment][] = [];
  for (const [id, segment] of now) {
    if (mine.pages.get(id) !== segment && rooms.peek().has(id)) {
      const page = lastPage(segment);
      if (page) {
        changed.push([id, page]);
      }
    }
  }
  mine.pages = new Map(now);
  void putAll('pages', changed);
  if (rooms.peek() !== mine.rooms) {
    const gone = [...mine.rooms.keys()].filter((id) => !rooms.peek().has(id));
    void remove('pages', ...gone);
    mine.rooms = rooms.peek();
    void putAll('rooms', rooms.peek(), true);
  }
  if (people.peek() !== mine.people) {
    mine.people = people.peek();
    void putAll('people', people.peek());
    keepKnown();
  }
}

/** Keeps who is signed in and on which server, once the server has said so. */
function keepKnown(): void {
  const user = me.peek();
  const host = server.peek();
  if (user && host) {
    const { epoch, run, directory } = read();
    void put('known', 'known', { epoch, run, directory, me: user, server: host });
  }
}

/** Shows what is kept of the open user. Returns false when nothing is. */
export async function loadKept(): Promise<boolean> {
  const known = await get('known', 'known');
  if (!known) {
    return false;
  }
  const [keptRoomList, users] = await Promise.all([getAll('rooms'), getAll('people')]);
  me.value = known.me;
  server.value ??= known.server;
  write({
    ...read(),
    epoch: known.epoch,
    run: known.run ?? '',
    rooms: new Map(keptRoomList.map((room) => [room.id, room])),
    people: new Map(users.map((user) => [user.id, user])),
    directory: users.length ? known.directory : 0,
  });
  // The rooms reach the disk a second after the user does. A tab opened in between waits for the server.
  roomsLoaded.value = keptRoomList.length > 0;
  return true;
}

/** The last page of a room that is kept on disk. */
export function cachedPage(id: RoomID): Promise<Segment | undefined> {
  return get('pages', id);
}

/** Deletes the copies. Keeps drafts and the outbox. */
export async function forgetCopies(): Promise<void> {
  kept.now.pages = new Map();
  await clear('pages', 'rooms', 'people', 'known');
}
