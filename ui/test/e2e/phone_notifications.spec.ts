// The notifications on a phone.
import { expect, isAccessible, test } from './fixtures';
import { Program } from './program';

test('the list, the notifications and back, with nothing cut off and all targets large enough', async ({
  host,
  account,
  guest,
}) => {
  const bob = await account('Bo');
  const shop = await Program.madeBy(host);
  await shop.notifies(
    [bob],
    'Your parcel for Lindenstraße 12 could not be delivered, the driver comes again',
    {
      body: `See ${'averyveryverylongwordwithoutanyspace'.repeat(4)}\n${'A line of text. '.repeat(60)}`,
      url: 'https://a-shop-with-quite-a-long-name.and-a-subdomain.example.com/orders/17',
    },
  );
  await shop.notifies([bob], 'Paid', { url: '/r/1' });
  const bo = await guest(bob, '/');
  for (const width of [390, 360, 320]) {
    await bo.page.setViewportSize({ width, height: 800 });
    await bo.rooms.getByRole('link', { name: 'Notifications 2 unread' }).tap();
    await expect(bo.page.getByRole('article')).toHaveCount(2);
    expect(await bo.cutOff(), `${width} px`).toEqual([]);
    expect(await bo.smallTargets(44)).toEqual([]);
    await bo.page.getByRole('link', { name: 'Back to the room list' }).tap();
  }
  await bo.rooms.getByRole('link', { name: /^Notifications/ }).tap();
  await bo.page.setViewportSize({ width: 390, height: 800 });
  const enlarge = (size: string) =>
    bo.page.evaluate((value) => {
      document.documentElement.style.fontSize = value;
    }, size);
  await enlarge('200%');
  await expect(bo.page.getByRole('article')).toHaveCount(2);
  expect(await bo.cutOff(), '200 % text').toEqual([]);
  await enlarge('100%');
  await isAccessible(bo.page, 'inbox on a phone');
  // Opening a notification marks it read.
  await bo.button('Show more').tap();
  await expect(bo.button('Show less')).toBeVisible();
  await expect(bo.button('Mark as read: Paid')).toBeVisible();
  await bo.button('Mark all as read').tap();
  await expect(bo.page.getByText('Unread', { exact: true })).toHaveCount(0);
  await bo.page.goBack();
  await expect(bo.rooms.getByRole('link', { name: 'Notifications', exact: true })).toBeVisible();
});
