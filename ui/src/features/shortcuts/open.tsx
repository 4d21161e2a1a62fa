// Opens the list of keyboard shortcuts. Its code is fetched ahead.
import { openDialog } from '../../kit/dialogs';
import { lazy } from '../../kit/lazy';

const Shortcuts = lazy(() => import('./Shortcuts').then((it) => it.Shortcuts), { ahead: true });

export const openShortcuts = () => openDialog(<Shortcuts />);
