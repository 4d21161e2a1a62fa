// A room on a phone: touch, and a keyboard on the screen.
import { expect, test } from './fixtures';

test('the list, a room and Back; Enter breaks the line and the button sends', async ({ host, guest }) => {
  const room = await host.room('general');
  await host.postsAll(room, ['One', 'Two']);
  const bo = await guest('Bo');
  await expect(bo.rooms).toBeVisible();
  await expect(bo.composer).toHaveCount(0);
  await bo.rooms.getByRole('link', { name: /general/ }).tap();
  await expect(bo.title('general')).toBeVisible();
  await expect(bo.rooms).toHaveCount(0);
  // The keyboard does not open by itself.
  await expect(bo.composer).not.toBeFocused();

  await bo.composer.tap();
  await bo.composer.pressSequentially('First line');
  await bo.composer.press('Enter');
  await bo.composer.pressSequentially('second line');
  await expect(bo.composer).toHaveValue('First line\nsecond line');
  await expect(bo.texts).toHaveCount(2);
  await bo.button('Send').tap();
  await expect(bo.texts).toHaveCount(3);
  await expect(bo.composer).toBeFocused();
  await bo.hasSent();
  expect((await host.history(room)).at(-1)?.body).toBe('First line\nsecond line');

  await bo.page.goBack();
  await expect(bo.rooms).toBeVisible();
  await expect(bo.composer).toHaveCount(0);
  await bo.page.goForward();
  await bo.sees('second line');
  await bo.page.getByRole('link', { name: 'Back to the room list' }).tap();
  await expect(bo.rooms).toBeVisible();
});

test('the composer and the last message stay above a keyboard', async ({ host, guest }) => {
  const room = await host.room('general');
  await host.postsAll(
    room,
    Array.from({ length: 30 }, (_, n) => `Message ${n + 1}.`),
  );
  const bo = await guest('Bo', `/r/${room.id}`);
  await bo.composer.fill('The last word');
  await bo.button('Send').tap();
  await bo.sees('The last word');
  await bo.composer.tap();
  // The keyboard takes the lower part of the window, as interactive-widget=resizes-content asks for.
  await bo.page.setViewportSize({ width: 390, height: 460 });
  await expect(bo.composer).toBeInViewport({ ratio: 1 });
  await expect(bo.button('Send')).toBeInViewport({ ratio: 1 });
  await expect(bo.log.getByText('The last word')).toBeInViewport({ ratio: 1 });
  await bo.composer.fill(Array.from({ length: 20 }, (_, n) => `Line ${n}`).join('\n'));
  await expect(bo.button('Send')).toBeInViewport({ ratio: 1 });
  await expect(bo.title('general')).toBeInViewport({ ratio: 1 });
  await bo.page.setViewportSize({ width: 390, height: 844 });
  await expect(bo.composer).toBeInViewport({ ratio: 1 });
  await expect(bo.log.getByText('The last word')).toBeInViewport({ ratio: 1 });
});

test('every target is 44 px or more, and nothing is cut off', async ({ host, guest }) => {
  const room = await host.room('general');
  await host.postsAll(room, ['One', 'Two', 'Three']);
  await host.ask('PUT', `/rooms/${room.id}/messages/1/reactions/${encodeURIComponent('👍')}`);
  const ada = await guest(host);
  await expect(ada.rooms).toBeVisible();
  expect(await ada.smallTargets(44)).toEqual([]);
  await ada.rooms.getByRole('link', { name: /general/ }).tap();
  await ada.row('Three').tap();
  await expect(ada.row('Three').getByRole('toolbar')).toBeVisible();
  expect(await ada.smallTargets(44)).toEqual([]);
  expect(await ada.cutOff()).toEqual([]);
  await ada.row('Three').getByRole('button', { name: 'More actions' }).tap();
  await expect(ada.page.getByRole('menuitem', { name: 'Copy text' })).toBeVisible();
  expect(await ada.smallTargets(44)).toEqual([]);
  await ada.page.keyboard.press('Escape');
  await ada.button(/^Show members/).tap();
  await expect(ada.page.locator('[data-region="panel"]').getByRole('listitem')).toHaveCount(1);
  expect(await ada.smallTargets(44)).toEqual([]);
  expect(await ada.cutOff()).toEqual([]);
});

test('the unread bar is one line', async ({ host, account, guest }) => {
  const bob = await account('Bo');
  const room = await host.room('general');
  await host.postsAll(
    room,
    Array.from({ length: 35 }, (_, n) => `Message ${n + 1}.`),
  );
  await bob.reads(room, 5);
  const bo = await guest(bob, `/r/${room.id}`);
  const jump = bo.page.getByRole('button', { name: 'Jump', exact: true });
  await expect(jump).toBeVisible();
  const bar = await jump.locator('xpath=../..').boundingBox();
  const log = await bo.log.boundingBox();
  expect(bar?.height).toBeLessThanOrEqual(48);
  expect(bar?.width).toBeLessThanOrEqual((log?.width ?? 0) - 16);
  const first = await jump.boundingBox();
  const second = await bo.button('Mark read').boundingBox();
  expect(first?.y).toBe(second?.y);
});

test('Back closes the panel and stays in the room; a person’s card opens from a message', async ({
  host,
  guest,
}) => {
  const room = await host.room('general');
  await host.posts(room, 'Hello');
  const bo = await guest('Bo');
  await bo.rooms.getByRole('link', { name: /general/ }).tap();
  await bo.sees('Hello');
  await bo.row('Hello').getByText('Ada Lovelace').tap();
  const card = bo.page.getByRole('dialog', { name: 'More about Ada Lovelace' });
  await expect(card.getByRole('button', { name: 'Message' })).toBeVisible();
  await bo.page.keyboard.press('Escape');
  await expect(card).toHaveCount(0);
  await bo.button(/^Show members/).tap();
  const panel = bo.page.getByRole('complementary', { name: 'Members' });
  await expect(panel).toBeVisible();
  await bo.page.goBack();
  await expect(panel).toHaveCount(0);
  await expect(bo.title('general')).toBeVisible();
  await bo.page.goBack();
  await expect(bo.rooms).toBeVisible();
});
