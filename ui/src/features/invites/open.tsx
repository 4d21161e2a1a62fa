// Opens the dialog of invite links. Its code is fetched ahead.
import { openDialog } from '../../kit/dialogs';
import { lazy } from '../../kit/lazy';

const Invite = lazy(() => import('./Invite').then((it) => it.Invite), { ahead: true });

export const openInvite = () => openDialog(<Invite />);
