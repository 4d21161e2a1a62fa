// Where the focus goes when something that had it is closed.
import { isTouch } from './touch';

let asked: HTMLElement | undefined;

/** Focuses a field. If a dialog is over it, the field gets the focus when the dialog closes. */
export function focusField(field: HTMLElement | null): void {
  field?.focus({ preventScroll: true });
  asked = field && document.activeElement !== field ? field : undefined;
}

/** Called when a dialog has closed. */
export function focusAsked(): void {
  focusField(asked?.isConnected ? asked : null);
}

/** Puts the cursor into the composer: the field marked with data-composer. */
export function focusComposer(): void {
  focusField(document.querySelector<HTMLElement>('[data-composer]'));
}

/** Where the keys go on in a room: in the composer, and on touch at the heading, so that no keyboard opens. */
export const roomField = (): HTMLElement | null =>
  (isTouch() ? null : document.querySelector<HTMLElement>('[data-composer]')) ??
  document.querySelector<HTMLElement>('h1[tabindex]');

/** Called by a button of a room that goes when it is pressed. It scrolls nothing. */
export const focusRoom = (): void => focusField(roomField());

/**
 * Called before a dialog closes that may have been opened in a room. Somebody with a mouse goes on writing. With
 * keys, the focus goes back to where it was.
 */
export function focusAfterPointer(): void {
  if (!isTouch() && !document.activeElement?.matches(':focus-visible')) {
    focusComposer();
  }
}
