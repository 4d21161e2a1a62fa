// Tells how wide the window is.
import { type ReadonlySignal, signal } from '@preact/signals';

function follows(query: string): ReadonlySignal<boolean> {
  const list = matchMedia(query);
  const matches = signal(list.matches);
  list.addEventListener('change', () => {
    matches.value = list.matches;
  });
  return matches;
}

/** The window shows one pane at a time. */
export const isPhone = follows('(width < 700px)');

/** The panel fits beside the conversation. */
export const isWide = follows('(width >= 1100px)');
