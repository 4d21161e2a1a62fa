// A toast covers nothing that can be pressed, wherever it comes.
import { expect, type Guest, test } from './fixtures';
import { coveredByToasts, newVersionComes, toasts } from './toasts';

const words = {
  'en-US': {
    block: 'Block',
    signOut: 'Sign out everywhere',
    version: 'A new version is ready.',
    manage: 'Manage Bo',
    save: 'Save',
  },
  'zh-CN': {
    block: '屏蔽',
    signOut: '在所有设备上退出',
    version: '新版本已就绪。',
    manage: '管理 Bo',
    save: '保存',
  },
};
const phone = { viewport: { width: 320, height: 568 }, isMobile: true, hasTouch: true };
const shots = process.env.SHOTS;

/** Toasts stay, however slow the machine is. */
function staying(): void {
  const real = setTimeout;
  const slow = (act: () => void, ms?: number) => real(act, ms === 5_000 ? 600_000 : ms);
  Object.assign(window, { setTimeout: slow });
}

async function looks(one: Guest, name: string): Promise<void> {
  if (shots) {
    for (const colorScheme of ['light', 'dark'] as const) {
      await one.page.emulateMedia({ colorScheme });
      await one.page.screenshot({ path: `${shots}/toast-${name}-${colorScheme}.png` });
    }
  }
}

for (const [device, { options, locale }] of Object.entries({
  'a small phone': { options: phone, locale: 'en-US' },
  'a desk': { options: { viewport: { width: 1_280, height: 800 } }, locale: 'zh-CN' },
} as const)) {
  const w = words[locale];
  test(`a toast over the members, a page and a dialog, on ${device}`, async ({ host, account, guest }) => {
    for (let n = 0; n < 8; n++) {
      await account(`Person ${n}`);
    }
    const bo = await account('Bo');
    const room = await host.room('general');
    await bo.posts(room, 'Hello');
    const ada = await guest(host, `/r/${room.id}`, { ...options, locale });
    const { page } = ada;
    await page.addInitScript(staying);
    await page.reload();
    const panel = page.locator('[data-region="panel"]');
    await page.locator('main header button[aria-expanded]').first().click();
    await panel.getByRole('button', { name: /Bo/ }).click();
    await page.locator(':popover-open').getByRole('button', { name: w.block, exact: true }).click();
    await ada.answers(w.block);
    await expect(toasts(ada)).toHaveCount(1);
    await looks(ada, `members-${locale}`);
    expect(await coveredByToasts(ada, true)).toEqual([]);
    // The panel goes, and the composer is below it.
    await panel.locator('header button').last().click();
    expect(await coveredByToasts(ada, true)).toEqual([]);

    await page.goto(`${ada.url}/settings/profile`);
    await page.locator('main form input').first().fill('Ada L');
    await page.getByRole('button', { name: w.save }).first().click();
    await expect(toasts(ada)).toHaveCount(1);
    await looks(ada, `page-${locale}`);
    expect(await coveredByToasts(ada)).toEqual([]);

    // The list of rooms, with the person's own line below it; the toast is one that stays.
    await page.goto(`${ada.url}/`);
    await newVersionComes(ada, w.version);
    await looks(ada, `rooms-${locale}`);
    expect(await coveredByToasts(ada, true)).toEqual([]);

    await page.goto(`${ada.url}/server/people`);
    await ada.button(w.manage).click();
    await ada.dialog.getByRole('button', { name: w.signOut }).click();
    await ada.answers(w.signOut);
    await expect(toasts(ada)).toHaveCount(1);
    await looks(ada, `dialog-${locale}`);
    expect(await coveredByToasts(ada)).toEqual([]);
  });
}
