// The client by keyboard only.
import { expect, password, test } from './fixtures';

test('sign up, switch, pick an emoji, change a setting, sign out', async ({ owner, someone }) => {
  const bo = await someone('Bo');
  const { keyboard } = bo.page;
  await bo.page.goto(owner.invite);
  await expect(bo.page.getByLabel('Your name')).toBeFocused();
  await keyboard.type('Bo Chen');
  await keyboard.press('Tab');
  await keyboard.press('Tab');
  await keyboard.type(password);
  await keyboard.press('Enter');
  await expect(bo.composer).toBeFocused();
  await keyboard.type('Hello');
  await keyboard.press('Enter');
  await bo.sees('Hello');

  await bo.button('Emoji').focus();
  await keyboard.press('Enter');
  await expect(bo.page.getByRole('searchbox', { name: 'Search emoji' })).toBeFocused();
  await keyboard.type('rocket');
  await expect(bo.page.getByRole('gridcell').first()).toBeVisible();
  await keyboard.press('ArrowDown');
  await expect(bo.page.getByRole('button', { name: 'rocket' })).toBeFocused();
  await keyboard.press('Enter');
  await expect(bo.composer).toHaveValue('🚀');
  await bo.composer.fill('');

  await keyboard.press('Control+k');
  await keyboard.type('ann');
  await keyboard.press('Enter');
  await expect(bo.page.getByRole('heading', { level: 1, name: 'announcements' })).toBeVisible();
  await keyboard.press('Alt+ArrowDown');
  await expect(bo.page.getByRole('heading', { level: 1, name: 'general' })).toBeVisible();

  await bo.button('Bo Chen').or(bo.button('Acme: menu')).first().focus();
  await keyboard.press('Enter');
  await expect(bo.page.getByRole('menuitem').first()).toBeFocused();
  await keyboard.press('End');
  await expect(bo.page.getByRole('menuitem', { name: 'Sign out' })).toBeFocused();
  await keyboard.press('Enter');
  await expect(bo.page.getByRole('heading', { name: 'Sign in to Acme' })).toBeVisible();
});

test('F6 goes through the regions, arrows through the rooms, ? shows the keys', async ({ owner }) => {
  const { page } = owner;
  await expect(owner.composer).toBeFocused();
  await owner.button(/Show members/).click();
  await expect(page.getByRole('complementary')).toBeVisible();
  await owner.composer.focus();
  await page.keyboard.press('F6');
  await expect(page.locator('[data-region="panel"] :focus')).toHaveCount(1);
  await page.keyboard.press('F6');
  await expect(owner.rooms.getByRole('link', { name: 'general' })).toBeFocused();
  await page.keyboard.press('ArrowUp');
  await expect(owner.rooms.getByRole('link', { name: 'announcements' })).toBeFocused();
  await page.keyboard.press('Shift+?');
  await expect(owner.dialog.getByRole('heading', { name: 'Keyboard shortcuts' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(owner.rooms.getByRole('link', { name: 'announcements' })).toBeFocused();
  await page.keyboard.press('F6');
  await expect(owner.composer).toBeFocused();
});

test('the focus is always visible', async ({ server, owner }) => {
  const { page } = owner;
  for (const path of ['', '/settings']) {
    await page.goto(server.url + path);
    await expect(owner.rooms).toBeVisible();
    if (path) {
      await expect(owner.title('Settings')).toBeFocused();
    }
    for (let i = 0; i < 25; i++) {
      await page.keyboard.press('Tab');
      const seen = await page.evaluate(() => {
        const at = document.activeElement;
        // A heading has the focus so that a screen reader says the page. It is no control.
        if (!at || at === document.body || at.matches('h1[tabindex="-1"]')) {
          return 'body';
        }
        const ringed = (one: Element | null): boolean => {
          const style = one && getComputedStyle(one);
          return Boolean(style && (style.outlineStyle !== 'none' || style.boxShadow !== 'none'));
        };
        const box = at.getBoundingClientRect();
        const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
        const covered = !(top && (at.contains(top) || top.contains(at)));
        const ring = ringed(at) || ringed(at.parentElement) || ringed(at.closest('form'));
        return ring && !covered ? 'seen' : `${at.outerHTML.slice(0, 150)} ring:${ring} covered:${covered}`;
      });
      expect(['seen', 'body']).toContain(seen);
    }
  }
});

test('a page that loads late does not take the focus that Tab has moved', async ({ guest }) => {
  // Without this the service worker would answer instead of the server.
  const bo = await guest('Bo', '/', { serviceWorkers: 'block' });
  const { page } = bo;
  let open = () => {};
  const held = new Promise<void>((go) => {
    open = go;
  });
  await page.route(/\/settings-[^/]*\.js$/, async (route) => {
    await held;
    await route.continue();
  });
  await page.goto(`${bo.url}/settings`);
  await expect(bo.rooms.getByRole('link', { name: 'general' })).toBeVisible();
  await page.keyboard.press('Tab');
  const chosen = await page.evaluateHandle(() => document.activeElement);
  open();
  await expect(bo.title('Settings')).toBeVisible();
  expect(await page.evaluate((one) => one === document.activeElement, chosen)).toBe(true);
  await expect(bo.rooms.locator(':focus')).toHaveCount(1);
});

test("the page's keys do nothing while a question or a menu is open", async ({ owner }) => {
  const { page } = owner;
  await owner.sends('Take this back');
  await owner.hasSent();
  await owner.pointsAt('Take this back');
  await owner.row('Take this back').getByRole('button', { name: 'More actions' }).click();
  await expect(page.getByRole('menuitem').first()).toBeFocused();
  await page.keyboard.press('Alt+ArrowUp');
  await page.keyboard.press('F6');
  await expect(owner.title('general')).toBeVisible();
  await expect(page.getByRole('menu').locator(':focus')).toHaveCount(1);
  await page.getByRole('menuitem', { name: 'Delete message' }).click();
  await expect(owner.dialog.getByRole('heading', { name: 'Delete this message?' })).toBeVisible();
  for (const key of ['Alt+ArrowUp', 'F6', 'Control+k', 'Control+/']) {
    await page.keyboard.press(key);
  }
  await expect(owner.title('general')).toBeVisible();
  await expect(owner.dialog).toHaveCount(1);
  await expect(owner.dialog.locator(':focus')).toHaveCount(1);
  await page.keyboard.press('Escape');
  await expect(owner.log.locator(':focus')).toHaveCount(1);
  await page.keyboard.press('Alt+ArrowUp');
  await expect(owner.title('announcements')).toBeVisible();
});
