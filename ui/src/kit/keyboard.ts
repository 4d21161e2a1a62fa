// The keyboard on the screen of a phone. Most browsers make the page smaller by themselves; iOS lays it over.

const smallest = 60;

/** Keeps the page as high as what can be seen. Called once by start. */
export function startKeyboard(): void {
  const view = window.visualViewport;
  const app = document.getElementById('app');
  if (!view || !app) {
    return;
  }
  view.addEventListener('resize', () => {
    const covered = window.innerHeight - view.height * view.scale;
    app.style.height = covered > smallest ? `${view.height}px` : '';
    if (covered > smallest) {
      // iOS scrolls the page up to show the field; with the page this high, it is in sight anyway.
      window.scrollTo(0, 0);
    }
  });
}
