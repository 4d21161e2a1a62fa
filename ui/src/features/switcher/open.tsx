// Opens the switcher. Its code is fetched ahead.
import { openDialog } from '../../kit/dialogs';
import { lazy } from '../../kit/lazy';

const Switcher = lazy(() => import('./Switcher').then((it) => it.Switcher), { ahead: true });

export const openSwitcher = () => openDialog(<Switcher />);
