// Is something open over the page that has the keys: a dialog, a question, a menu, a card?
import { dialog } from '../store/ui';

export const isCovered = (): boolean =>
  Boolean(dialog.peek() ?? document.querySelector('dialog[open], :popover-open'));
