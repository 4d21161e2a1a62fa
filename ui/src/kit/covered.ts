// Tells whether a dialog, a question, a menu or a card is open over the page. It then gets the keys.
import { dialog } from './dialogs';

export const isCovered = (): boolean =>
  Boolean(dialog.peek() ?? document.querySelector('dialog[open], :popover-open'));
