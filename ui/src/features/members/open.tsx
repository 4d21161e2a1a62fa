// Opens the dialog that adds people to a room. Its code is fetched ahead.
import { openDialog } from '../../kit/dialogs';
import { lazy } from '../../kit/lazy';
import type { RoomID } from '../../net/types';

const Add = lazy(() => import('./AddMembers').then((it) => it.AddMembers), { ahead: true });

export const openAddMembers = (room: RoomID) => openDialog(<Add room={room} />);
