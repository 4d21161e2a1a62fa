// Rules for the read position of a room. Pure.
import type { ReadMoved, RoomID } from '../net/types';

interface Head {
  readonly seq: number;
  readonly read_seq: number;
}

/**
 * The position that marking a room read moves to. Undefined when the room is read that far: it never moves
 * back.
 */
export function readTo(head: Head | undefined, seq = head?.seq ?? 0): number | undefined {
  const to = Math.min(seq, head?.seq ?? 0);
  return head && to > head.read_seq ? to : undefined;
}

/**
 * Tells whether the server's position counts. It does not while a newer own position is on its way to the
 * server.
 */
export function serverDecides(unsent: ReadonlyMap<RoomID, number>, moved: ReadMoved): boolean {
  return (unsent.get(moved.room_id) ?? moved.read_seq) === moved.read_seq;
}
