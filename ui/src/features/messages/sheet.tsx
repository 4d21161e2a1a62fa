// Opens the sheet of a message's actions, which comes from the bottom of a phone. Its code is fetched ahead.
import { openDialog } from '../../kit/dialogs';
import { lazyDialog } from '../../kit/lazyDialog';
import type { Message } from '../../net/types';

const Sheet = lazyDialog(() => import('./MessageSheet').then((it) => it.MessageSheet));

export const openSheet = (message: Message, member: boolean) =>
  openDialog(<Sheet message={message} member={member} />);
