// Which message is being edited in its row.
import type { RoomID } from '../../net/types';
import { sessionSignal } from '../../perSession';

/** The message of one's own that is being edited. */
export const editing = sessionSignal<{ room: RoomID; seq: number } | undefined>(undefined);

/** Opens one's own message for editing in its row. */
export function startEdit(room: RoomID, seq: number): void {
  editing.value = { room, seq };
}

export function stopEdit(): void {
  editing.value = undefined;
}
