// Is something open over the page that has the keys: a dialog, a question, a menu, a card?
import { dialog } from './dialogs';

export const isCovered = (): boolean =>
  Boolean(dialog.peek() ?? document.querySelector('dialog[open], :popover-open'));
