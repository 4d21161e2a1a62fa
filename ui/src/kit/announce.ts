// What screen readers are told. The two live regions that say it are in features/announcer.
import { sessionSignal } from '../perSession';

interface Announcement {
  /** Counts up, so that the same words are said again. */
  id: number;
  text: string;
}

export const polite = sessionSignal<Announcement>({ id: 0, text: '' });
export const assertive = sessionSignal<Announcement>({ id: 0, text: '' });

let lastID = 0;

/** Speaks to screen readers: politely, or at once. */
export function announce(text: string, urgent = false): void {
  const id = ++lastID;
  const region = urgent ? assertive : polite;
  region.value = { id, text };
  // A screen reader finds old words in a live region long after they were true, so they are removed.
  setTimeout(() => {
    if (region.peek().id === id) {
      region.value = { id, text: '' };
    }
  }, 7_000);
}
