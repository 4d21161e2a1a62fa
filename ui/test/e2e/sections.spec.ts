// The settings in sections: an address for each, the keyboard, the focus, and what was typed.
import { crowdFlags } from './crowd';
import { expect, isAccessible, test } from './fixtures';

const shots = process.env.SECTIONS_SHOTS;
const ofOwner = ['People', 'Invites', 'General', 'Rooms', 'Reported messages', 'Programs', 'Audit log'];

test('the owner goes from People to other sections, by keyboard and by Back', async ({ host, guest }) => {
  const ada = await guest(host);
  const { page } = ada;
  await ada.button(/: menu$/).click();
  await page.getByRole('menuitem', { name: 'Server settings' }).click();
  const list = page.getByRole('navigation', { name: 'Server settings' });
  const heading = (name: string) => page.getByRole('heading', { level: 2, name });
  await expect(ada.title('Server settings')).toBeFocused();
  await expect(list.getByRole('link')).toHaveText(ofOwner);
  await expect(list.locator('[aria-current="page"]')).toHaveText('People');
  await expect(ada.button('Manage Ada Lovelace')).toBeVisible();
  await expect(ada.button('Make a token')).toHaveCount(0);

  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await expect(list.getByRole('link', { name: 'General' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(heading('General')).toBeFocused();
  await expect(page).toHaveURL(/\/server\/general$/);
  await expect(page).toHaveTitle(/General · Server settings/);
  await expect(list.locator('[aria-current="page"]')).toHaveText('General');
  await page.keyboard.press('Tab');
  await expect(page.getByLabel('Name', { exact: true })).toBeFocused();
  await page.keyboard.type(' of ours');

  await list.getByRole('link', { name: 'Invites' }).click();
  const uses = page.getByLabel('Works for');
  await uses.selectOption('5');
  await list.getByRole('link', { name: 'Programs' }).click();
  await expect(heading('Programs')).toBeFocused();
  await expect(uses).toBeHidden();
  await isAccessible(page, 'a section');
  // What was typed and chosen is still there.
  await page.goBack();
  await expect(heading('Invites')).toBeFocused();
  await expect(uses).toHaveValue('5');
  await page.goBack();
  await expect(page.getByLabel('Name', { exact: true })).toHaveValue(/ of ours$/);

  await page.goto(`${ada.url}/server/programs`);
  await expect(heading('Programs')).toBeFocused();
  await page.goto(`${ada.url}/server/nowhere`);
  await expect(heading('People')).toBeVisible();
});

test('an admin sees no section of the owner, also by its address', async ({ host, account, guest }) => {
  const bo = await account('Bo');
  await host.ask('PATCH', `/users/${bo.user.id}`, { role: 'admin' });
  const admin = await guest(bo, '/server/general');
  const list = admin.page.getByRole('navigation', { name: 'Server settings' });
  await expect(list.getByRole('link')).toHaveText(
    ofOwner.filter((name) => name !== 'General' && name !== 'Rooms'),
  );
  await expect(list.locator('[aria-current="page"]')).toHaveText('People');
  await expect(admin.page.getByLabel('Name', { exact: true })).toHaveCount(0);
  await admin.page.goto(`${admin.url}/rooms`);
  await expect(list.locator('[aria-current="page"]')).toHaveText('People');
  await expect(admin.button('Manage Bo')).toBeVisible();
  await expect(admin.button(/^Look after/)).toHaveCount(0);
});

test('the lists stand in their sections, also by the addresses of the pages that they were', async ({
  host,
  account,
  guest,
}) => {
  const bo = await account('Bo');
  const club = await bo.makesRoom('club');
  await bo.posts(club, 'Something rude');
  await host.ask('POST', `/rooms/${club.id}/messages/1/report`, { reason: 'It is about me' });
  const ada = await guest(host);
  const { page } = ada;
  const list = page.getByRole('navigation', { name: 'Server settings' });
  for (const [id, title, content] of [
    ['people', 'People', ada.button('Manage Bo')],
    ['rooms', 'Rooms', ada.button('Look after club')],
    ['reports', 'Reported messages', ada.button('Look at the message of Bo')],
    ['audit', 'Audit log', page.getByText('made an invite').first()],
  ] as const) {
    await page.goto(`${ada.url}/${id}`);
    await expect(page).toHaveURL(new RegExp(`/server/${id}$`));
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Server settings');
    await expect(page.locator('main h2')).toHaveText(title);
    await expect(page.locator('main h2')).toBeFocused();
    await expect(list.locator('[aria-current="page"]')).toHaveText(title);
    await expect(content).toBeVisible();
    await isAccessible(page, title);
  }
  // Going on from there, and back, goes by the new address.
  await list.getByRole('link', { name: 'Invites' }).click();
  await page.goBack();
  await expect(page).toHaveURL(/\/server\/audit$/);
});

test.describe('with a long log', () => {
  test.use({ flags: crowdFlags });
  test('a list is read anew when its section is shown again, and comes in pages', async ({ host, guest }) => {
    const ada = await guest(host, '/server/audit');
    const { page } = ada;
    const list = page.getByRole('navigation', { name: 'Server settings' });
    const entries = page.locator('main section').getByRole('listitem');
    await expect(entries.first()).toContainText('made an invite');
    const before = await entries.count();
    await list.getByRole('link', { name: 'People' }).click();
    for (let n = 1; n <= 60; n++) {
      await host.ask('PATCH', '/server', { name: `Acme ${n}` });
    }
    await list.getByRole('link', { name: 'Audit log' }).click();
    await expect(entries).toHaveCount(50);
    await expect(entries.first()).toContainText('changed the server settings');
    await ada.button('Show older').click();
    await expect(entries).toHaveCount(60 + before);
    await expect(ada.button('Show older')).toHaveCount(0);
  });
});

test('Back from an account that is open closes it, and then goes to the section before', async ({
  host,
  account,
  guest,
}) => {
  await account('Bo');
  const ada = await guest(host, '/server/invites');
  const { page } = ada;
  await page.getByRole('link', { name: 'People' }).click();
  await ada.button('Manage Bo').click();
  await expect(ada.dialog).toHaveCount(1);
  await page.goBack();
  await expect(ada.dialog).toHaveCount(0);
  await expect(page).toHaveURL(/\/server\/people$/);
  await page.goBack();
  const invites = page.getByRole('heading', { level: 2, name: 'Invites' });
  await expect(invites).toBeFocused();
  await page.keyboard.press('Tab');
  await expect(page.locator('main section:not([hidden]) :focus')).toHaveCount(1);
  await page.goForward();
  await expect(ada.button('Manage Bo')).toBeVisible();
  await expect(ada.dialog).toHaveCount(0);
});

const looks = {
  settings: ['/settings', '/settings/password', '/server', '/server/invites', '/server/programs'],
  lists: ['/server/people', '/server/rooms', '/server/reports', '/server/audit'],
};
for (const [what, paths] of Object.entries(looks)) {
  test(`the ${what} look right in both languages, themes and widths`, async ({ host, account, guest }) => {
    const bo = await account('Bo');
    const general = await host.room('general');
    await bo.posts(general, 'Something rude');
    await host.ask('POST', `/rooms/${general.id}/messages/1/report`, { reason: 'It is about me' });
    for (const [language, locale] of [
      ['en', 'en-US'],
      ['zh', 'zh-CN'],
    ] as const) {
      const ada = await guest(host, '/settings', { locale });
      for (const path of paths) {
        await ada.page.goto(ada.url + path);
        await expect(ada.page.getByRole('heading', { level: 2 }).first()).toBeVisible();
        await expect(ada.page.locator('[class*="skeleton"], [aria-busy="true"]')).toHaveCount(0);
        for (const width of shots ? [2_560, 1_280, 800] : [1_280, 800]) {
          await ada.page.setViewportSize({ width, height: 800 });
          for (const colorScheme of ['light', 'dark'] as const) {
            await ada.page.emulateMedia({ colorScheme });
            expect(await ada.cutOff(), `${path} ${language} ${width}`).toEqual([]);
            if (shots) {
              const name = `${path.slice(1).replace('/', '-')}-${width}-${colorScheme}-${language}`;
              await ada.page.screenshot({ path: `${shots}/${name}.png` });
            }
          }
        }
        await isAccessible(ada.page, `${path} ${language}`);
      }
    }
  });
}
