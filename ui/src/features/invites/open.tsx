// Opens the dialog of invite links. Its code is fetched ahead.
import { openDialog } from '../../kit/dialogs';
import { lazyDialog } from '../../kit/lazyDialog';

const Invite = lazyDialog(() => import('./Invite').then((it) => it.Invite));

export const openInvite = () => openDialog(<Invite />);
