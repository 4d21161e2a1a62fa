// Opens the dialogs that find, make and change rooms. Their code is fetched ahead.
import { openDialog } from '../../kit/dialogs';
import { lazy } from '../../kit/lazy';
import type { RoomID } from '../../net/types';

const Browse = lazy(() => import('./BrowseRooms').then((it) => it.BrowseRooms), { ahead: true });
const Create = lazy(() => import('./CreateRoom').then((it) => it.CreateRoom), { ahead: true });
const Edit = lazy(() => import('./EditRoom').then((it) => it.EditRoom), { ahead: true });

export const openCreateRoom = () => openDialog(<Create />);
export const openBrowse = () => openDialog(<Browse onCreate={openCreateRoom} />);
export const openEditRoom = (room: RoomID) => openDialog(<Edit room={room} />);
