// Themes, languages, accessibility rules, sizes.
import type { Page } from '@playwright/test';
import { expect, isAccessible, type Person, test } from './fixtures';

const looks = [
  { theme: 'light', locale: 'en-US' },
  { theme: 'dark', locale: 'en-US' },
  { theme: 'light', locale: 'zh-CN' },
  { theme: 'dark', locale: 'zh-CN' },
] as const;

for (const { theme, locale } of looks) {
  test(`axe finds nothing in ${theme}, ${locale}`, async ({ server, owner, someone }) => {
    const bo = await someone('Bo', { colorScheme: theme, locale });
    await bo.page.goto(server.url);
    await expect(bo.page.locator('form')).toBeVisible();
    await isAccessible(bo.page, 'sign-in');
    await bo.page.goto(owner.invite);
    await expect(bo.page.locator('input[name="name"]')).toBeVisible();
    await isAccessible(bo.page, 'register');
    await joins(bo);
    await owner.composer.fill('Hello **Bo**, see `code` and https://example.com');
    await owner.composer.press('Enter');
    await expect(bo.page.getByRole('log').getByText('code')).toBeVisible();
    await isAccessible(bo.page, 'room');

    await bo.page.keyboard.press('Control+k');
    await expect(bo.dialog.getByRole('option').first()).toBeVisible();
    await isAccessible(bo.page, 'switcher');
    await bo.page.keyboard.press('Escape');

    for (const [name, open] of [
      ['shortcuts', (page: Page) => page.keyboard.press('Control+/')],
      ['create', (page: Page) => fromMenu(page, 0)],
      ['browse', (page: Page) => fromMenu(page, 1)],
    ] as const) {
      await open(bo.page);
      await expect(bo.dialog).toBeVisible();
      await isAccessible(bo.page, name);
      await bo.page.keyboard.press('Escape');
      await expect(bo.dialog).toHaveCount(0);
    }

    await bo.page.goto(`${server.url}/settings`);
    // The page that is shown before the settings have come has a heading too.
    await expect(bo.page.locator('main form').first()).toBeVisible();
    await isAccessible(bo.page, 'settings');
  });
}

async function joins(bo: Person): Promise<void> {
  await bo.page.locator('input[name="name"]').fill(bo.name);
  await bo.page.locator('input[name="password"]').fill('correct horse battery');
  await bo.page.locator('button[type="submit"]').click();
  await expect(bo.composer).toBeVisible();
}

async function fromMenu(page: Page, item: number): Promise<void> {
  await page.locator('section [aria-haspopup="menu"]').first().click();
  await page.locator('[role="menu"]:popover-open [role="menuitem"]').nth(item).click();
}

test('axe finds nothing in the panel, the picker and the server settings', async ({ server, owner }) => {
  await owner.button(/Show members/).click();
  await expect(owner.page.getByRole('complementary').getByText('Owner').first()).toBeVisible();
  await isAccessible(owner.page, 'panel');
  await owner.button('Emoji').click();
  await expect(owner.page.getByRole('grid').getByRole('gridcell').first()).toBeVisible();
  await isAccessible(owner.page, 'picker');
  await owner.page.keyboard.press('Escape');
  // Closing goes back in the history, which may cut off a visit that has just begun.
  await expect(async () => {
    await owner.page.goto(`${server.url}/server`);
  }).toPass();
  await expect(owner.page.getByRole('heading', { level: 2, name: 'People' })).toBeVisible();
  await expect(owner.button(/^Manage/)).toBeVisible();
  await isAccessible(owner.page, 'server');
  await owner.page.getByRole('link', { name: 'Invites' }).click();
  await owner.button('Make a link').click();
  await expect(owner.page.getByRole('textbox', { name: 'Invite link' })).toBeVisible();
  await isAccessible(owner.page, 'an invite link');
});

test('the theme follows the system, and a chosen theme shows in the first frame', async ({
  server,
  owner,
}) => {
  const { page } = owner;
  const ground = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  expect(await ground()).toBe('rgb(255, 255, 255)');
  await page.emulateMedia({ colorScheme: 'dark' });
  expect(await ground()).toBe('rgb(22, 24, 29)');
  await owner.button('Settings').click();
  await page.getByRole('link', { name: 'Appearance' }).click();
  await page.getByRole('radio', { name: 'Light' }).check();
  expect(await ground()).toBe('rgb(255, 255, 255)');

  // The page has the chosen theme before any script runs.
  await page.route('**/*.js', (route) => route.abort());
  await page.goto(server.url, { waitUntil: 'domcontentloaded' });
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'light');
  owner.expected.push(/ERR_FAILED|Failed to load/);
});

test('Chinese by the browser, and by choice', async ({ server, owner, someone }) => {
  const ming = await someone('小明', { locale: 'zh-CN' });
  await ming.page.goto(server.url);
  await expect(ming.page.getByRole('heading', { name: '登录 Acme' })).toBeVisible();
  await expect(ming.page.locator('html')).toHaveAttribute('lang', 'zh-Hans');

  await owner.button('Settings').click();
  await owner.page.getByRole('link', { name: 'Appearance' }).click();
  await owner.page.getByRole('radio', { name: '简体中文' }).check();
  await expect(owner.page.getByRole('heading', { level: 1, name: '设置' })).toBeVisible();
  await owner.page.reload();
  await expect(owner.page.getByRole('heading', { level: 1, name: '设置' })).toBeVisible();
  await expect(owner.page.locator('html')).toHaveAttribute('lang', 'zh-Hans');
  await expect(owner.page.getByRole('heading', { name: '私信' })).toBeVisible();
});

test('every control is at least 24 px', async ({ server, owner }) => {
  for (const path of [
    '',
    '/notifications',
    '/settings',
    '/settings/password',
    '/server',
    '/server/programs',
  ]) {
    await owner.page.goto(server.url + path);
    await expect(owner.page.getByRole('heading', { level: 1 }).first()).toBeVisible();
    expect(await tooSmall(owner.page, 24)).toEqual([]);
  }
});

async function tooSmall(page: Page, least: number): Promise<string[]> {
  return page.evaluate((size) => {
    const shown = [...document.querySelectorAll<HTMLElement>('button, a[href], select')].filter((one) =>
      one.checkVisibility({ visibilityProperty: true }),
    );
    return shown
      .map((one) => ({ one, box: one.getBoundingClientRect() }))
      .filter(({ one, box }) => (box.width < size || box.height < size) && !one.closest('p'))
      .map(({ one, box }) => `${one.outerHTML.slice(0, 120)} ${box.width}×${box.height}`);
  }, least);
}

test('nothing moves with reduced motion', async ({ owner }) => {
  await owner.page.emulateMedia({ reducedMotion: 'reduce' });
  await expect(owner.composer).toBeVisible();
  await owner.page.keyboard.press('Control+k');
  await expect(owner.dialog).toBeVisible();
  expect(await owner.page.evaluate(() => document.getAnimations().length)).toBe(0);
});

test('a contrast theme shows which room is open, and which place is chosen', async ({ owner }) => {
  await owner.page.emulateMedia({ forcedColors: 'active' });
  const outline = (selector: string) =>
    owner.page.locator(selector).evaluate((one) => getComputedStyle(one).outlineStyle);
  expect(await outline('[data-region="rooms"] [aria-current="page"]')).toBe('solid');
  await owner.page.keyboard.press('Control+k');
  await expect(owner.dialog.getByRole('option').first()).toBeVisible();
  expect(await outline('[role="option"][aria-selected="true"]')).toBe('solid');
});
