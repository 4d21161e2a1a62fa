// Rules for the outbox: what an answer means, and what is sent next. Pure.
import type { Code } from '../net/types';
import type { Pending, Segment } from '../store/messages';

/**
 * refused: not stored. again: the outcome is unknown or the server is busy, so the same client_id is sent
 * again.
 */
type Verdict = 'refused' | 'again' | 'signed-out';

export function verdict(code: Code | 'offline'): Verdict {
  switch (code) {
    case 'offline':
    case 'too_many_attempts':
    case 'rate_limited':
    case 'wrong_host':
    case 'busy':
    case 'unavailable':
    case 'unknown':
    case 'internal':
      return 'again';
    case 'signed_out':
      return 'signed-out';
    default:
      return 'refused';
  }
}

/** The message of a room to send next: the oldest queued one. A refused message does not stop the rest. */
export function nextToSend(list: readonly Pending[]): Pending | undefined {
  return list.find((p) => p.state === 'queued');
}

/** Sorts messages by room and, by their client ids, in the order of writing. */
export function byRoom(all: readonly Pending[]): Map<number, Pending[]> {
  const rooms = new Map<number, Pending[]>();
  for (const one of [...all].sort((a, b) => (a.clientID < b.clientID ? -1 : 1))) {
    const list = rooms.get(one.room);
    if (list) {
      list.push(one);
    } else {
      rooms.set(one.room, [one]);
    }
  }
  return rooms;
}

/**
 * The outbox of a room after the server stored a message at `seq`. The row stays, as sent, until its event
 * comes. The row goes at once if the event came before the answer, or if the room has no segment that could
 * show it.
 */
export function acknowledge(
  list: readonly Pending[],
  clientID: string,
  seq: number,
  segment: Segment | undefined,
): readonly Pending[] {
  const shown = !segment || seq <= (segment.messages.at(-1)?.seq ?? 0);
  return list.flatMap((p) =>
    p.clientID !== clientID ? [p] : shown ? [] : [{ ...p, state: 'sent' as const, seq }],
  );
}

/**
 * Joins the outbox on disk, which another tab may have changed, with what this tab knows to be sent or
 * stored.
 */
export function joined(
  here: ReadonlyMap<number, readonly Pending[]>,
  disk: readonly Pending[],
  gone: ReadonlySet<string>,
): Map<number, Pending[]> {
  const all = new Map<string, Pending>();
  for (const one of disk) {
    if (!gone.has(one.clientID)) {
      all.set(one.clientID, one);
    }
  }
  for (const list of here.values()) {
    for (const one of list) {
      // A sent message is no longer on disk. Its row stays until its event comes.
      if (one.state === 'sent') {
        all.set(one.clientID, one);
      }
    }
  }
  return byRoom([...all.values()]);
}
