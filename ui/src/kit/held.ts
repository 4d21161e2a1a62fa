// Keeps what is typed while the field that it is meant for is still on its way: in a dialog whose code is being
// fetched, or in a room that is being made.
import { closeDialog } from './dialogs';
import { composing } from './enter';
import { focusComposer } from './focus';

const kept: string[] = [];
let holders = 0;

const pause = (ms: number) => new Promise((later) => setTimeout(later, ms));

/** Forgets what was typed. */
export function dropKeys(): void {
  kept.length = 0;
}

/** Takes the keys from now on. The function that it returns hands them to the text field with the focus. */
export function holdKeys(): () => Promise<void> {
  holders++;
  addEventListener('keydown', pressed, true);
  return async () => {
    await handOver();
    if (!--holders) {
      removeEventListener('keydown', pressed, true);
    }
  };
}

function pressed(event: KeyboardEvent): void {
  const { key } = event;
  if (!event.isTrusted || composing(event) || event.ctrlKey || event.metaKey || event.altKey) {
    return;
  }
  if (key === 'Escape') {
    dropKeys();
    closeDialog();
  } else if (key.length === 1 || key === 'Enter' || key === 'Backspace') {
    event.preventDefault();
    event.stopPropagation();
    if (key === 'Backspace') {
      kept.pop();
    } else if (key.length === 1 || !event.repeat) {
      kept.push(key);
    }
  }
}

// The field may need a moment to come. What is typed meanwhile is kept too, so that nothing overtakes.
async function handOver(): Promise<void> {
  await pause(0);
  for (let tries = 0; kept.length && tries < 60; ) {
    const field = document.activeElement;
    if (
      !(
        field instanceof HTMLTextAreaElement || field?.matches('input:not([type="checkbox"], [type="radio"])')
      )
    ) {
      focusComposer();
      tries++;
      await pause(16);
      continue;
    }
    const end = kept.indexOf('Enter');
    const text = kept.splice(0, end < 0 ? kept.length : end).join('');
    if (text) {
      const { selectionStart: from, selectionEnd: to } = field as HTMLInputElement;
      (field as HTMLInputElement).setRangeText(text, from ?? 0, to ?? 0, 'end');
      field.dispatchEvent(new InputEvent('input', { bubbles: true }));
    }
    await pause(0);
    if (kept[0] === 'Enter') {
      kept.shift();
      const init = { key: 'Enter', bubbles: true, cancelable: true };
      field.dispatchEvent(new KeyboardEvent('keydown', init));
      await pause(0);
    }
  }
  dropKeys();
}
