// What a test asks of the toasts.
import { expect, type Locator } from '@playwright/test';
import type { Person } from './person';

export const toasts = (one: Person): Locator => one.page.locator('[class~="Toast_toast"]:not([inert])');

/** What the service worker's client does when the server has a newer build. */
export async function newVersionComes(one: Person, words = 'A new version is ready.'): Promise<void> {
  await one.page.evaluate(() => dispatchEvent(new Event('vite:preloadError', { cancelable: true })));
  await expect(toasts(one).filter({ hasText: words })).toBeVisible();
}

/** No toast lies over the composer, and none is outside the window. */
export async function expectAboveComposer(one: Person): Promise<void> {
  const bottom = async () => {
    const boxes = await Promise.all((await toasts(one).all()).map((toast) => toast.boundingBox()));
    return Math.max(...boxes.map((box) => (box ? box.y + box.height : Number.POSITIVE_INFINITY)));
  };
  const composer = one.page.locator('form:has([data-composer])');
  const top = async () => (await composer.boundingBox())?.y ?? 0;
  await expect.poll(async () => (await bottom()) - (await top())).toBeLessThanOrEqual(0);
  const first = await toasts(one).first().boundingBox();
  expect(first?.y).toBeGreaterThanOrEqual(0);
}

/** What can be pressed now and lies under a toast. With `fixed`, only what no list scrolls away. */
export const coveredByToasts = (one: Person, fixed = false): Promise<string[]> =>
  one.page.evaluate(async (fixed) => {
    await new Promise((go) => requestAnimationFrame(() => requestAnimationFrame(go)));
    await Promise.all(document.getAnimations().map((one) => one.finished.catch(() => undefined)));
    const toasts = [...document.querySelectorAll('[class~="Toast_toast"]:not([inert])')];
    if (!toasts.length) {
      return ['there is no toast'];
    }
    const layer = [...document.querySelectorAll('dialog:modal')].at(-1) ?? document.body;
    const scrolls = (at: Element | null): boolean =>
      Boolean(at && at !== layer) &&
      ((/auto|scroll/.test(getComputedStyle(at as Element).overflowY) &&
        (at as Element).scrollHeight > (at as Element).clientHeight + 1) ||
        scrolls((at as Element).parentElement));
    return [...layer.querySelectorAll('a[href], button, input, select, textarea, label:has(input)')]
      .filter(
        (control) =>
          !toasts.some((toast) => toast.contains(control)) &&
          !control.closest('[inert], .hidden') &&
          control.checkVisibility({ visibilityProperty: true }) &&
          !(fixed && scrolls(control.parentElement)),
      )
      .filter((control) => {
        const a = control.getBoundingClientRect();
        return toasts.some((toast) => {
          const b = toast.getBoundingClientRect();
          const [x, y] = [Math.max(a.left, b.left), Math.max(a.top, b.top)];
          const under = x < Math.min(a.right, b.right) && y < Math.min(a.bottom, b.bottom);
          // What its box has scrolled out of sight is not there.
          return under && toast.contains(document.elementFromPoint(x + 1, y + 1)) && a.height > 0;
        });
      })
      .map((control) => `${control.localName} ${control.ariaLabel ?? control.textContent}`);
  }, fixed);
