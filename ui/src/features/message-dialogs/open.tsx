// Opens the dialogs about one message. Their code is fetched ahead.
import { ask, openDialog } from '../../kit/dialogs';
import { lazyDialog } from '../../kit/lazyDialog';
import type { Message, RoomID } from '../../net/types';

const Delete = lazyDialog(() => import('./DeleteMessage').then((it) => it.DeleteMessage));
const Report = lazyDialog(() => import('./ReportMessage').then((it) => it.ReportMessage));
const Who = lazyDialog(() => import('./WhoReacted').then((it) => it.WhoReacted));

/** The edit box, shown in the row of the message that is being edited. */
export const RowEdit = lazyDialog(() => import('./RowEdit').then((it) => it.RowEdit));

/** Asks whether a message shall be deleted. */
export const askDelete = (message: Message) => ask(<Delete message={message} />);

/** Lets the person report a message to the admins. */
export const openReport = (message: Message) => openDialog(<Report message={message} />);

export const openWhoReacted = (room: RoomID, seq: number) => openDialog(<Who room={room} seq={seq} />);
