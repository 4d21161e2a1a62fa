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

/**
 * Called by a button of a room that goes when it is pressed. The focus goes on in the composer, and on touch to the
 * heading, so that no keyboard opens. It scrolls nothing.
 */
export function focusRoom(): void {
  const composer = isTouch() ? null : document.querySelector<HTMLElement>('[data-composer]');
  focusField(composer ?? document.querySelector<HTMLElement>('h1[tabindex]'));
}

/**
 * Called before a dialog closes that may have been opened in a room. Somebody with a mouse goes on writing. With
 * keys, the focus goes back to where it was.
 */
export function focusAfterPointer(): void {
  if (!isTouch() && !document.activeElement?.matches(':focus-visible')) {
    focusComposer();
  }
}
