// Opens the list of keyboard shortcuts. Its code is fetched ahead.
import { openDialog } from '../../kit/dialogs';
import { lazyDialog } from '../../kit/lazyDialog';

const Shortcuts = lazyDialog(() => import('./Shortcuts').then((it) => it.Shortcuts));

export const openShortcuts = () => openDialog(<Shortcuts />);
