// Members who join and leave an open room.
import { expect, test } from './fixtures';
import { moves } from './still';

test('being removed from an open private room closes it, and the rest works', async ({
  host,
  account,
  guest,
}) => {
  const bob = await account('Bo');
  const club = await host.makesRoom('club', { kind: 'private' });
  await host.adds(club, bob);
  await host.posts(club, 'Between us');
  const bo = await guest(bob, `/r/${club.id}`);
  await bo.sees('Between us');
  bo.expected.push(/404/);
  await bo.composer.fill('What I was about to say');
  await host.ask('DELETE', `/rooms/${club.id}/members/${bob.user.id}`);
  await expect(bo.page.getByText('This room does not exist, or it is not for you to see.')).toBeVisible();
  await expect(bo.page.getByText('You are no longer a member of club.')).toBeVisible();
  await expect(bo.rooms.getByRole('link', { name: 'club' })).toHaveCount(0);
  // The draft can be copied.
  await expect(bo.page.getByText('What I was about to say')).toBeVisible();
  await bo.context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await bo.button('Copy text').click();
  await expect(bo.page.getByText('Copied')).toBeVisible();
  expect(await bo.page.evaluate(() => navigator.clipboard.readText())).toBe('What I was about to say');
  await bo.button('Delete').click();
  await bo.answers('Delete');
  await expect(bo.page.getByText('What I was about to say')).toHaveCount(0);
  await expect(bo.page.getByText('Between us')).toHaveCount(0);
  await host.posts(club, 'Behind the door');
  await bo.opens('general');
  await bo.sends('Still here');
  // Nothing is left on disk either: after a reload nothing more shows.
  await bo.page.goto(`${bo.url}/r/${club.id}`);
  await expect(bo.page.getByText('This room does not exist, or it is not for you to see.')).toBeVisible();

  await host.adds(club, bob);
  await bo.rooms.getByRole('link', { name: 'club' }).click();
  await bo.sees('Behind the door');
});

test('being removed from an open public room leaves it readable, and writing needs joining', async ({
  host,
  account,
  guest,
}) => {
  const bob = await account('Bo');
  const club = await host.makesRoom('club');
  await host.adds(club, bob);
  await host.posts(club, 'For everyone');
  const bo = await guest(bob, `/r/${club.id}`);
  await bo.sees('For everyone');
  await host.ask('DELETE', `/rooms/${club.id}/members/${bob.user.id}`);
  await expect(bo.page.getByText('You are looking at this room without being a member.')).toBeVisible();
  await expect(bo.composer).toHaveCount(0);
  await bo.sees('For everyone');
  await host.posts(club, 'Said without Bo');
  await bo.button('Join room').click();
  await bo.sends('Back again');
  await expect(bo.texts).toHaveText(['For everyone', 'Said without Bo', 'Back again']);
});

test('a person who leaves a room gets no message about it', async ({ host, account, guest }) => {
  const bob = await account('Bo');
  const club = await host.makesRoom('club');
  await host.adds(club, bob);
  const bo = await guest(bob, `/r/${club.id}`);
  await bo.button(/^Show members/).click();
  await bo.button('Leave room').click();
  await bo.dialog.getByRole('button', { name: 'Leave room' }).click();
  await expect(bo.rooms.getByRole('link', { name: 'club' })).toHaveCount(0);
  await expect(bo.page.getByText('You are no longer a member of club.')).toHaveCount(0);
});

test('no member moves from under the pointer', async ({ host, account, guest }) => {
  const [bo, cy, dee] = [await account('Bo'), await account('Cy'), await account('Dee')];
  const club = await host.makesRoom('club');
  await host.adds(club, bo, dee);
  const ada = await guest(host, `/r/${club.id}`);
  await ada.page.getByRole('button', { name: /^Show members/ }).click();
  const panel = ada.page.getByRole('complementary', { name: 'Members' });
  const names = panel.locator('[class*="PeopleList"] bdi');
  await expect(names).toHaveText(['Ada Lovelace', 'Bo', 'Dee']);
  const row = (await names.last().boundingBox()) ?? { x: 0, y: 0 };
  const leaves = await moves((step) => ada.page.mouse.move(row.x + 4, row.y + 4 + step));
  await host.adds(club, cy);
  await cy.posts(club, 'I am new');
  await ada.sees('I am new');
  await expect(names).toHaveText(['Ada Lovelace', 'Bo', 'Dee']);
  await leaves();
  await ada.page.mouse.move(500, 300);
  await expect(names).toHaveText(['Ada Lovelace', 'Bo', 'Cy', 'Dee']);
});
