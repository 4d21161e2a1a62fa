// What the outcome of a send means for the outbox. Pure.
import type { Code } from '../net/types';
import type { Pending, Segment } from '../store/messages';

/** refused: certainly not stored. again: unknown or not now, the same client_id is sent again. */
type Verdict = 'refused' | 'again' | 'signed-out';

export function verdict(code: Code | 'offline'): Verdict {
  switch (code) {
    case 'offline':
    case 'too_many_attempts':
    case 'rate_limited':
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

/** The message of a room to send next: the oldest that is queued. One that was refused does not hold up the rest. */
export function nextToSend(list: readonly Pending[]): Pending | undefined {
  return list.find((p) => p.state === 'queued');
}

/** The outbox by room, in the order of writing. Client ids sort by time. */
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
 * The outbox of a room once a message is stored at `seq`. Its row stays as sent until its event comes; it goes when
 * the event came before, or when the room is not held and no event will be shown.
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

/** Joins what another tab wrote on disk with what is known here, which may be further: sent, or gone by its event. */
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
      // A sent message is off the disk already; its row stays until its event comes.
      if (one.state === 'sent') {
        all.set(one.clientID, one);
      }
    }
  }
  return byRoom([...all.values()]);
}
