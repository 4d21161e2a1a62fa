// Opens the dialogs about one message. Their code is fetched ahead.
import { ask, openDialog } from '../../kit/dialogs';
import { lazy } from '../../kit/lazy';
import type { Message, RoomID } from '../../net/types';

const Delete = lazy(() => import('./DeleteMessage').then((it) => it.DeleteMessage), { ahead: true });
const Report = lazy(() => import('./ReportMessage').then((it) => it.ReportMessage), { ahead: true });
const Who = lazy(() => import('./WhoReacted').then((it) => it.WhoReacted), { ahead: true });

/** The edit box, shown in the row of the message that is being edited. */
export const RowEdit = lazy(() => import('./RowEdit').then((it) => it.RowEdit), { ahead: true });

/** Asks whether a message shall be deleted. */
export const askDelete = (message: Message) => ask(<Delete message={message} />);

/** Lets the person report a message to the admins. */
export const openReport = (message: Message) => openDialog(<Report message={message} />);

export const openWhoReacted = (room: RoomID, seq: number) => openDialog(<Who room={room} seq={seq} />);
