// Opens the switcher. Its code is fetched ahead.
import { openDialog } from '../../kit/dialogs';
import { lazyDialog } from '../../kit/lazyDialog';

const Switcher = lazyDialog(() => import('./Switcher').then((it) => it.Switcher));

export const openSwitcher = () => openDialog(<Switcher />);
