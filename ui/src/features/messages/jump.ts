// Asks the open room's list to scroll somewhere.

import type { RoomID } from '../../net/types';
import { sessionSignal } from '../../perSession';

export interface Jump {
  /** Counts up, so that the same place can be asked for again. */
  id: number;
  room: RoomID;
  to: 'end' | { seq: number };
}

export const jump = sessionSignal<Jump | undefined>(undefined);

let lastID = 0;

/** Scrolls the open room's list to the present, or to a message. */
export function jumpTo(room: RoomID, to: Jump['to']): void {
  jump.value = { id: ++lastID, room, to };
}
