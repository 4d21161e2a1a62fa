// Where the focus goes when something that had it is closed.

/** Puts the cursor into the composer: the field marked with data-composer. */
export function focusComposer(): void {
  document.querySelector<HTMLTextAreaElement>('[data-composer]')?.focus();
}
