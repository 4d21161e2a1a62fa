// The outbox: durable, in order for each room, sent by one tab at a time. Unknown is never a failure: the same
// client_id goes again until the server answers for certain.
import { ApiError } from '../net/api';
import { postMessage } from '../net/calls/messages';
import { backoff } from '../net/socket';
import type { MessageSent, RoomID } from '../net/types';
import { type Pending, pending } from '../store/messages';
import { clockSkew, me, session } from '../store/session';
import { put as putIn } from './apply';
import { endLease, getAll, put, remove, takeLease } from './db';
import { joined, nextToSend, verdict } from './delivery';
import { newClientID } from './ids';
import { socket } from './live';
import { change, sameSession } from './model';
import { tellTabs } from './tabs';

const tab = newClientID();
const leaseFor = 6_000;

/** Client ids that the server is known to have; a copy on disk read late must not bring them back. */
const gone = new Set<string>();

let refusedHook: (one: Pending) => void = () => undefined;

/** Who says that a message was refused. */
export function onRefused(how: (one: Pending) => void): void {
  refusedHook = how;
}

/** Puts a message into the outbox: it shows at once, and is sent in order until the server has it. */
export function sendMessage(room: RoomID, body: string): void {
  const one: Pending = {
    clientID: newClientID(),
    room,
    body,
    createdAt: Date.now() + clockSkew.peek(),
    state: 'queued',
  };
  set(room, (list) => [...list, one]);
  void put('outbox', one.clientID, one).then(told);
  flush();
}

/** Sends a refused message again, as it is or with another text. */
export function retryMessage(one: Pending, body = one.body): void {
  // Another text under the same id would be refused: the server keeps a hash of what was first sent.
  const fresh = body !== one.body || one.code === 'client_id_reused';
  const next: Pending = {
    clientID: fresh ? newClientID() : one.clientID,
    room: one.room,
    body,
    createdAt: one.createdAt,
    state: 'queued',
  };
  set(one.room, (list) => list.map((p) => (p.clientID === one.clientID ? next : p)));
  void (async () => {
    if (fresh) {
      await remove('outbox', one.clientID);
    }
    await put('outbox', next.clientID, next);
    told();
  })();
  flush();
}

/** Takes a refused message out of the outbox. */
export function discardMessage(one: Pending): void {
  gone.add(one.clientID);
  set(one.room, (list) => list.filter((p) => p.clientID !== one.clientID));
  void remove('outbox', one.clientID).then(told);
}

/** Messages whose event came: whatever became of the reply, they are stored. */
export function settled(clientIDs: readonly string[]): void {
  for (const id of clientIDs) {
    gone.add(id);
  }
  void remove('outbox', ...clientIDs).then(told);
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
  const unsaved = [...pending.peek().values()]
    .flat()
    .filter((p) => p.state !== 'sent' && fresh.has(p.clientID));
  change((model) => ({ ...model, pending: joined(model.pending, [...disk, ...unsaved], gone) }));
}

/** Written here, and perhaps not on disk yet. */
const fresh = new Set<string>();

function set(room: RoomID, act: (list: readonly Pending[]) => readonly Pending[]): void {
  change((model) => {
    const list = act(model.pending.get(room) ?? []);
    for (const one of list) {
      fresh.add(one.clientID);
    }
    return { ...model, pending: putIn(model.pending, room, list) };
  });
}

/** Rooms whose messages are being sent. */
const active = new Set<RoomID>();
let flushing = false;
/** Asked for while the lock was being taken or given back. */
let again = false;
let finish: (() => void) | undefined;
let timer = 0;
let failures = 0;

/** Sends what waits. Called after every change of the outbox, on coming online, on becoming visible. */
export function flush(): void {
  clearTimeout(timer);
  if (finish) {
    pump();
  } else if (flushing) {
    again = true;
  } else {
    flushing = true;
    again = false;
    void alone(drain).finally(() => {
      flushing = false;
      if (again) {
        flush();
      }
    });
  }
}

function later(): void {
  clearTimeout(timer);
  timer = setTimeout(flush, 500 + backoff(failures++, Math.random()));
}

// One tab at a time: with Web Locks, or by a lease in IndexedDB where the page is not a secure context.
async function alone(act: () => Promise<void>): Promise<void> {
  const user = me.peek()?.id;
  if (user === undefined || session.peek() !== 'signed-in') {
    return;
  }
  if (navigator.locks) {
    await navigator.locks.request(`parley-outbox-${user}`, act);
    return;
  }
  if (!(await takeLease(tab, Date.now(), leaseFor))) {
    timer = setTimeout(flush, 1_000);
    return;
  }
  const renew = setInterval(() => void takeLease(tab, Date.now(), leaseFor), leaseFor / 3);
  try {
    await act();
  } finally {
    clearInterval(renew);
    await endLease(tab);
  }
}

// Ends when no room is being sent; rooms that get something meanwhile join in, and none waits for another.
function drain(): Promise<void> {
  return new Promise((done) => {
    finish = done;
    pump();
  });
}

function pump(): void {
  for (const [room, list] of pending.peek()) {
    if (!active.has(room) && nextToSend(list)) {
      active.add(room);
      void drainRoom(room).then((empty) => {
        active.delete(room);
        if (empty) {
          pump();
        }
        ended();
      });
    }
  }
  ended();
}

function ended(): void {
  if (!active.size) {
    finish?.();
    finish = undefined;
  }
}

/** Sends what waits in one room, one after the other; false when it has to be tried again later. */
async function drainRoom(room: RoomID): Promise<boolean> {
  // Once the server has said how fast is too fast, what still waits keeps that distance.
  let pause = 0;
  const current = sameSession();
  for (;;) {
    await wait(pause);
    if (!current()) {
      // What waits is the next account's, and gets a drain of its own.
      return session.peek() === 'signed-in';
    }
    const next = nextToSend(pending.peek().get(room) ?? []);
    if (!next || session.peek() !== 'signed-in') {
      return session.peek() === 'signed-in';
    }
    try {
      const sent = await deliver(next);
      if (current()) {
        failures = 0;
        acknowledged(next, sent);
      }
    } catch (error) {
      if (!(error instanceof ApiError)) {
        throw error;
      }
      if (!current()) {
        continue;
      }
      const so = verdict(error.code);
      if (so === 'refused' && error.code !== 'offline') {
        refused({ ...next, state: 'refused', code: error.code });
      } else if (so === 'signed-out') {
        return false;
      } else if (error.problem?.retry_after) {
        pause = 1.5 * Math.max(pause, error.problem.retry_after);
      } else {
        // The room's order holds: nothing later of it goes before this one.
        later();
        return false;
      }
    }
  }
}

function wait(milliseconds: number): Promise<void> | undefined {
  return milliseconds > 0 ? new Promise((go) => setTimeout(go, milliseconds)) : undefined;
}

function deliver(one: Pending): Promise<MessageSent> {
  if (socket.online) {
    return socket.request('message.send', { room_id: one.room, client_id: one.clientID, body: one.body });
  }
  return postMessage(one.room, { client_id: one.clientID, body: one.body });
}

function acknowledged(one: Pending, sent: MessageSent): void {
  gone.add(one.clientID);
  void remove('outbox', one.clientID).then(told);
  change((model) => {
    const segment = model.segments.get(one.room);
    const last = segment?.messages.at(-1)?.seq ?? 0;
    const shown = !segment || sent.seq <= last;
    const list = (model.pending.get(one.room) ?? []).flatMap((p) =>
      p.clientID !== one.clientID ? [p] : shown ? [] : [{ ...p, state: 'sent' as const, seq: sent.seq }],
    );
    return { ...model, pending: putIn(model.pending, one.room, list) };
  });
}

function refused(one: Pending): void {
  set(one.room, (list) => list.map((p) => (p.clientID === one.clientID ? one : p)));
  void put('outbox', one.clientID, one).then(told);
  refusedHook(one);
}

/** Forgets the session's state; what is on disk stays. */
export function resetOutbox(): void {
  clearTimeout(timer);
  gone.clear();
  fresh.clear();
  failures = 0;
}
