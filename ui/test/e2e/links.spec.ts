// Links for others that lead to the computer that opens them: the page says so, and what to do.

import { plainHost } from '../../playwright.config';
import { expect, isAccessible, test } from './fixtures';

const warning = /Others cannot open this link.*--listen.*--url/;

test.describe('under an address of this computer', () => {
  test('an invite link and one for a new password say that others cannot open them', async ({
    account,
    guest,
    host,
  }) => {
    await account('Bo');
    const ada = await guest(host, '/server/invites');
    await ada.button('Make a link').click();
    const note = ada.page.getByText(warning);
    await expect(note).toBeVisible();
    // Before the button that copies.
    const copy = ada.button('Copy');
    expect((await note.boundingBox())?.y).toBeLessThan((await copy.boundingBox())?.y ?? 0);
    // It is to be read, and nothing failed: as plain as any other note, from the edge of its box.
    expect(await note.evaluate((one) => getComputedStyle(one).textAlign)).toBe('start');
    expect(await note.evaluate((one) => getComputedStyle(one).color)).not.toBe('rgb(179, 38, 30)');
    await isAccessible(ada.page, 'the note about a link');
    await ada.page.goto(`${ada.url}/server/people`);
    await ada.button('Manage Bo').click();
    await ada.dialog.getByRole('button', { name: 'Make a link for a new password' }).click();
    await expect(ada.dialog.getByText(warning)).toBeVisible();
  });

  test('copying the link of a message says so too', async ({ guest, host }) => {
    const room = await host.room('general');
    await host.posts(room, 'Look here');
    const ada = await guest(host, `/r/${room.id}`);
    await ada.pointsAt('Look here');
    await ada.row('Look here').getByRole('button', { name: 'More actions' }).click();
    await ada.page.getByRole('menuitem', { name: 'Copy link' }).click();
    await expect(ada.page.getByText('Copied. The link leads to the computer that opens it')).toBeVisible();
  });
});

test.describe('under a name', () => {
  test.use({ hostname: plainHost });
  test('nothing is said', async ({ guest, host }) => {
    const ada = await guest(host, '/server/invites');
    await ada.button('Make a link').click();
    const link = ada.page.getByRole('textbox', { name: 'Invite link' });
    await expect(link).toHaveValue(/^http:\/\/parley\.test/);
    // With no note to make room for it, the field still shows much of the link.
    expect((await link.boundingBox())?.width).toBeGreaterThan(200);
    await expect(ada.page.getByText(warning)).toHaveCount(0);
  });
});

test.describe('with --url', () => {
  test.use({ flags: ['--url', 'http://chat.example.org'] });
  test('the link has that address, and nothing is said', async ({ host }) => {
    const invite = await host.ask<{ url: string }>('POST', '/invites', { max_uses: 0, expires_in: 3_600 });
    expect(invite.url).toMatch(/^http:\/\/chat\.example\.org\/invite#/);
  });
});
