// Tables and lines of code that are wider than their message scroll sideways. Safari lets keys into such a box only if it
// is a stop of Tab. So the boxes of the message that has the focus become stops, each with a name.
import { textsReady } from '../../i18n';
import { t } from './texts';

function focused({ target }: { target: EventTarget | null }): void {
  const article = target instanceof Element ? target.closest('article') : null;
  for (const box of article?.querySelectorAll<HTMLElement>('.markdown :is(pre, table)') ?? []) {
    const code = box.localName === 'pre';
    if (box.scrollWidth > box.clientWidth) {
      box.tabIndex = 0;
      box.setAttribute('aria-label', code ? t().wideCode : t().wideTable);
      if (code) {
        box.setAttribute('role', 'group');
      }
    } else if (box !== target) {
      for (const name of ['tabindex', 'aria-label', 'role']) {
        box.removeAttribute(name);
      }
    }
  }
}

addEventListener('focusin', focused);
// The message may have had the focus before this code and its texts were there.
void textsReady().then(() => focused({ target: document.activeElement }));
