// Opens the dialog in which the owners of a room archive or delete it.
import { openDialog } from '../../kit/dialogs';
import { lazy } from '../../kit/lazy';
import type { RoomID } from '../../net/types';

/** The dialog itself. */
export const Own = lazy(() => import('./KeepOwn').then((it) => it.KeepOwn), { ahead: true });

export const openKeepOwn = (room: RoomID) => openDialog(<Own room={room} />);
