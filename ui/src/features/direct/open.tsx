// Opens the dialog that begins a conversation. Its code is fetched ahead.
import { openDialog } from '../../kit/dialogs';
import { lazyDialog } from '../../kit/lazyDialog';

const Direct = lazyDialog(() => import('./NewDirect').then((it) => it.NewDirect));

export const openNewDirect = () => openDialog(<Direct />);
