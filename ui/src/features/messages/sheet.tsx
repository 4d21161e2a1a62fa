// Opens the sheet of a message's actions, which comes from the bottom of a phone. Its code is fetched ahead.
import { openDialog } from '../../kit/dialogs';
import { lazyDialog } from '../../kit/lazyDialog';
import type { Message } from '../../net/types';

const Sheet = lazyDialog(() => import('./MessageSheet').then((it) => it.MessageSheet));

/** How long a finger rests on a message before the sheet opens, in milliseconds. */
export const pressFor = 450;

export const openSheet = (message: Message, member: boolean) =>
  openDialog(<Sheet message={message} member={member} />);

/**
 * The finger that opened the sheet is above it: lifted, it presses nothing of it. Touches belong to what they began on,
 * also when that has left the page.
 */
export function liftsOnly(target: Element): void {
  const over = new AbortController();
  const { signal } = over;
  const lifted = (event: Event) => {
    event.preventDefault();
    over.abort();
  };
  target.addEventListener('touchend', lifted, { signal, passive: false });
  target.addEventListener('touchcancel', () => over.abort(), { signal });
}
