// Toasts: lines at the bottom of the screen that say what happened. Toast.tsx shows them.
import { signal } from '@preact/signals';

export interface Toast {
  id: number;
  text: string;
  kind: 'info' | 'error';
  action?: { label: string; run: () => void };
}

/** The newest is last. Each closes by itself. */
export const toasts = signal<readonly Toast[]>([]);

let lastID = 0;

/** Shows a line at the bottom of the screen for 5 seconds; 10 with an action. */
export function toast(text: string, more: Partial<Pick<Toast, 'kind' | 'action'>> = {}): void {
  const one: Toast = { id: ++lastID, text, kind: 'info', ...more };
  toasts.value = [...toasts.value, one];
  setTimeout(() => closeToast(one.id), more.action ? 10_000 : 5_000);
}

export function closeToast(id: number): void {
  toasts.value = toasts.value.filter((one) => one.id !== id);
}
