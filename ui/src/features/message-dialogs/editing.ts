// Which own message is being edited in its row.
import type { RoomID } from '../../net/types';
import { sessionSignal } from '../../perSession';

/** The own message that is being edited. */
export const editing = sessionSignal<{ room: RoomID; seq: number } | undefined>(undefined);

/** Opens an own message for editing in its row. */
export function startEdit(room: RoomID, seq: number): void {
  editing.value = { room, seq };
}

export function stopEdit(): void {
  editing.value = undefined;
}
