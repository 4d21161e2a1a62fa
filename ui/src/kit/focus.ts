// Where the focus goes when something that had it is closed.

/** Puts the cursor into the field where one writes: the one marked with data-composer. */
export function focusComposer(): void {
  document.querySelector<HTMLTextAreaElement>('[data-composer]')?.focus();
}
