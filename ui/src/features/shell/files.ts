// Keeps the page when something is dropped on it, and says that files come in a later version. Left alone, the
// browser would open the file in place of the page.
import { toast } from '../../kit/toasts';
import { t } from './texts';

/** Called once by later.ts. It works in the whole window, also over a dialog. */
export function startFiles(): void {
  addEventListener('dragover', dropped);
  addEventListener('drop', dropped);
  addEventListener('paste', ({ clipboardData: data }) => {
    // Office programs give a picture of the text along with it. The browser pastes the text.
    if (data?.files.length && !data.types.includes('text/plain')) {
      toast(t().filesSoon);
    }
  });
}

function dropped(event: DragEvent): void {
  const data = event.dataTransfer;
  const files = data?.types.includes('Files');
  // Text may be dropped into a field. A link that is dropped elsewhere would be opened. Firefox drops on a text, too.
  const target = event.target as Partial<Element>;
  if (!data || event.defaultPrevented || (!files && target.matches?.('input, textarea'))) {
    return;
  }
  event.preventDefault();
  if (!files) {
    data.dropEffect = 'none';
  } else if (event.type === 'drop') {
    toast(t().filesSoon);
  }
}
