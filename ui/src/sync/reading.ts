// Rules for the read position of a room. Pure.
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

/** An own position that the server does not have yet. */
export interface Position {
  readonly seq: number;
  /** It may go back: a message was marked unread by hand. */
  readonly back: boolean;
}

/** Tells whether a position is behind one that came meanwhile: by an own message, or on another device. */
export const isOvertaken = (own: Position, readSeq: number): boolean => !own.back && readSeq > own.seq;

/** Tells whether the server's position counts. It does not while a newer own one is on its way to the server. */
export const serverDecides = (own: Position | undefined, readSeq: number): boolean =>
  !own || readSeq === own.seq || isOvertaken(own, readSeq);
