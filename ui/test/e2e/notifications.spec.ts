// Notifications of programs: live, after reconnecting, and until they are read.
import { expect, type Guest, isAccessible, test } from './fixtures';
import { Program } from './program';
import { moves } from './still';

const entry = (one: Guest) => one.rooms.getByRole('link', { name: /^Notifications/ });
const list = (one: Guest) => one.page.locator('[data-notification]');
const unread = (one: Guest) => list(one).filter({ hasText: 'Unread' });

test.use({ flags: ['--messages-burst', '1000'] });

test('a notification reaches one person at once, and another when they come back', async ({
  host,
  account,
  guest,
}) => {
  const [bob, cyd] = [await account('Bo'), await account('Cy')];
  const shop = await Program.madeBy(host);
  const room = await host.room('general');
  const bo = await guest(bob, `/r/${room.id}`);
  const cy = await guest(cyd, '/notifications');
  await expect(cy.page.getByText('Nothing to tell you yet')).toBeVisible();
  await isAccessible(cy.page, 'empty inbox');
  await cy.goesOffline();

  await shop.notifies([bob, cyd], 'Order 17 is on its way', {
    body: 'It arrives tomorrow.\nBetween <b>two</b> & four.',
    url: 'https://shop.example.com/orders/17',
  });
  await expect(entry(bo)).toHaveAccessibleName('Notifications 1 unread');
  await expect(bo.page).toHaveTitle(/^\(1\) /);
  await expect(bo.page.locator('[data-announcer="polite"]')).toHaveText('The Shop: Order 17 is on its way');
  await expect(list(cy)).toHaveCount(0);

  await cy.isBack();
  await expect(entry(cy)).toHaveAccessibleName('Notifications 1 unread');
  await expect(list(cy)).toHaveCount(1);

  await entry(bo).click();
  await expect(bo.title('Notifications')).toBeFocused();
  await expect(bo.page).toHaveURL(/\/notifications$/);
  await expect(entry(bo)).toHaveAttribute('aria-current', 'page');
  const one = bo.page.getByRole('article', { name: 'Order 17 is on its way' });
  await expect(one.getByText('The Shop')).toBeVisible();
  await expect(one.getByText('Bot', { exact: true })).toBeVisible();
  // The text is not markup, and shows as it was written.
  await expect(one.getByText('Between <b>two</b> & four.')).toBeVisible();
  await expect(one.getByText('shop.example.com')).toBeVisible();
  const link = one.getByRole('link');
  await expect(link).toHaveAttribute('href', 'https://shop.example.com/orders/17');
  await expect(link).toHaveAttribute('target', '_blank');
  await expect(link).toHaveAttribute('rel', 'noopener noreferrer');
  await isAccessible(bo.page, 'inbox');
  expect(await bo.smallTargets(24)).toEqual([]);

  // A new one shows while the inbox is open.
  await shop.notifies([bob], 'Order 18 is on its way');
  await expect(list(bo)).toHaveText([/Order 18/, /Order 17/]);
  await expect(entry(bo)).toHaveAccessibleName('Notifications 2 unread');
});

test('reading a notification shows in the other tab, on the other device, and after a reload', async ({
  host,
  account,
  guest,
}) => {
  const bob = await account('Bo');
  const shop = await Program.madeBy(host);
  for (const n of [1, 2, 3]) {
    await shop.notifies([bob], `Order ${n}`);
  }
  const bo = await guest(bob, '/notifications');
  const tab = await bo.opensTab('/notifications');
  const device = await guest(bob);
  await expect(entry(device)).toHaveAccessibleName('Notifications 3 unread');
  await expect(unread(tab)).toHaveCount(3);

  await bo.button('Mark as read: Order 2').click();
  await expect(bo.page.getByRole('article', { name: 'Order 2' })).toBeFocused();
  for (const one of [bo, tab]) {
    await expect(unread(one)).toHaveText([/Order 3/, /Order 1/]);
  }
  await expect(entry(device)).toHaveAccessibleName('Notifications 2 unread');

  // A click anywhere in a row marks it read.
  await bo.page.getByRole('article', { name: 'Order 1' }).click();
  await expect(entry(device)).toHaveAccessibleName('Notifications 1 unread');
  await bo.page.reload();
  await expect(unread(bo)).toHaveText([/Order 3/]);

  await entry(device).click();
  await device.button('Mark all as read').click();
  for (const one of [bo, tab, device]) {
    await expect(unread(one)).toHaveCount(0);
    await expect(list(one)).toHaveCount(3);
    await expect(entry(one)).toHaveAccessibleName('Notifications');
    await expect(one.button('Mark all as read')).toHaveCount(0);
  }
  await expect(bo.page).toHaveTitle(/^Notifications/);
});

test('notifications read elsewhere show as read after reconnecting', async ({ host, account, guest }) => {
  const bob = await account('Bo');
  const shop = await Program.madeBy(host);
  await shop.notifies([bob], 'Order 1');
  const bo = await guest(bob, '/notifications');
  await expect(unread(bo)).toHaveCount(1);
  await bo.goesOffline();
  await bo.button('Mark as read: Order 1').click();
  await expect(bo.page.getByText('The server cannot be reached.')).toBeVisible();
  await expect(unread(bo)).toHaveCount(1);

  await bob.ask('PUT', '/notifications/read', { up_to: 1 });
  await shop.notifies([bob], 'Order 2');
  await bo.isBack();
  await expect(unread(bo)).toHaveText([/Order 2/]);
  await expect(entry(bo)).toHaveAccessibleName('Notifications 1 unread');
});

test('a path of this server opens inside the client; another server opens in a new tab', async ({
  host,
  account,
  guest,
}) => {
  const bob = await account('Bo');
  const shop = await Program.madeBy(host);
  const room = await host.room('general');
  await host.posts(room, 'The build is green');
  await shop.notifies([bob], 'Look at this', { url: `/r/${room.id}/1` });
  await shop.notifies([bob], 'Look elsewhere', { url: 'http://shop.invalid/17' });
  const bo = await guest(bob, '/notifications');

  await bo.context.route('http://shop.invalid/**', (route) => route.fulfill({ body: 'the shop' }));
  const opened = bo.context.waitForEvent('page');
  await bo.page.getByRole('link', { name: 'Look elsewhere' }).click();
  const shopPage = await opened;
  await shopPage.waitForLoadState();
  expect(await shopPage.evaluate(() => [window.opener, document.referrer])).toEqual([null, '']);
  await shopPage.close();
  await expect(unread(bo)).toHaveText([/Look at this/]);

  await bo.page.evaluate(() => Object.assign(window, { same: true }));
  await bo.page.getByRole('link', { name: 'Look at this' }).click();
  await bo.sees('The build is green');
  expect(await bo.page.evaluate(() => 'same' in window)).toBe(true);
  await expect(entry(bo)).toHaveAccessibleName('Notifications');
});

test('scrolling loads older notifications, and a button does after a failure', async ({
  host,
  account,
  guest,
}) => {
  const bob = await account('Bo');
  const shop = await Program.madeBy(host);
  for (let n = 1; n <= 120; n++) {
    await shop.notifies([bob], `Order ${n}`);
  }
  const bo = await guest(bob, '/notifications', { serviceWorkers: 'block' });
  await expect(entry(bo)).toHaveAccessibleName('Notifications 120 unread');
  await expect(entry(bo)).toContainText('99+');
  await expect(list(bo)).toHaveCount(50);
  await expect(list(bo).first()).toHaveText(/Order 120/);
  await bo.page.route('**/api/notifications?before=*', (route) => route.abort());
  bo.expected.push(/ERR_FAILED/);
  await list(bo).last().scrollIntoViewIfNeeded();
  await expect(bo.page.getByRole('alert')).toHaveText('The notifications could not be loaded.');
  await bo.page.unroute('**/api/notifications?before=*');
  await bo.button('Retry').click();
  await expect(list(bo)).toHaveCount(100);
  await list(bo).last().scrollIntoViewIfNeeded();
  await expect(list(bo)).toHaveCount(120);
  await expect(list(bo).last()).toHaveText(/Order 1$/);
  await expect(bo.button('Show older ones')).toHaveCount(0);
});

test('an inbox that cannot be loaded says so and offers to retry', async ({ host, account, guest }) => {
  const bob = await account('Bo');
  const shop = await Program.madeBy(host);
  await shop.notifies([bob], 'Order 1');
  // A page with a service worker sends requests that the test cannot hold up.
  const bo = await guest(bob, '/', { serviceWorkers: 'block' });
  bo.expected.push(/ERR_FAILED/);
  await bo.page.route('**/api/notifications?*', (route) => route.abort());
  await entry(bo).click();
  await expect(bo.page.getByText('The notifications could not be loaded.')).toBeVisible();
  await bo.page.unroute('**/api/notifications?*');
  await bo.button('Retry').click();
  await expect(list(bo)).toHaveCount(1);
});

test('all of it by the keyboard', async ({ host, account, guest }) => {
  const bob = await account('Bo');
  const shop = await Program.madeBy(host);
  await shop.notifies([bob], 'Order 1');
  await shop.notifies([bob], 'Order 2', { url: '/r/1' });
  const bo = await guest(bob);
  await expect(bo.composer).toBeFocused();
  await entry(bo).focus();
  await bo.page.keyboard.press('Enter');
  await expect(bo.title('Notifications')).toBeFocused();
  await expect(list(bo)).toHaveCount(2);
  await bo.page.keyboard.press('Tab');
  await expect(bo.button('Mark all as read')).toBeFocused();
  await bo.page.keyboard.press('Tab');
  await expect(bo.page.getByRole('link', { name: 'Order 2' })).toBeFocused();
  await bo.page.keyboard.press('Tab');
  await bo.page.keyboard.press('Tab');
  await expect(bo.button('Mark as read: Order 1')).toBeFocused();
  await bo.page.keyboard.press('Enter');
  await expect(unread(bo)).toHaveText([/Order 2/]);
  await bo.page.keyboard.press('Shift+Tab');
  await expect(bo.button('Mark as read: Order 2')).toBeFocused();
  await bo.page.keyboard.press('Shift+Tab');
  await bo.page.keyboard.press('Enter');
  await expect(bo.title('general')).toBeVisible();
  await expect(entry(bo)).toHaveAccessibleName('Notifications');
});

test('a new notification pushes none from under the pointer', async ({ host, account, guest }) => {
  const bob = await account('Bo');
  const shop = await Program.madeBy(host);
  await shop.notifies([bob], 'Order 1');
  const bo = await guest(bob, '/notifications');
  await expect(list(bo)).toHaveText([/Order 1/]);
  const row = (await list(bo).boundingBox()) ?? { x: 0, y: 0 };
  const leaves = await moves((step) => bo.page.mouse.move(row.x + 20, row.y + 20 + step));
  await shop.notifies([bob], 'Order 2');
  await expect(entry(bo)).toHaveAccessibleName('Notifications 2 unread');
  await expect(list(bo)).toHaveText([/Order 1/]);
  await leaves();
  await bo.page.mouse.move(10, 300);
  await expect(list(bo)).toHaveText([/Order 2/, /Order 1/]);
});
