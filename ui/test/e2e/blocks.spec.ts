// Blocking: the conversation with somebody who is blocked, and what counts as unread.
import type { Guest } from './fixtures';
import { expect, isAccessible, test } from './fixtures';

const shots = process.env.BLOCKS_SHOTS;

const deletes = (who: Guest, room: { id: number }, seq: number) =>
  who.account.ask('DELETE', `/rooms/${room.id}/messages/${seq}`);

test('in the conversation with somebody blocked there is no composer, but a way to end that', async ({
  host,
  account,
  guest,
}) => {
  const bo = await account('Bo');
  const both = await host.writesTo(bo);
  await bo.posts(both, 'Hello.');
  const ada = await guest(host, `/r/${both.id}`);
  const bos = await guest(bo, `/r/${both.id}`);
  await ada.composer.fill('half a sentence');
  await host.ask('PUT', `/me/blocks/${bo.user.id}`);
  await expect(ada.page.getByText('You have blocked Bo.')).toBeVisible();
  await expect(ada.composer).toHaveCount(0);
  await isAccessible(ada.page, 'a conversation with somebody blocked');
  if (shots) {
    await ada.page.screenshot({ path: `${shots}/blocked.png` });
  }
  // The other is told what is so, and not who of the two did it.
  await bos.composer.fill('Are you there?');
  await bos.composer.press('Enter');
  await expect(bos.page.getByText('Not sent: You and this person cannot write to each other.')).toBeVisible();
  if (shots) {
    await bos.page.screenshot({ path: `${shots}/not-sent.png` });
  }
  await ada.button('Unblock').press('Enter');
  await expect(ada.composer).toBeFocused();
  await expect(ada.composer).toHaveValue('half a sentence');
  await bos.button('Retry').click();
  await ada.sees('Are you there?');
});

test('a message that is deleted, or of somebody blocked, is not unread on any device', async ({
  host,
  account,
  guest,
}) => {
  const bo = await account('Bo');
  const cy = await account('Cy');
  const [both, other] = [await host.writesTo(bo), await host.writesTo(cy)];
  const group = await host.writesTo(bo, cy);
  const ada = await guest(host, '/settings');
  const phone = await guest(host, '/settings');
  const bos = await guest(bo, `/r/${both.id}`);
  const shows = async (room: { id: number }, count: string | null) => {
    for (const one of [ada, phone]) {
      const badge = one.rooms
        .locator(`[data-room="${room.id}"] [aria-hidden="true"]`)
        .filter({ hasText: /^\d+$/ });
      await (count ? expect(badge).toHaveText(count) : expect(badge).toHaveCount(0));
    }
  };
  const first = await bo.posts(both, 'one');
  await bo.posts(both, 'two');
  await cy.posts(other, 'three');
  await bo.posts(group, 'four');
  await cy.posts(group, 'five');
  await shows(both, '2');
  await shows(group, '2');
  await expect(ada.page).toHaveTitle(/^\(5\) /);
  await deletes(bos, both, first.seq);
  await shows(both, '1');
  await host.ask('PUT', `/me/blocks/${cy.user.id}`);
  await shows(other, null);
  await shows(group, '1');
  await expect(phone.page).toHaveTitle(/^\(2\) /);
  await phone.page.reload();
  await shows(group, '1');
  await host.ask('DELETE', `/me/blocks/${cy.user.id}`);
  await shows(other, '1');
  await shows(group, '2');
  // Reading on one device clears the other.
  await host.reads(both, 2);
  await host.reads(group, 2);
  await shows(both, null);
  await shows(group, null);
  await expect(ada.page).toHaveTitle(/^\(1\) /);
});
