// Notes on the page whether the focus moved by a key. A text field that has the focus all the time, such as the
// composer, shows its ring only then.
const moves = new Set(['Tab', 'F6', 'Escape']);

/** Called once by start. */
export function startByKey(): void {
  const { dataset } = document.documentElement;
  addEventListener(
    'keydown',
    ({ key, target }) => {
      const writing = target instanceof Element && target.matches('input, textarea');
      if (moves.has(key) || !writing) {
        dataset.byKey = '';
      }
    },
    true,
  );
  addEventListener('pointerdown', () => delete dataset.byKey, true);
}
