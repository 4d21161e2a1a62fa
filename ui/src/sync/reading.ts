// How far a room is read: where marking it leads, and whose word counts. Pure.
import type { RoomID } from '../net/types';

interface Head {
  readonly seq: number;
  readonly read_seq: number;
}

/** The position that marking a room read leads to; nothing when it is that far already. Never backwards. */
export function readTo(head: Head | undefined, seq = head?.seq ?? 0): number | undefined {
  const to = Math.min(seq, head?.seq ?? 0);
  return head && to > head.read_seq ? to : undefined;
}

/** Does the server's word count? Not while a position of one's own, which is newer, is on its way to it. */
export function serverDecides(unsent: ReadonlyMap<RoomID, number>, room: RoomID): boolean {
  return !unsent.has(room);
}
