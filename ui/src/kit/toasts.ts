// Toasts: lines above the composer that say what happened. Toast.tsx shows them; its code is fetched later.
import { signal } from '@preact/signals';

export interface Toast {
  id: number;
  text: string;
  kind: 'info' | 'error';
  action?: { label: string; run: () => void };
  /** Waits for the person, and does not count among those that are shown at the same time. */
  stays?: boolean;
}

/** Those that are shown and those that wait, the newest last. Each closes by itself. */
export const toasts = signal<readonly Toast[]>([]);

let lastID = 0;

/**
 * Says what happened for 5 seconds; 10 with an action. The same words again take the place of the first. Returns the id
 * by which to close it.
 */
export function toast(text: string, more: Partial<Omit<Toast, 'id' | 'text'>> = {}): number {
  const others = toasts.value.filter((one) => one.text !== text);
  toasts.value = [...others, { id: ++lastID, text, kind: 'info', ...more }];
  return lastID;
}

export function closeToast(id: number): void {
  toasts.value = toasts.value.filter((one) => one.id !== id);
}
