// A phone: one pane at a time, large targets, enlarged text.
import type { Page } from '@playwright/test';
import { expect, isAccessible, test } from './fixtures';

const everyPage = [
  '/',
  '/r/1',
  '/r/2',
  '/notifications',
  '/settings',
  '/settings/password',
  '/settings/browser',
  '/server',
  '/server/invites',
  '/server/general',
  '/server/rooms',
  '/server/reports',
  '/server/programs',
  '/server/audit',
  '/nowhere',
];

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

test('somebody who joins is on the list, with the focus on its heading', async ({ owner, someone }) => {
  const bo = await someone('Bo Chen');
  await bo.signsUp(owner.invite);
  await expect(bo.title('Acme')).toBeFocused();
  await bo.opens('general');
  await bo.page.getByRole('link', { name: 'Back to the room list' }).tap();
  await expect(bo.title('Acme')).toBeFocused();
});

test('all rows of the list have letters of one size, and no edge stands at the end of the window', async ({
  owner,
}) => {
  await owner.page.goto(new URL('/', owner.page.url()).href);
  const rows = owner.rooms.getByRole('link').or(owner.rooms.getByRole('button', { name: 'Browse rooms' }));
  await expect(rows.last()).toBeVisible();
  const sizes = await rows.evaluateAll((all) => all.map((one) => getComputedStyle(one).fontSize));
  expect(new Set(sizes)).toEqual(new Set(['16px']));
  await expect(owner.rooms).toHaveCSS('border-right-width', '0px');
});

test('targets are at least 44 px', async ({ server, owner, someone }) => {
  const stranger = await someone('Bo');
  // The link for a new password is wrong.
  stranger.expected.push(/404/);
  for (const link of [server.url, owner.invite, `${server.url}/reset#wrong`]) {
    await stranger.page.goto(link);
    await expect(stranger.page.getByRole('heading', { level: 1 })).toBeVisible();
    expect.soft(await stranger.smallTargets(44), link).toEqual([]);
  }
  for (const path of everyPage) {
    await owner.page.goto(server.url + path);
    await expect(owner.page.locator('[data-region]').first()).toBeVisible();
    await expect(owner.page.locator('[class*="skeleton"], [aria-busy="true"]')).toHaveCount(0);
    expect.soft(await owner.smallTargets(44), path).toEqual([]);
  }
});

async function fits(page: Page, where: string): Promise<void> {
  const wide = await page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    return [...document.querySelectorAll('body *')]
      .filter((one) => {
        const box = one.getBoundingClientRect();
        // What ends in an ellipsis is meant to be cut.
        const cut = one.parentElement && getComputedStyle(one.parentElement).textOverflow === 'ellipsis';
        return box.width > 1 && box.right > width + 1 && !cut && !one.closest('svg, .hidden');
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
    for (const path of [
      '/',
      '/r/1',
      '/notifications',
      '/settings',
      '/settings/password',
      '/server',
      '/server/invites',
    ]) {
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

for (const locale of ['en-US', 'zh-CN']) {
  test(`a wrong password moves nothing of the form: ${locale}`, async ({ server, host, someone }) => {
    const bo = await someone('Bo', { locale, viewport: { width: 320, height: 568 } });
    bo.expected.push(/401/);
    await bo.page.goto(server.url);
    const places = () =>
      bo.page
        .locator('form input, form button')
        .evaluateAll((all) => all.map((one) => one.getBoundingClientRect().y));
    await bo.page.locator('[name="username"]').fill(host.user.name);
    await bo.page.locator('[name="password"]').fill('not the password');
    const before = await places();
    await bo.page.locator('[type="submit"]').tap();
    await expect(bo.page.getByRole('alert')).toHaveText(/./);
    expect(await places()).toEqual(before);
  });
}
