// Two people who chose the same name.
import { expect, isAccessible, test } from './fixtures';

const shots = process.env.NAMES_SHOTS;

test('two people called Bo are told apart by their login names', async ({ host, account, guest }) => {
  const bo = await account('Bo');
  const other = await account('Bo Li');
  const general = await host.room('general');
  await bo.posts(general, 'From the first');
  await other.posts(general, 'From the second');
  const ada = await guest(host, `/r/${general.id}`);
  const name = (text: string) => ada.row(text).locator('bdi[data-person]');
  await expect(name('From the first')).toHaveText('Bo');
  await expect(name('From the second')).toHaveText('Bo Li');

  // An invisible character and the other case do not make it another name.
  await other.ask('PATCH', '/me', { display_name: 'b\u200bO' });
  await expect(name('From the first')).toHaveText('Bo (@bo)');
  await expect(name('From the second')).toHaveText('bO (@bo-li)');
  await other.posts(await other.writesTo(host), 'Hello');
  await expect(ada.rooms.getByRole('link', { name: 'bO (@bo-li)' })).toBeVisible();
  await isAccessible(ada.page, 'two people with one name');
  if (shots) {
    await ada.page.screenshot({ path: `${shots}/names.png` });
  }
  await name('From the second').click();
  await expect(ada.page.getByRole('dialog')).toContainText('bO@bo-li');

  await other.ask('PATCH', '/me', { display_name: 'Robert' });
  await expect(name('From the first')).toHaveText('Bo');
});

test('a sign-in name of two scripts is refused in plain words', async ({ host, account, someone }) => {
  const invite = await host.invites();
  await account('Bo');
  const eve = await someone('Eve');
  eve.expected.push(/422/);
  await eve.page.goto(`${host.server.api}/invite#${invite}`);
  await eve.page.getByLabel('Your name').fill('Bo');
  await eve.page.getByLabel('Sign-in name').fill('bо'); // the second letter is Cyrillic
  await eve.page.getByLabel('Password').fill('correct horse battery');
  await eve.button('Create account').click();
  await expect(eve.page.getByText(/letters of one script/)).toBeVisible();
});
