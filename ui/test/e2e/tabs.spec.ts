// One person, two tabs of one browser.
import { expect, test } from './fixtures';

test('a draft shows in the other tab and disappears there when it is sent', async ({ host, guest }) => {
  const room = await host.room('general');
  const one = await guest(host, `/r/${room.id}`);
  const two = await one.opensTab(`/r/${room.id}`);
  await one.composer.fill('Half a thought');
  await expect(two.composer).toHaveValue('Half a thought');
  await two.composer.fill('A whole thought');
  await expect(one.composer).toHaveValue('A whole thought');
  await two.composer.press('Enter');
  await expect(one.composer).toHaveValue('');
  await one.sees('A whole thought');
  await expect(one.texts).toHaveCount(1);
  await expect(two.texts).toHaveCount(1);
});

test('a message written offline shows in both tabs and is sent once', async ({ host, guest }) => {
  const room = await host.room('general');
  const one = await guest(host, `/r/${room.id}`);
  const two = await one.opensTab(`/r/${room.id}`);
  await one.sends('Before');
  await two.sees('Before');
  await one.hasSent();
  await one.goesOffline();
  for (const [tab, text] of [
    [one, 'From one.'],
    [two, 'From two.'],
    [one, 'From one again.'],
  ] as const) {
    await tab.composer.fill(text);
    await tab.composer.press('Enter');
    await one.sees(text);
    await two.sees(text);
  }
  await one.isBack();
  const all = ['Before', 'From one.', 'From two.', 'From one again.'];
  for (const tab of [one, two]) {
    await tab.hasSent();
    await expect(tab.texts).toHaveText(all);
  }
  expect((await host.history(room)).map((message) => message.body)).toEqual(all);
});

test('a waiting tab sends what a closed tab left unsent', async ({ host, guest }) => {
  const room = await host.room('general');
  const one = await guest(host, `/r/${room.id}`);
  const two = await one.opensTab(`/r/${room.id}`);
  await one.sends('Before');
  await two.sees('Before');
  await one.goesOffline();
  await one.composer.fill('Left behind');
  await one.composer.press('Enter');
  await two.sees('Left behind');
  await one.page.close();
  await two.isBack();
  await two.hasSent();
  await expect(two.texts).toHaveText(['Before', 'Left behind']);
  expect((await host.history(room)).map((message) => message.body)).toEqual(['Before', 'Left behind']);
});

test('a refused message that is discarded in the other tab is gone in the one that wrote it', async ({
  host,
  account,
  guest,
}) => {
  const bob = await account('Bo');
  const club = await host.makesRoom('club');
  await host.adds(club, bob);
  const one = await guest(bob, `/r/${club.id}`);
  const two = await one.opensTab(`/r/${club.id}`);
  await one.goesOffline();
  await one.writes('Am I still in?');
  await host.ask('DELETE', `/rooms/${club.id}/members/${bob.user.id}`);
  one.expected.push(/403/);
  two.expected.push(/403/);
  await one.isBack();
  const refused = (tab: typeof one) => tab.log.getByText(/^Not sent/);
  for (const tab of [one, two]) {
    await expect(refused(tab)).toBeVisible();
  }
  await two.button('Delete').click();
  await two.dialog.getByRole('button', { name: 'Delete' }).click();
  for (const tab of [two, one]) {
    await expect(refused(tab)).toHaveCount(0);
    await expect(tab.texts).toHaveCount(0);
  }
});

test('reading in one tab clears the unread mark in the other', async ({ host, account, guest }) => {
  const bob = await account('Bo');
  const design = await host.makesRoom('design');
  await host.adds(design, bob);
  const one = await guest(bob, '/r/1');
  const two = await one.opensTab('/r/1');
  await host.posts(design, 'News');
  for (const tab of [one, two]) {
    await expect(tab.rooms.getByRole('link', { name: /design/ })).toHaveText(/1 unread message/);
  }
  await one.page.bringToFront();
  await one.opens('design');
  await expect(two.rooms.getByRole('link', { name: /design/ })).not.toHaveText(/unread/);
});

test('signing out in one tab signs out the other', async ({ host, guest }) => {
  const one = await guest(host);
  // The other tab's socket may end before it hears from this tab. Then it asks the server.
  one.expected.push(/401/);
  const two = await one.opensTab();
  await expect(two.composer).toBeVisible();
  await one.button('Acme: menu').click();
  await one.page.getByRole('menuitem', { name: 'Sign out' }).click();
  for (const tab of [one, two]) {
    await expect(tab.title('Sign in to Acme')).toBeVisible();
  }
  // Nothing of the session is left in this browser.
  const left = await two.page.evaluate(async () => (await indexedDB.databases()).map((one) => one.name));
  expect(left.filter((name) => /\d/.test(name ?? ''))).toEqual([]);
});
