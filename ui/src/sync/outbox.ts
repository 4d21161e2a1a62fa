// The outbox: own messages that are not known to be stored. It is kept on disk and shared with other tabs.
import type { Code, MessageSent, RoomID } from '../net/types';
import { perSession } from '../perSession';
import { type Pending, pending } from '../store/messages';
import { clockSkew, me } from '../store/session';
import { getAll, put, remove } from './db';
import { acknowledge, joined } from './delivery';
import { newClientID } from './ids';
import { put as putIn } from './maps';
import { change, onWant } from './model';
import { tellTabs } from './tabs';

const ids = perSession(() => ({
  /** Ids that the server is known to have. Reading an old copy from disk must not bring them back. */
  gone: new Set<string>(),
  /** What this tab has of messages, and the disk not yet. */
  fresh: new Map<string, Pending>(),
}));

onWant('stored', (want) => settled(want.clientIDs));

/** Puts a message into the outbox. It shows at once. */
export function addPending(room: RoomID, body: string): void {
  const one: Pending = {
    clientID: newClientID(),
    room,
    body,
    createdAt: Date.now() + clockSkew.peek(),
    state: 'queued',
  };
  set(room, (list) => [...list, one]);
  void keep(one);
}

/** Writes a message to disk, where the other tabs find it. `instead`: the id of one that it takes the place of. */
async function keep(one: Pending, instead?: string): Promise<void> {
  const { fresh } = ids.now;
  fresh.set(one.clientID, one);
  if (instead) {
    await remove('outbox', instead);
  }
  if ((await put('outbox', one.clientID, one)) && fresh.get(one.clientID) === one) {
    fresh.delete(one.clientID);
  }
  told();
}

/** Queues a refused message again, as it is or with another text. */
export function requeue(one: Pending, body: string): void {
  // The server keeps a hash of what was first sent, and refuses another text under the same id.
  const fresh = body !== one.body || one.code === 'client_id_reused';
  const next: Pending = {
    clientID: fresh ? newClientID() : one.clientID,
    room: one.room,
    body,
    createdAt: one.createdAt,
    state: 'queued',
  };
  set(one.room, (list) => list.map((p) => (p.clientID === one.clientID ? next : p)));
  void keep(next, fresh ? one.clientID : undefined);
}

/** Takes a refused message out of the outbox. */
export function discardMessage(one: Pending): void {
  ids.now.gone.add(one.clientID);
  set(one.room, (list) => list.filter((p) => p.clientID !== one.clientID));
  void remove('outbox', one.clientID).then(told);
}

/** Removes messages whose event came: they are stored, even if the reply was lost. */
function settled(clientIDs: readonly string[]): void {
  for (const id of clientIDs) {
    ids.now.gone.add(id);
  }
  void remove('outbox', ...clientIDs).then(told);
}

/** Notes that the server has stored a message. Its row stays until its event comes. */
export function acknowledged(one: Pending, sent: MessageSent): void {
  ids.now.gone.add(one.clientID);
  void remove('outbox', one.clientID).then(told);
  change((model) => ({
    ...model,
    pending: putIn(
      model.pending,
      one.room,
      acknowledge(model.pending.get(one.room) ?? [], one.clientID, sent.seq, model.segments.get(one.room)),
    ),
  }));
}

/** Notes that the server refused a message. Its text is kept. */
export function refused(one: Pending, code: Code): void {
  const kept: Pending = { ...one, state: 'refused', code };
  set(one.room, (list) => list.map((p) => (p.clientID === one.clientID ? kept : p)));
  void keep(kept);
}

function told(): void {
  const user = me.peek();
  if (user) {
    tellTabs({ kind: 'outbox', user: user.id });
  }
}

/** Reads the outbox from disk: at the start, and when another tab wrote to it. */
export async function readOutbox(): Promise<void> {
  const disk = await getAll('outbox');
  const { fresh, gone } = ids.now;
  const unsaved = [...pending.peek().values()].flat().filter((p) => fresh.get(p.clientID) === p);
  change((model) => ({ ...model, pending: joined(model.pending, [...disk, ...unsaved], gone) }));
}

function set(room: RoomID, act: (list: readonly Pending[]) => readonly Pending[]): void {
  change((model) => ({
    ...model,
    pending: putIn(model.pending, room, act(model.pending.get(room) ?? [])),
  }));
}
