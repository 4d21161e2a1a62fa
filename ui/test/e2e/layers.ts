// The history of the browser, and what lies over the page.
import type { Locator } from '@playwright/test';
import { expect, type Guest } from './fixtures';

/** How many entries of the history are before the present one. */
export const entries = (one: Guest): Promise<number> =>
  one.page.evaluate(() => window.navigation.currentEntry?.index ?? -1);

/** What is open over the page: dialogs, menus, cards, the picker, and the panel. */
export const layers = (one: Guest) =>
  one.page.locator('dialog[open], :popover-open, [data-region="panel"]').filter({ visible: true });

/** Goes back once: one thing less is open, and the page is the same. */
export async function goesBackOver(one: Guest): Promise<void> {
  await expect(layers(one)).not.toHaveCount(0);
  const [open, at, where] = [await layers(one).count(), await entries(one), one.page.url()];
  await one.page.goBack();
  await expect(layers(one)).toHaveCount(open - 1);
  await expect.poll(() => entries(one)).toBe(at - 1);
  expect(one.page.url()).toBe(where);
}

/** Waits until the history has nothing of what was open: as many entries, and the same address. */
export async function isAt(one: Guest, count: number, path: string | RegExp): Promise<void> {
  await expect.poll(() => entries(one)).toBe(count);
  await expect(one.page).toHaveURL(typeof path === 'string' ? one.url + path : path);
}

/** The element, or what is in it, has the focus. */
export async function hasFocus(element: Locator): Promise<void> {
  const found = () =>
    element.evaluate((one) => one.contains(document.activeElement) || document.activeElement?.outerHTML);
  await expect.poll(found).toBe(true);
}
