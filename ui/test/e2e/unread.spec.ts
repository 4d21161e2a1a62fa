// The unread line, and how far a person has read.
import { crowdFlags } from './crowd';
import { expect, test } from './fixtures';

test.use({ flags: crowdFlags });

const many = Array.from({ length: 60 }, (_, n) => `Message ${n + 1}.`);

test('a room with unread messages opens at the line; Jump and Mark read work', async ({
  host,
  account,
  guest,
}) => {
  const bob = await account('Bo');
  const room = await host.makesRoom('club');
  await host.adds(room, bob);
  await host.postsAll(room, many);
  await bob.reads(room, 20);
  const bo = await guest(bob, `/r/${room.id}`);
  const line = bo.log.locator('[data-line]');
  const bar = bo.page.getByText(/^\d+ new messages? since/);
  await expect(line).toBeInViewport();
  await expect(bar).toHaveCount(0);
  // The line is over the first unread message, about a third from the top.
  await expect(bo.log.locator('[data-row="21"]').locator('[data-line]')).toHaveCount(1);
  const share = await bo.log.evaluate((log) => {
    const at = (log.querySelector('[data-row="21"]') as HTMLElement).getBoundingClientRect().top;
    const box = log.getBoundingClientRect();
    return (at - box.top) / box.height;
  });
  expect(share).toBeGreaterThan(0.2);
  expect(share).toBeLessThan(0.45);

  // Only what is visible for a second counts as read. The line stays.
  const read = async () => (await bob.room('club')).read_seq;
  await expect.poll(read).toBeGreaterThan(20);
  expect(await read()).toBeLessThan(60);
  await expect(line).toHaveCount(1);
  await expect(bo.log.getByText('Message 60.')).not.toBeInViewport();

  await bo.log.hover();
  await bo.page.mouse.wheel(0, 400);
  await expect(bar).toBeVisible();
  await bo.page.getByRole('button', { name: 'Jump', exact: true }).click();
  await expect(line).toBeInViewport();
  await expect(bar).toHaveCount(0);
  await bo.page.mouse.wheel(0, 400);
  await bo.button('Mark read').click();
  await expect(bar).toHaveCount(0);
  await expect(line).toHaveCount(1);
  await expect.poll(read).toBe(60);

  // Leaving the room removes the line. Without unread messages there is no bar.
  await bo.opens('general');
  await expect(bar).toHaveCount(0);
  await bo.opens('club');
  await expect(bo.log.getByText('Message 60.')).toBeInViewport();
  await expect(line).toHaveCount(0);
  await expect(bar).toHaveCount(0);
});

test('Esc marks the room read, and a message can be marked unread again', async ({
  host,
  account,
  guest,
}) => {
  const bob = await account('Bo');
  const room = await host.makesRoom('club');
  await host.adds(room, bob);
  await host.postsAll(room, many);
  await bob.reads(room, 5);
  const bo = await guest(bob, `/r/${room.id}`);
  const read = async () => (await bob.room('club')).read_seq;
  await expect(bo.log.locator('[data-line]')).toBeInViewport();
  await bo.composer.press('Escape');
  await expect.poll(read).toBe(60);

  await bo.page.keyboard.press('End');
  await bo.button('Jump to present').click();
  await bo.pointsAt('Message 58.');
  await bo.row('Message 58.').getByRole('button', { name: 'More actions' }).click();
  await bo.page.getByRole('menuitem', { name: 'Mark unread from here' }).click();
  await expect(bo.log.locator('[data-row="58"]').locator('[data-line]')).toBeVisible();
  await expect.poll(read).toBe(57);
  await bo.opens('general');
  await expect(bo.rooms.getByRole('link', { name: /club/ })).toHaveText(/3 unread messages/);
});

test('a new message is read at the end of the list, and counted by the pill above it', async ({
  host,
  account,
  guest,
}) => {
  const bob = await account('Bo');
  const room = await host.makesRoom('club');
  await host.adds(room, bob);
  await host.postsAll(room, many);
  await bob.reads(room, 60);
  const bo = await guest(bob, `/r/${room.id}`);
  await expect(bo.log.getByText('Message 60.')).toBeInViewport();
  const read = async () => (await bob.room('club')).read_seq;
  await host.posts(room, 'Seen at once');
  await expect(bo.log.getByText('Seen at once')).toBeInViewport();
  await expect.poll(read).toBe(61);

  await bo.log.hover();
  await bo.page.mouse.wheel(0, -1_500);
  await expect(bo.button('Jump to present')).toBeVisible();
  await host.postsAll(room, ['Below one', 'Below two']);
  await expect(bo.button('2 new messages')).toBeVisible();
  expect(await read()).toBe(61);
  await bo.button('2 new messages').click();
  await expect(bo.log.getByText('Below two')).toBeInViewport();
  await expect.poll(read).toBe(63);
});

test('rows of one author are grouped; another author, a pause or the unread line begins a new group', async ({
  host,
  account,
  guest,
}) => {
  const bob = await account('Bo');
  const room = await host.room('general');
  await host.postsAll(room, ['One', 'Two', 'Three']);
  await bob.posts(room, 'Four');
  const before = await bob.history(room);
  await host.posts(room, 'Five');
  await host.posts(room, 'Six');
  await bob.reads(room, before.length + 1);
  const bo = await guest(bob, `/r/${room.id}`);
  await bo.sees('Six');
  const named = bo.log.locator('[data-row]', { has: bo.page.locator('p > time') });
  const names = await named.evaluateAll((rows) =>
    rows.map((row) => Number((row as HTMLElement).dataset.row)),
  );
  // One, Four, Five, and Six because the line is above it.
  expect(names).toEqual([1, 4, 5, 6]);
  await expect(bo.log.locator('[data-row="6"] [data-line]')).toHaveCount(1);
  await expect(bo.log.getByText('Today')).toHaveCount(1);
});
