// What a test asks of the toasts.
import { expect, type Locator } from '@playwright/test';
import type { Person } from './person';

export const toasts = (one: Person): Locator => one.page.locator('[class~="Toast_toast"]:not([inert])');

/** What the service worker's client does when the server has a newer build. */
export async function newVersionComes(one: Person): Promise<void> {
  await one.page.evaluate(() => dispatchEvent(new Event('vite:preloadError', { cancelable: true })));
  await expect(toasts(one).filter({ hasText: 'A new version is ready.' })).toBeVisible();
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
