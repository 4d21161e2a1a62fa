// Opens the dialog in which the owners of a room archive or delete it.
import { openDialog } from '../../kit/dialogs';
import { lazyDialog } from '../../kit/lazyDialog';
import type { RoomID } from '../../net/types';

/** The dialog itself. */
export const Own = lazyDialog(() => import('./KeepOwn').then((it) => it.KeepOwn));

export const openKeepOwn = (room: RoomID) => openDialog(<Own room={room} />);
