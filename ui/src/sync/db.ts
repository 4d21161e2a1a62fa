// What this browser keeps of a session, in IndexedDB. Each user has a database, so that another account never
// sees it. Without IndexedDB, as in private windows, everything works, but nothing is left after a reload.
import { type DBSchema, deleteDB, type IDBPDatabase, openDB } from 'idb';
import type { RoomID, RoomState, Server, User, UserID } from '../net/types';
import type { Pending, Segment } from '../store/messages';

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

interface Schema extends DBSchema {
  outbox: { key: string; value: Pending };
  drafts: { key: RoomID; value: string };
  rooms: { key: RoomID; value: RoomState };
  pages: { key: RoomID; value: Segment };
  people: { key: UserID; value: User };
  known: { key: string; value: Known };
  lease: { key: string; value: Lease };
}

type Store = 'outbox' | 'drafts' | 'rooms' | 'pages' | 'people' | 'known';

const version = 1;
const nameFor = (user: UserID) => `parley-${user}`;

let db: IDBPDatabase<Schema> | undefined;
let openFor: UserID | undefined;

export async function openFile(user: UserID): Promise<void> {
  closeFile();
  openFor = user;
  try {
    db = await openDB<Schema>(nameFor(user), version, {
      upgrade(made) {
        for (const name of ['outbox', 'drafts', 'rooms', 'pages', 'people', 'known', 'lease'] as const) {
          made.createObjectStore(name);
        }
      },
      blocking: () => closeFile(),
    });
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
    await deleteDB(nameFor(openFor)).catch(() => undefined);
  }
}

// A full disk or a closed database must never stop the conversation: reads return nothing, writes are lost.
async function quietly<T>(act: (open: IDBPDatabase<Schema>) => Promise<T>): Promise<T | undefined> {
  try {
    return db && (await act(db));
  } catch {
    return undefined;
  }
}

// Each write commits at once, so that a write also counts while the person leaves the page and nobody waits
// for its result.

/** Resolves once the value is on disk. */
export async function put<S extends Store>(
  store: S,
  key: Schema[S]['key'],
  value: Schema[S]['value'],
): Promise<void> {
  await putAll(store, [[key, value]]);
}

export async function putAll<S extends Store>(
  store: S,
  all: Iterable<readonly [Schema[S]['key'], Schema[S]['value']]>,
  replace = false,
): Promise<void> {
  await quietly(async (open) => {
    const tx = open.transaction(store, 'readwrite');
    if (replace) {
      void tx.store.clear();
    }
    for (const [key, value] of all) {
      void tx.store.put(value, key);
    }
    tx.commit();
    await tx.done;
  });
}

export async function remove<S extends Store>(store: S, ...keys: Schema[S]['key'][]): Promise<void> {
  await quietly(async (open) => {
    const tx = open.transaction(store, 'readwrite');
    for (const key of keys) {
      void tx.store.delete(key as IDBValidKey & Schema[S]['key']);
    }
    tx.commit();
    await tx.done;
  });
}

export async function get<S extends Store>(
  store: S,
  key: Schema[S]['key'],
): Promise<Schema[S]['value'] | undefined> {
  return quietly((open) => open.get(store, key));
}

/** All values, in order of their keys. */
export async function getAll<S extends Store>(store: S): Promise<Schema[S]['value'][]> {
  return (await quietly((open) => open.getAll(store))) ?? [];
}

export async function getKeys<S extends Store>(store: S): Promise<Schema[S]['key'][]> {
  return (await quietly((open) => open.getAllKeys(store))) ?? [];
}

export async function clear(...stores: Store[]): Promise<void> {
  await Promise.all(stores.map((store) => quietly((open) => open.clear(store))));
}

/**
 * Takes or renews the lease for `ms`. False while another tab holds it. Replaces navigator.locks on plain
 * http.
 */
export async function takeLease(owner: string, now: number, ms: number): Promise<boolean> {
  const taken = await quietly(async (open) => {
    const tx = open.transaction('lease', 'readwrite');
    const held = await tx.store.get('outbox');
    const free = !held || held.owner === owner || held.until < now;
    if (free) {
      await tx.store.put({ owner, until: now + ms }, 'outbox');
    }
    await tx.done;
    return free;
  });
  return taken ?? true;
}

export async function endLease(owner: string): Promise<void> {
  await quietly(async (open) => {
    const tx = open.transaction('lease', 'readwrite');
    if ((await tx.store.get('outbox'))?.owner === owner) {
      await tx.store.delete('outbox');
    }
    await tx.done;
  });
}
