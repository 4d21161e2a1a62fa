// What screen readers are told. The two live regions that say it are in features/announcer.
import { sessionSignal } from '../perSession';

interface Announcement {
  /** So that the same words are said twice. */
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
  // Old words in a live region are found by browsing and by searching, long after they were true.
  setTimeout(() => {
    if (region.peek().id === id) {
      region.value = { id, text: '' };
    }
  }, 7_000);
}
