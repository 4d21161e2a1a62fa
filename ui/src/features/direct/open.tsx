// Opens the dialog that begins a conversation. Its code is fetched ahead.
import { openDialog } from '../../kit/dialogs';
import { lazy } from '../../kit/lazy';

const Direct = lazy(() => import('./NewDirect').then((it) => it.NewDirect), { ahead: true });

export const openNewDirect = () => openDialog(<Direct />);
