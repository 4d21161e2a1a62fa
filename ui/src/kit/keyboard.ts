// Makes room for the keyboard on a phone's screen. Most browsers shrink the page; iOS covers it.

const smallest = 60;

/** Keeps the page as high as its visible part. Called once by start. */
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
      // iOS has scrolled the page to show the field. At this height the field is visible without scrolling.
      window.scrollTo(0, 0);
    }
  });
}
