// A phone: one pane at a time, large targets, enlarged text.
import type { Page } from '@playwright/test';
import { expect, isAccessible, test } from './fixtures';

test('the list, a room, and Back', async ({ owner }) => {
  const { page } = owner;
  await page.goto(new URL('/', page.url()).href);
  await expect(owner.rooms).toBeVisible();
  await expect(page.locator('[data-region="main"]')).toHaveCount(0);
  await owner.opens('general');
  await expect(owner.rooms).toHaveCount(0);
  await expect(owner.composer).toBeVisible();
  await page.goBack();
  await expect(owner.rooms).toBeVisible();
  await expect(owner.composer).toHaveCount(0);
  await isAccessible(page, 'list on a phone');
  await owner.button('Settings').click();
  await page.getByRole('link', { name: 'Back to the room list' }).click();
  await expect(owner.rooms).toBeVisible();
});

test('targets are at least 44 px', async ({ server, owner }) => {
  for (const path of ['/', '/notifications', '/settings', '/server', '/r/1']) {
    await owner.page.goto(server.url + path);
    await expect(owner.page.locator('[data-region]').first()).toBeVisible();
    const small = await owner.page.evaluate(() =>
      [...document.querySelectorAll<HTMLElement>('button, a[href], select, [role="option"]')]
        .filter((one) => one.checkVisibility({ visibilityProperty: true }) && !one.closest('p'))
        .map((one) => ({ one, box: one.getBoundingClientRect() }))
        .filter(({ box }) => box.width < 44 || box.height < 44)
        .map(({ one, box }) => `${one.outerHTML.slice(0, 140)} ${box.width}×${box.height}`),
    );
    expect(small, path).toEqual([]);
  }
});

async function fits(page: Page, where: string): Promise<void> {
  const wide = await page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    return [...document.querySelectorAll('body *')]
      .filter((one) => {
        const box = one.getBoundingClientRect();
        return box.width > 1 && box.right > width + 1 && !one.closest('svg, .hidden');
      })
      .map((one) => one.outerHTML.slice(0, 120));
  });
  expect(wide, where).toEqual([]);
}

for (const [size, width, text] of [
  ['320 px', 320, '100%'],
  ['200 % text', 390, '200%'],
] as const) {
  test(`nothing is cut off at ${size}`, async ({ server, owner, someone }) => {
    const guest = await someone('Guest', { viewport: { width, height: 844 } });
    await guest.page.goto(server.url);
    const { page } = owner;
    await page.setViewportSize({ width, height: 844 });
    const enlarge = () =>
      page.evaluate((value) => {
        document.documentElement.style.fontSize = value;
      }, text);
    await guest.page.evaluate((value) => {
      document.documentElement.style.fontSize = value;
    }, text);
    await fits(guest.page, 'sign-in');
    for (const path of ['/', '/r/1', '/notifications', '/settings', '/server']) {
      await page.goto(server.url + path);
      await enlarge();
      await expect(page.locator('[data-region]').first()).toBeVisible();
      await fits(page, path);
    }
    await page.goto(server.url);
    await enlarge();
    await owner.button('New conversation').first().click();
    await expect(owner.dialog).toBeVisible();
    await fits(page, 'dialog');
  });
}

test('the members cover the room and close again', async ({ owner }) => {
  await owner.button(/Show members/).click();
  const panel = owner.page.getByRole('complementary', { name: 'Members' });
  await expect(panel).toBeVisible();
  await isAccessible(owner.page, 'panel on a phone');
  await panel.getByRole('button', { name: 'Close' }).click();
  await expect(panel).toHaveCount(0);
});
