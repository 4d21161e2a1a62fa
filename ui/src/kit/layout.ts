// How wide the window is, and what points at it.
import { type ReadonlySignal, signal } from '@preact/signals';

function follows(query: string): ReadonlySignal<boolean> {
  const list = matchMedia(query);
  const matches = signal(list.matches);
  list.addEventListener('change', () => {
    matches.value = list.matches;
  });
  return matches;
}

/** One pane at a time. */
export const isPhone = follows('(width < 700px)');

/** Room for the panel beside the conversation. */
export const isWide = follows('(width >= 1100px)');
