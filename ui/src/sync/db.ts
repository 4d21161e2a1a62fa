// What this browser keeps of a session, in IndexedDB. Each user has a database, so that another account never
// sees it. Without IndexedDB, as in private windows, everything works, but nothing is left after a reload.
import type { RoomID, RoomState, Server, User, UserID } from '../net/types';
import type { Pending, Segment } from '../store/messages';
import { answer, deleteDatabase, finished, openDatabase } from './indexedDB';

export interface Known {
  epoch: string;
  run?: string; // earlier versions kept none
  directory: number;
  me: User;
  server: Server;
}

interface Lease {
  owner: string;
  until: number;
}

interface Schema {
  outbox: { key: string; value: Pending };
  drafts: { key: RoomID; value: string };
  rooms: { key: RoomID; value: RoomState };
  pages: { key: RoomID; value: Segment };
  people: { key: UserID; value: User };
  known: { key: string; value: Known };
  lease: { key: string; value: Lease };
}

type Store = 'outbox' | 'drafts' | 'rooms' | 'pages' | 'people' | 'known';

const stores = ['outbox', 'drafts', 'rooms', 'pages', 'people', 'known', 'lease'];
const nameFor = (user: UserID) => `parley-${user}`;

let db: IDBDatabase | undefined;
let openFor: UserID | undefined;

export async function openFile(user: UserID): Promise<void> {
  closeFile();
  openFor = user;
  try {
    db = await openDatabase(nameFor(user), stores, closeFile);
  } catch {
    db = undefined;
  }
}

export function closeFile(): void {
  db?.close();
  db = undefined;
}

/** Deletes the database of the open user. */
export async function deleteFile(): Promise<void> {
  closeFile();
  if (openFor !== undefined) {
    await deleteDatabase(nameFor(openFor)).catch(() => undefined);
  }
}

// A full disk or a closed database must never stop the conversation: reads return nothing, writes are lost.
async function quietly<T>(act: (open: IDBDatabase) => Promise<T>): Promise<T | undefined> {
  try {
    return db && (await act(db));
  } catch {
    return undefined;
  }
}

const read = <T>(name: Store, ask: (store: IDBObjectStore) => IDBRequest<T>): Promise<T | undefined> =>
  quietly((open) => answer(ask(open.transaction(name).objectStore(name))));

function write(
  name: Store | 'lease',
  act: (store: IDBObjectStore) => Promise<void> | void,
): Promise<boolean | undefined> {
  return quietly(async (open) => {
    const transaction = open.transaction(name, 'readwrite');
    await Promise.all([finished(transaction), act(transaction.objectStore(name))]);
    return true;
  });
}

// Each write commits at once, so that a write also counts while the person leaves the page and nobody waits
// for its result.

/** Resolves once the value is on disk: to true, or to undefined if it could not be written. */
export function put<S extends Store>(store: S, key: Schema[S]['key'], value: Schema[S]['value']) {
  return putAll(store, [[key, value]]);
}

export function putAll<S extends Store>(
  store: S,
  all: Iterable<readonly [Schema[S]['key'], Schema[S]['value']]>,
  replace = false,
) {
  return write(store, (kept) => {
    if (replace) {
      kept.clear();
    }
    for (const [key, value] of all) {
      kept.put(value, key);
    }
    kept.transaction.commit();
  });
}

export function remove<S extends Store>(store: S, ...keys: Schema[S]['key'][]) {
  return write(store, (kept) => {
    for (const key of keys) {
      kept.delete(key);
    }
    kept.transaction.commit();
  });
}

export async function get<S extends Store>(
  store: S,
  key: Schema[S]['key'],
): Promise<Schema[S]['value'] | undefined> {
  return read(store, (kept) => kept.get(key));
}

/** All values, in order of their keys. */
export async function getAll<S extends Store>(store: S): Promise<Schema[S]['value'][]> {
  return (await read(store, (kept) => kept.getAll())) ?? [];
}

export async function getKeys<S extends Store>(store: S): Promise<Schema[S]['key'][]> {
  return ((await read(store, (kept) => kept.getAllKeys())) ?? []) as Schema[S]['key'][];
}

export async function clear(...names: Store[]): Promise<void> {
  await Promise.all(names.map((name) => write(name, (kept) => void kept.clear())));
}

/**
 * Takes or renews the lease for `ms`. False while another tab holds it. Replaces navigator.locks on plain
 * http.
 */
export async function takeLease(owner: string, now: number, ms: number): Promise<boolean> {
  let free = true;
  await write('lease', async (kept) => {
    const held: Lease | undefined = await answer(kept.get('outbox'));
    free = !held || held.owner === owner || held.until < now;
    if (free) {
      kept.put({ owner, until: now + ms }, 'outbox');
    }
  });
  return free;
}

export async function endLease(owner: string): Promise<void> {
  await write('lease', async (kept) => {
    const held: Lease | undefined = await answer(kept.get('outbox'));
    if (held?.owner === owner) {
      kept.delete('outbox');
    }
  });
}
