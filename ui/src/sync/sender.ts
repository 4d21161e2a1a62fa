// Sends the outbox, in order for each room, from one tab at a time. An unknown outcome is not a failure: the
// same client_id is sent again until the server gives a final answer.
import { ApiError } from '../net/api';
import { postMessage } from '../net/calls/messages';
import { backoff } from '../net/socket';
import type { Code, MessageSent, RoomID } from '../net/types';
import { during, perSession, sameSession, type Timer } from '../perSession';
import { type Pending, pending } from '../store/messages';
import { me, session } from '../store/session';
import { endLease, takeLease } from './db';
import { nextToSend, verdict } from './delivery';
import { newClientID } from './ids';
import { acknowledged, addPending, refused, requeue } from './outbox';
import { onOnline, socket } from './socket';

const tab = newClientID();
const leaseFor = 6_000;

onOnline(flush);

// Set once, at the start.
let refusedHook: (code: Code) => void = () => undefined;

/** Registers a function that tells the person that a message was refused. */
export function onRefused(how: (code: Code) => void): void {
  refusedHook = how;
}

/** Puts a message into the outbox: it shows at once, and is sent in order until the server has it. */
export function sendMessage(room: RoomID, body: string): void {
  addPending(room, body);
  flush();
}

/** Sends a refused message again, as it is or with another text. */
export function retryMessage(one: Pending, body = one.body): void {
  requeue(one, body);
  flush();
}

/** Sends what waits. Called after every change of the outbox, on coming online, on becoming visible. */
export function flush(): void {
  sender.now.flush();
}

const sender = perSession(makeSender);

// Each session has its own sender. A message that an ended session still sends cannot touch the next session.
function makeSender() {
  const current = sameSession();
  const signedIn = () => current() && session.peek() === 'signed-in';
  /** Rooms whose messages are being sent. */
  const active = new Set<RoomID>();
  let flushing = false;
  /** flush was called while the lock was being taken or given back. */
  let again = false;
  let finish: (() => void) | undefined;
  let timer: Timer = 0;
  let failures = 0;

  function flush(): void {
    clearTimeout(timer);
    if (finish) {
      pump();
    } else if (flushing) {
      again = true;
    } else {
      flushing = true;
      again = false;
      void alone(drain, later).finally(() => {
        flushing = false;
        if (again) {
          flush();
        }
      });
    }
  }

  function later(after = 500 + backoff(failures++, Math.random())): void {
    clearTimeout(timer);
    timer = setTimeout(during(flush), after);
  }

  // Resolves when no room is being sent. Rooms do not wait for each other, and one that gets a message joins
  // in.
  function drain(): Promise<void> {
    return new Promise((done) => {
      finish = done;
      pump();
    });
  }

  function pump(): void {
    if (signedIn()) {
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
    }
    ended();
  }

  function ended(): void {
    if (!active.size) {
      finish?.();
      finish = undefined;
    }
  }

  /** Sends the messages of one room, one after the other. Returns false when it has to try again later. */
  async function drainRoom(room: RoomID): Promise<boolean> {
    // After the server has said "too fast", the rest of the room's messages keep this distance.
    let pause = 0;
    for (;;) {
      await wait(pause);
      const next = signedIn() && nextToSend(pending.peek().get(room) ?? []);
      if (!next) {
        return signedIn();
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
          return false;
        }
        const so = verdict(error.code);
        if (so === 'refused' && error.code !== 'offline') {
          refused(next, error.code);
          refusedHook(error.code);
        } else if (so === 'signed-out') {
          return false;
        } else if (error.code === 'rate_limited' && error.problem?.retry_after) {
          const named = error.problem.retry_after;
          pause = Math.max(named, Math.min(1.5 * Math.max(pause, named), 30_000));
        } else {
          // Nothing later of this room may overtake this message.
          later();
          return false;
        }
      }
    }
  }

  return { flush };
}

// Makes sure that one tab sends at a time: with Web Locks, or on plain http with a lease in IndexedDB.
async function alone(act: () => Promise<void>, later: (after: number) => void): Promise<void> {
  const user = me.peek()?.id;
  if (user === undefined || session.peek() !== 'signed-in') {
    return;
  }
  if (navigator.locks) {
    await navigator.locks.request(`parley-outbox-${user}`, act);
    return;
  }
  if (!(await takeLease(tab, Date.now(), leaseFor))) {
    later(1_000);
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

function wait(milliseconds: number): Promise<void> | undefined {
  return milliseconds > 0 ? new Promise((go) => setTimeout(go, milliseconds)) : undefined;
}

function deliver(one: Pending): Promise<MessageSent> {
  if (socket.online) {
    return socket.request('message.send', { room_id: one.room, client_id: one.clientID, body: one.body });
  }
  return postMessage(one.room, { client_id: one.clientID, body: one.body });
}
