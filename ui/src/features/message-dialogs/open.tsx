// Opens the dialogs about one message, and the editing of a message in its row. Their code is fetched ahead.
import { signal } from '@preact/signals';
import { ask, openDialog } from '../../kit/dialogs';
import { lazy } from '../../kit/lazy';
import type { Message, RoomID } from '../../net/types';

const Delete = lazy(() => import('./DeleteMessage').then((it) => it.DeleteMessage), { ahead: true });
const Who = lazy(() => import('./WhoReacted').then((it) => it.WhoReacted), { ahead: true });

/** The edit box, shown in the row of the message. */
export const RowEdit = lazy(() => import('./RowEdit').then((it) => it.RowEdit), { ahead: true });

/** The message of one's own that is being edited. */
export const editing = signal<{ room: RoomID; seq: number } | undefined>(undefined);

/** Opens one's own message for editing in its row. */
export function startEdit(room: RoomID, seq: number): void {
  editing.value = { room, seq };
}

export function stopEdit(): void {
  editing.value = undefined;
}

/** Asks whether a message shall be deleted. */
export const askDelete = (message: Message) => ask(<Delete message={message} />);

export const openWhoReacted = (room: RoomID, seq: number) => openDialog(<Who room={room} seq={seq} />);
