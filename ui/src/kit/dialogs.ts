// The dialog that is open. A feature opens its own with openDialog(<Mine />); the shell shows it.

import type { VNode } from 'preact';
import { sessionSignal } from '../perSession';

export const dialog = sessionSignal<VNode | undefined>(undefined);

/** A question shown over everything else, the dialog too. Another dialog does not replace it. */
export const question = sessionSignal<VNode | undefined>(undefined);

export function openDialog(shown: VNode): void {
  dialog.value = shown;
}

export function closeDialog(): void {
  dialog.value = undefined;
}

export function ask(shown: VNode): void {
  question.value = shown;
}

export function closeQuestion(): void {
  question.value = undefined;
}
