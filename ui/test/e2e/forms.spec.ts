// Every form says at the field what is wrong with it, puts the focus there each time, and keeps what was typed.
import type { Locator } from '@playwright/test';
import { stands } from './axe';
import { expect, type Person, password, test } from './fixtures';
import { keepsStill } from './still';

/** Presses the button twice. Each time the wrong field has the focus, and its error describes it. */
async function refuses(one: Person, submit: Locator, field: Locator, words: RegExp): Promise<void> {
  for (const time of ['first', 'second']) {
    await submit.click();
    await expect(field, `${time} time`).toHaveAccessibleDescription(words);
    await expect(field, `${time} time`).toBeFocused();
    await expect(field).toHaveAttribute('aria-invalid', 'true');
  }
  await expect(one.page.locator('body')).not.toBeFocused();
}

test('signing in', async ({ server, host, someone }) => {
  const ada = await someone('Ada');
  ada.expected.push(/401/);
  await ada.page.goto(server.url);
  const name = ada.page.getByLabel('Sign-in name');
  const word = ada.page.getByLabel('Password');
  const submit = ada.button('Sign in');
  await refuses(ada, submit, name, /^Fill this in/);
  await name.fill(host.user.name);
  await refuses(ada, submit, word, /^Fill this in/);
  await word.fill('not the password');
  // It does not say which of the two is wrong.
  await submit.click();
  await expect(ada.page.getByRole('alert')).toHaveText('Name or password is wrong.');
  await expect(submit).toBeFocused();
  await expect(name).toHaveValue(host.user.name);
  await expect(word).toHaveValue('not the password');
});

/** What is changed is refused in many words, as behind a proxy that names another host than the browser sees. */
async function isElsewhere({ page, expected }: Person, address: string): Promise<void> {
  expected.push(/403/);
  await page.route(address, async (route) => {
    const request = route.request();
    if (request.method() === 'GET') {
      await route.continue();
    } else {
      const headers = { ...request.headers(), origin: 'http://elsewhere.test' };
      await route.fulfill({ response: await route.fetch({ headers }) });
    }
  });
}

/** Sends the form of a page, is refused in three lines, and nothing above these moves. */
async function refusedAtLength(one: Person, address: string, call: string, words: RegExp): Promise<void> {
  const { page } = one;
  await isElsewhere(one, `**/api/${call}`);
  await page.goto(address);
  await page.locator('input[type="password"]').fill(password);
  for (const field of await page.locator('input[required]:not([readonly])').all()) {
    if ((await field.inputValue()) === '') {
      await field.fill('Bo');
    }
  }
  const submit = page.locator('button[type="submit"]');
  // What is below the words goes down: the way to the other page, and the languages.
  await keepsStill(page, call, () => submit.click(), '[class*="footer"], [class*="languages"]');
  const problem = page.getByRole('alert');
  await expect(problem).toHaveText(words);
  await expect(problem).toBeInViewport({ ratio: 0.9 });
}

for (const [width, locale, words] of [
  [320, 'en-US', /^The server takes this page/],
  [1_280, 'zh-CN', /^服务器认为此页面/],
] as const) {
  const look = { viewport: { width, height: 568 }, locale };
  test(`a long refusal moves neither the fields nor the button: ${width} px`, async ({
    host,
    account,
    someone,
  }) => {
    const bo = await account('Bo');
    const invite = await host.ask<{ url: string }>('POST', '/invites', {});
    const reset = await host.ask<{ url: string }>('POST', `/users/${bo.user.id}/reset`);
    for (const [link, call] of [
      [host.server.url, 'login'],
      [invite.url, 'register'],
      [reset.url, 'reset'],
    ] as const) {
      const { pathname, hash } = new URL(link);
      await refusedAtLength(await someone('Bo', look), host.server.url + pathname + hash, call, words);
    }
  });

  test(`a long refusal moves nothing in the set-up: ${width} px`, async ({ server, someone }) => {
    await refusedAtLength(await someone('Ada', look), server.setupLink, 'setup', words);
  });
}

for (const [width, locale, words] of [
  [320, 'en-US', /^The server takes this page/],
  [390, 'zh-CN', /^服务器认为此页面/],
  [1_280, 'en-US', /^The server takes this page/],
] as const) {
  test(`a long refusal moves no button of a dialog: ${width} px`, async ({ host, account, guest }) => {
    const bo = await account('Bo');
    const room = await host.room('general');
    await bo.posts(room, 'From Bo');
    const ada = await guest(host, '/', { viewport: { width, height: 640 }, locale });
    const { page } = ada;
    await isElsewhere(ada, '**/api/**');
    const refused = async (what: string) => {
      const act = ada.dialog.last().locator('footer button').last();
      await keepsStill(page, what, () => act.click());
      const problem = ada.dialog.last().getByRole('alert');
      await expect(problem).toHaveText(words);
      await expect(problem).toBeInViewport({ ratio: 0.5 });
      await page.keyboard.press('Escape');
      await expect(ada.dialog).toHaveCount(0);
      await ada.hasSettled();
    };
    await page.locator('[data-region="rooms"] [aria-haspopup="menu"]').nth(1).click();
    await page.getByRole('menuitem').first().click();
    await ada.dialog.locator('input').first().fill('tea');
    await refused('a room');
    await page.goto(`${ada.url}/server/programs`);
    await page.locator('main section button:visible').first().click();
    await ada.dialog.locator('input').first().fill('builds');
    await ada.dialog.locator('input[type="checkbox"]').first().check();
    await refused('a token');
    await page.goto(`${ada.url}/server/invites`);
    await page.locator('main section li button:visible').first().click();
    await refused('a question');
    await page.goto(`${ada.url}/r/${room.id}`);
    const row = await ada.pointsAt('From Bo');
    await row.locator('[aria-haspopup="menu"]').click();
    await page.getByRole('menuitem', { name: /^(Report message|举报消息)$/ }).click();
    await refused('a report');
  });
}

test('making an account', async ({ owner, someone }) => {
  const bo = await someone('Bo');
  bo.expected.push(/409|422|400/);
  await bo.page.goto(owner.invite);
  const word = bo.page.getByLabel('Password');
  await bo.page.getByLabel('Your name').fill('Bo Chen');
  await word.fill('short');
  await refuses(bo, bo.button('Create account'), word, /8 characters/);
  await expect(bo.page.getByLabel('Your name')).toHaveValue('Bo Chen');
  await word.fill(password);
  const login = bo.page.getByLabel('Sign-in name');
  await login.fill('ada-lovelace');
  await refuses(bo, bo.button('Create account'), login, /taken/);
  await expect(word).toHaveValue(password);
});

test('the settings and a room', async ({ host, guest }) => {
  const ada = await guest(host, '/settings');
  ada.expected.push(/409|401|403|422|400/);
  const shown = ada.page.getByLabel('Your name');
  await shown.fill('');
  await refuses(ada, ada.button('Save'), shown, /^Fill this in/);
  await ada.page.getByRole('link', { name: 'Password' }).click();
  const current = ada.page.getByLabel('Current password');
  const next = ada.page.getByLabel('New password');
  await current.fill('not the password');
  await next.fill('short');
  await refuses(ada, ada.button('Change password'), next, /8 characters/);
  await next.fill('another good password');
  await refuses(ada, ada.button('Change password'), current, /not your current password/);
  await expect(next).toHaveValue('another good password');

  await ada.button('Create a room').click();
  await ada.page.getByRole('menuitem', { name: 'Create a room' }).click();
  const name = ada.dialog.getByLabel('Name');
  await ada.dialog.getByLabel(/Topic/).fill('What it is for');
  await refuses(ada, ada.dialog.getByRole('button', { name: 'Create', exact: true }), name, /^Fill this in/);
  await name.fill('general');
  await refuses(ada, ada.dialog.getByRole('button', { name: 'Create', exact: true }), name, /taken/);
  await expect(ada.dialog.getByLabel(/Topic/)).toHaveValue('What it is for');
});

test('a button that waits keeps its width and its neighbours their place', async ({ host, guest }) => {
  const ada = await guest(host);
  await ada.button('Create a room').click();
  await ada.page.getByRole('menuitem', { name: 'Create a room' }).click();
  await ada.dialog.getByLabel('Name').fill('garden');
  let answer = () => {};
  const held = new Promise<void>((go) => {
    answer = go;
  });
  await ada.page.route('**/api/rooms', (route) => held.then(() => route.continue()));
  const create = ada.dialog.getByRole('button', { name: 'Create', exact: true });
  const boxes = async () => [
    await create.boundingBox(),
    await ada.dialog.getByRole('button').first().boundingBox(),
  ];
  await stands(ada.page); // the dialog comes into its place
  const before = await boxes();
  await create.click();
  await expect(create).toHaveAttribute('aria-busy', 'true');
  expect(await boxes()).toEqual(before);
  // The spinner takes the place of the words.
  await expect(create.locator(':scope > span').first()).toHaveCSS('opacity', '0');
  await expect(create).toHaveAccessibleName('Create');
  await expect(create).toBeFocused();
  answer();
  await expect(ada.title('garden')).toBeVisible();
});
