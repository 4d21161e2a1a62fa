// The settings on a phone: a list of sections, then the section, and Back.
import { expect, isAccessible, test } from './fixtures';

const shots = process.env.SECTIONS_SHOTS;

test('a phone shows the list, then a section, and what was typed stays', async ({ host, guest }) => {
  const ada = await guest(host, '/settings');
  const { page } = ada;
  const heading = (name: string) => page.getByRole('heading', { level: 2, name });
  const list = page.getByRole('navigation', { name: 'Settings' });
  await expect(ada.title('Settings')).toBeFocused();
  await expect(page.getByLabel('Your name')).toHaveCount(0);
  await expect(list.locator('[aria-current]')).toHaveCount(0);
  await isAccessible(page, 'the list of sections');
  expect(await ada.smallTargets(44)).toEqual([]);
  await list.getByRole('link', { name: 'Profile' }).tap();
  await expect(heading('Profile')).toBeFocused();
  await expect(list).toHaveCount(0);
  await page.getByLabel('Your name').fill('Ada of the hills');
  await isAccessible(page, 'a section on a phone');
  await page.getByRole('link', { name: 'Back to the list of settings' }).tap();
  await expect(ada.title('Settings')).toBeFocused();
  await expect(page).toHaveURL(/\/settings$/);
  await expect(page.getByLabel('Your name')).toBeHidden();
  await list.getByRole('link', { name: 'Password' }).tap();
  await expect(heading('Password')).toBeFocused();
  await page.goBack();
  await list.getByRole('link', { name: 'Profile' }).tap();
  await expect(page.getByLabel('Your name')).toHaveValue('Ada of the hills');
  await page.getByRole('link', { name: 'Back to the list of settings' }).tap();
  await page.getByRole('link', { name: 'Back to the room list' }).tap();
  await expect(ada.rooms).toBeVisible();
});

test('a list on a phone is a page with a way back', async ({ host, account, guest }) => {
  await account('Bo');
  const ada = await guest(host, '/server');
  const { page } = ada;
  const list = page.getByRole('navigation', { name: 'Server settings' });
  await list.getByRole('link', { name: 'People' }).tap();
  await expect(page.getByRole('heading', { level: 2, name: 'People' })).toBeFocused();
  await expect(list).toHaveCount(0);
  await expect(ada.button('Manage Bo')).toBeVisible();
  expect(await ada.smallTargets(44)).toEqual([]);
  await page.getByRole('link', { name: 'Back to the list of server settings' }).tap();
  await expect(ada.title('Server settings')).toBeFocused();
  await expect(ada.button('Manage Bo')).toHaveCount(0);
  // The address of the page that the list was leads to the section, and the way back to the list of sections.
  await page.goto(`${ada.url}/audit`);
  await expect(page.getByRole('heading', { level: 2, name: 'Audit log' })).toBeFocused();
  await page.getByRole('link', { name: 'Back to the list of server settings' }).tap();
  await expect(list).toBeVisible();
});

test('the heading of a section has the focus also when all code comes at once and late', async ({
  host,
  guest,
}) => {
  const ada = await guest(host, '/', { serviceWorkers: 'block' });
  let come = () => {};
  const held = new Promise<void>((go) => {
    come = go;
  });
  // What gives the focus away waits for this code too, and everything else is there before.
  await ada.page.route('**/assets/kit-*.js', (route) => held.then(() => route.continue()));
  const under = new Set<string>();
  ada.page.on('request', (request) => under.add(request.url()));
  ada.page.on('requestfinished', (request) => under.delete(request.url()));
  const asked = Promise.all(
    ['kit', 'server'].map((name) => ada.page.waitForRequest(new RegExp(`/assets/${name}-[^/]+\\.js$`))),
  );
  await ada.page.goto(`${ada.url}/audit`);
  await asked;
  await expect.poll(() => under.size).toBe(1);
  come();
  await expect(ada.page.getByRole('heading', { level: 2, name: 'Audit log' })).toBeFocused();
});

test('lists and sections look right in both languages and themes', async ({ host, account, guest }) => {
  const bo = await account('Bo');
  await bo.posts(await host.room('general'), 'Something rude');
  const general = await host.room('general');
  await host.ask('POST', `/rooms/${general.id}/messages/1/report`, { reason: 'It is about me' });
  await host.ask('PATCH', '/server', { name: 'Acme of ours' });
  for (const [language, locale] of [
    ['en', 'en-US'],
    ['zh', 'zh-CN'],
  ] as const) {
    const ada = await guest(host, '/settings', { locale });
    for (const path of [
      '/settings',
      '/settings/password',
      '/server',
      '/server/people',
      '/server/programs',
      '/server/rooms',
      '/server/reports',
      '/server/audit',
    ]) {
      await ada.page.goto(ada.url + path);
      await expect(ada.page.locator('main nav, main section').first()).toBeVisible();
      await expect(ada.page.locator('[class*="skeleton"], [aria-busy="true"]')).toHaveCount(0);
      for (const colorScheme of ['light', 'dark'] as const) {
        await ada.page.emulateMedia({ colorScheme });
        expect(await ada.cutOff(), `${path} ${language}`).toEqual([]);
        if (shots) {
          const name = `${path.slice(1).replace('/', '-')}-phone-${colorScheme}-${language}`;
          await ada.page.screenshot({ path: `${shots}/${name}.png` });
        }
      }
      expect(await ada.smallTargets(44), path).toEqual([]);
      await isAccessible(ada.page, `${path} ${language}`);
    }
  }
});

test('until when an invite link works can be read on the smallest phone', async ({ host, guest }) => {
  await host.invites();
  const ada = await guest(host, '/server/invites', { viewport: { width: 320, height: 568 } });
  const until = ada.page.getByText(/^By Ada Lovelace, until /).first();
  await expect(until).toBeVisible();
  const cut = await until.evaluate((one) => one.scrollWidth - one.clientWidth);
  expect(cut).toBe(0);
});
