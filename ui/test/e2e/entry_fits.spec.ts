// The pages before signing in fit a small phone with letters of 200 %: nothing scrolls sideways, nothing is cut off.
import { looksLike, misfits } from './fits';
import { expect, type Person, password, test } from './fixtures';

const looks = [
  { width: 320, height: 568, text: 200, font: 'wide' },
  { width: 320, height: 568, text: 200, font: 'cjk' },
  { width: 320, height: 568, text: 100, font: 'wide' },
] as const;

async function fits(one: Person, view: string): Promise<void> {
  for (const look of looks) {
    await looksLike(one.page, look);
    expect.soft(await misfits(one.page), `${view}, ${JSON.stringify(look)}`).toEqual([]);
    // Each field and button can be brought into sight.
    for (const control of await one.page.locator('input:not([aria-hidden]), button, main a').all()) {
      await control.scrollIntoViewIfNeeded();
      await expect(control, view).toBeInViewport({ ratio: 0.9 });
    }
  }
  await looksLike(one.page, { width: 320, height: 568, text: 100, font: 'cjk' });
}

for (const locale of ['en-US', 'zh-CN']) {
  test(`the pages before signing in fit a small phone with large letters: ${locale}`, async ({
    server,
    someone,
  }) => {
    const phone = { viewport: { width: 320, height: 568 }, isMobile: true, hasTouch: true, locale };
    const ada = await someone('Ada Lovelace', phone);
    const { page } = ada;
    await page.goto(server.setupLink);
    await page.locator('form').waitFor();
    await fits(ada, 'the set-up');
    const submit = page.locator('button[type="submit"]');
    await submit.tap();
    await expect(page.locator('[aria-invalid="true"]').first()).toBeVisible();
    await fits(ada, 'the set-up, refused');
    await page.locator('form input').first().fill('Donaudampfschifffahrtselektrizitaetenhauptbetriebswerk');
    await page.locator('[name="name"]').fill('Ada Lovelace');
    await page.locator('[name="password"]').fill(password);
    await submit.tap();
    const link = page.locator('main input[readonly]');
    const invite = await link.inputValue();
    await fits(ada, 'the invite of the set-up');

    const bo = await someone('Bo', phone);
    bo.expected.push(/status of 40[14]/);
    for (const [view, path] of [
      ['an invite', invite],
      ['an invite that is gone', `${server.url}/invite#gone`],
      ['a reset that is gone', `${server.url}/reset#gone`],
      ['signing in', server.url],
    ] as const) {
      await bo.page.goto(path);
      await expect(bo.page.locator('h1')).toBeVisible();
      await expect(bo.page.locator('[class*="skeleton"]')).toHaveCount(0);
      await fits(bo, view);
    }
    await bo.page.locator('[name="username"]').fill('nobody');
    await bo.page.locator('[name="password"]').fill(password);
    await bo.page.locator('button[type="submit"]').tap();
    await expect(bo.page.locator('[role="alert"]').filter({ hasText: /./ })).toBeVisible();
    await fits(bo, 'signing in, refused');
  });

  test(`making an account without an invite fits a small phone with large letters: ${locale}`, async ({
    host,
    someone,
  }) => {
    const phone = { viewport: { width: 320, height: 568 }, isMobile: true, hasTouch: true, locale };
    const bo = await someone('Bo', phone);
    const url = `${host.server.url}/register`;
    const submit = bo.page.locator('button[type="submit"]');
    await bo.page.goto(url);
    await expect(bo.page.locator('h1')).toBeVisible();
    await expect(submit).toHaveCount(0);
    await fits(bo, 'an account that nobody may make');
    await host.ask('PATCH', '/server', { registration: 'open' });
    await bo.page.goto(url);
    await expect(submit).toBeVisible();
    await fits(bo, 'making an account');
    await submit.tap();
    await expect(bo.page.locator('[aria-invalid="true"]').first()).toBeVisible();
    await fits(bo, 'making an account, refused');
  });
}
