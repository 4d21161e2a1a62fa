// Messages that are longer than a screen.
import { expect, test } from './fixtures';

const long = Array.from({ length: 60 }, (_, n) => `Line ${n + 1}`).join('\n');

test('a long message is shortened; opening and closing it does not move it', async ({ host, guest }) => {
  const room = await host.room('general');
  const before = Array.from({ length: 20 }, (_, n) => `Before ${n}.`);
  await host.postsAll(room, [...before, long, 'After']);
  const ada = await guest(host, `/r/${room.id}`);
  const row = ada.row('Line 1');
  const more = row.getByRole('button', { name: 'Show more' });
  const less = row.getByRole('button', { name: 'Show less' });
  const top = async () => (await row.boundingBox())?.y ?? 0;
  const height = async () => (await row.boundingBox())?.height ?? 0;
  await expect(more).toBeVisible();
  expect(await height()).toBeLessThan(480);
  const at = await top();
  await more.click();
  await expect(less).toHaveAttribute('aria-expanded', 'true');
  await expect.poll(height).toBeGreaterThan(1_000);
  expect(Math.abs((await top()) - at)).toBeLessThan(2);

  await less.scrollIntoViewIfNeeded();
  await less.focus();
  const button = (await less.boundingBox())?.y ?? 0;
  await less.press('Enter');
  await expect(more).toBeInViewport();
  await expect.poll(height).toBeLessThan(480);
  expect(Math.abs(((await more.boundingBox())?.y ?? 0) - button)).toBeLessThan(2);
});

test('a message just written is shown in full', async ({ host, guest }) => {
  const room = await host.room('general');
  const ada = await guest(host, `/r/${room.id}`);
  await ada.composer.fill(long);
  await ada.composer.press('Enter');
  await ada.hasSent();
  await expect(ada.row('Line 1').getByRole('button', { name: 'Show less' })).toBeVisible();
  await expect(ada.log.getByText('Line 60')).toBeInViewport();
  await ada.page.reload();
  await expect(ada.row('Line 1').getByRole('button', { name: 'Show more' })).toBeVisible();
});
