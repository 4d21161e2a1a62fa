// Opens the dialog that adds people to a room. Its code is fetched ahead.
import { openDialog } from '../../kit/dialogs';
import { lazyDialog } from '../../kit/lazyDialog';
import type { RoomID } from '../../net/types';

const Add = lazyDialog(() => import('./AddMembers').then((it) => it.AddMembers));

export const openAddMembers = (room: RoomID) => openDialog(<Add room={room} />);
