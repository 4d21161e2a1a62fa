// Opens somebody's account, for the owner and the admins of the server.
import { closeDialog, openDialog } from '../../kit/dialogs';
import { lazyDialog } from '../../kit/lazyDialog';
import type { UserID } from '../../net/types';

const Opened = lazyDialog(() => import('./Account').then((it) => it.Account));

export const openAccount = (person: UserID) => openDialog(<Opened person={person} onClose={closeDialog} />);
