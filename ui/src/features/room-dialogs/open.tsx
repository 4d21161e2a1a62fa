// Opens the dialogs that find, make and change rooms. Their code is fetched ahead.
import { openDialog } from '../../kit/dialogs';
import { lazyDialog } from '../../kit/lazyDialog';
import type { RoomID } from '../../net/types';

const Browse = lazyDialog(() => import('./BrowseRooms').then((it) => it.BrowseRooms));
const Create = lazyDialog(() => import('./CreateRoom').then((it) => it.CreateRoom));
const Edit = lazyDialog(() => import('./EditRoom').then((it) => it.EditRoom));

export const openCreateRoom = () => openDialog(<Create />);
export const openBrowse = () => openDialog(<Browse onCreate={openCreateRoom} />);
export const openEditRoom = (room: RoomID) => openDialog(<Edit room={room} />);
