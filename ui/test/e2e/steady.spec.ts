// Nothing moves under the pointer: what is pressed next stands where it stood.
import { stands } from './axe';
import { expect, test } from './fixtures';
import { keepsStill, settles } from './still';

test('people who are picked, and a search that finds fewer, move neither the field nor the list', async ({
  host,
  account,
  guest,
}) => {
  for (const name of ['Bo', 'Cai', 'Cleo', 'Dan']) {
    await account(name);
  }
  const ada = await guest(host);
  await ada.button('New conversation').first().click();
  const field = ada.dialog.getByRole('searchbox');
  const list = ada.dialog.getByRole('listitem').filter({ has: ada.page.getByRole('checkbox') });
  const cleo = list.filter({ hasText: 'Cleo' });
  const places = async () => [(await field.boundingBox())?.y, (await cleo.boundingBox())?.y];
  await expect(list).toHaveCount(4);
  await stands(ada.page); // the dialog comes into its place
  const [at, first] = await places();
  await list.filter({ hasText: 'Bo' }).click();
  await expect(ada.dialog.getByText('1 picked')).toBeVisible();
  expect(await places()).toEqual([at, first]);
  await cleo.click();
  await expect(ada.dialog.getByText('2 picked')).toBeVisible();
  expect(await places()).toEqual([at, first]);
  await field.fill('Cl');
  await expect(list).toHaveCount(1);
  expect((await field.boundingBox())?.y).toBe(at);
  await ada.page.setViewportSize({ width: 320, height: 400 });
  await field.fill('');
  await expect(list).toHaveCount(4);
  await expect(ada.dialog.getByRole('button', { name: 'Start' })).toBeInViewport({ ratio: 1 });
});

test('a short message is edited in the width of the column', async ({ host, guest }) => {
  const room = await host.room('general');
  await host.posts(room, 'Hi');
  const ada = await guest(host, `/r/${room.id}`);
  await ada.sees('Hi');
  await ada.composer.press('ArrowUp');
  const box = await ada.page.getByLabel('Edit your message').boundingBox();
  expect(box?.width).toBeGreaterThan(560);
});

test('going through the settings moves none of their names', async ({ host, guest }) => {
  const ada = await guest(host, '/server');
  const links = ada.page.locator('main a[href^="/server/"]');
  await expect(links.first()).toBeVisible();
  const places = () => links.evaluateAll((all) => all.map((one) => one.getBoundingClientRect().y));
  const before = await places();
  for (const link of await links.all()) {
    await link.click();
    await expect(link).toHaveAttribute('aria-current', /.+/);
    expect(await places()).toEqual(before);
  }
});

const touch = { isMobile: true, hasTouch: true };

test('a row that the pointer or a finger comes to keeps its height', async ({ host, account, guest }) => {
  const room = await host.room('general');
  const bo = await account('Bo');
  const lines = Array.from({ length: 12 }, (_, n) =>
    'and so on, word by word, '.repeat(n + 2).slice(0, 40 + 9 * n),
  );
  await bo.postsAll(room, lines);
  for (const look of [
    { viewport: { width: 1_280, height: 800 } },
    { viewport: { width: 720, height: 800 } },
    { viewport: { width: 390, height: 844 } },
    { viewport: { width: 320, height: 568 }, ...touch },
  ]) {
    const ada = await guest(host, `/r/${room.id}`, look);
    await ada.sees(lines.at(-1) ?? '');
    const rows = ada.log.locator('article');
    for (const row of (await rows.all()).slice(-6)) {
      const height = () => row.evaluate((one) => one.getBoundingClientRect().height);
      const before = await height();
      await (look.viewport.width === 320 ? row.locator('.markdown').tap() : row.hover());
      await expect(row.getByRole('toolbar')).toBeVisible();
      expect(await height(), `${look.viewport.width} px: ${await row.textContent()}`).toBe(before);
    }
    await ada.context.close();
  }
});

test('a menu is where it belongs in the first frame that shows it', async ({ host, guest }) => {
  for (const look of [
    { viewport: { width: 1_280, height: 800 } },
    { viewport: { width: 390, height: 844 }, ...touch },
  ]) {
    const ada = await guest(host, '/', look);
    // Whatever comes after the first frame, as on a busy machine, does not come.
    await ada.page.evaluate(() => {
      for (const kind of ['toggle', 'transitionend']) {
        addEventListener(kind, (event) => event.stopImmediatePropagation(), true);
      }
    });
    const button = ada.rooms.locator('[aria-haspopup="menu"]').nth(1);
    await button.click();
    const menu = ada.page.locator(':popover-open');
    await expect(menu.getByRole('menuitem').first()).toBeFocused();
    const [at, below] = [await menu.boundingBox(), await button.boundingBox()];
    expect((at?.y ?? 0) - (below?.y ?? 0) - (below?.height ?? 0)).toBeCloseTo(4, 0);
    await ada.context.close();
  }
});

test('an invitation to a room comes without moving the rooms, and a pill leads to it', async ({
  host,
  account,
  guest,
}) => {
  const bo = await account('Bo');
  await bo.ask('PATCH', '/me', { adding: 'ask' });
  for (const name of [
    'alpha',
    'beta',
    'gamma',
    'delta',
    'epsilon',
    'zeta',
    'eta',
    'theta',
    'iota',
    'kappa',
  ]) {
    await bo.makesRoom(name);
  }
  for (const look of [
    { viewport: { width: 1_280, height: 480 } },
    { viewport: { width: 390, height: 560 }, ...touch },
  ]) {
    // Who declined is not asked again into the same room.
    const name = `board-${look.viewport.width}`;
    const board = await host.makesRoom(name, { kind: 'private' });
    const bos = await guest(bo, '/', look);
    await expect(bos.rooms.locator('[data-room]')).toHaveCount(12);
    await keepsStill(bos.page, 'an invitation comes', async () => {
      await host.adds(board, bo);
      await expect(bos.button(`Accept: join ${name}`)).toBeAttached();
    });
    await bos.button('Invitations to rooms').click();
    await expect(bos.button(`Accept: join ${name}`)).toBeInViewport({ ratio: 1 });
    await bos.button(`Decline: do not join ${name}`).click();
    await bos.answers('Decline');
    await expect(bos.button(`Accept: join ${name}`)).toHaveCount(0);
    await bos.context.close();
  }
});

test('a text that is too long says so without lifting the button that sends', async ({ host, guest }) => {
  const room = await host.room('general');
  for (const look of [
    { viewport: { width: 1_280, height: 800 } },
    { viewport: { width: 320, height: 568 }, ...touch },
  ]) {
    const ada = await guest(host, `/r/${room.id}`, look);
    await ada.composer.fill('a'.repeat(10_000));
    await keepsStill(ada.page, 'too long', async () => {
      await ada.composer.fill('a'.repeat(10_001));
      await expect(ada.page.locator('#composer-over')).toBeVisible();
    });
    await ada.context.close();
  }
});

test('the line in place of a composer is as high as one', async ({ host, account, guest }) => {
  const bo = await account('Bo');
  await account('Cleo');
  const news = await host.room('announcements');
  const open = await host.makesRoom('open');
  for (const look of [
    { viewport: { width: 1_280, height: 800 } },
    { viewport: { width: 320, height: 568 }, ...touch },
  ]) {
    const bos = await guest(bo, `/r/${(await host.room('general')).id}`, look);
    const foot = () =>
      bos.page
        .locator('main > div > div')
        .last()
        .evaluate((one) => one.getBoundingClientRect().height);
    await expect(bos.composer).toBeVisible();
    const height = await foot();
    for (const [room, words] of [
      [news, /^Only Ada Lovelace can post/],
      [open, /^You are looking at this room/],
    ] as const) {
      await bos.page.goto(`${bos.url}/r/${room.id}`);
      await expect(bos.page.getByText(words)).toBeVisible();
      expect(await foot(), room.name).toBe(height);
    }
    await bos.context.close();
  }
});

test('under the panel that covers a room nothing can be pressed, and the focus is in the panel', async ({
  host,
  guest,
}) => {
  const room = await host.room('general');
  await host.posts(room, 'Under the panel');
  for (const look of [
    { viewport: { width: 390, height: 844 }, ...touch },
    { viewport: { width: 900, height: 800 } },
  ]) {
    const ada = await guest(host, `/r/${room.id}`, look);
    const opens = ada.button(/^Show members/);
    await opens.click();
    const panel = ada.page.locator('[data-region="panel"]');
    await expect(panel.locator(':focus')).toHaveCount(1);
    await expect(ada.page.locator('main')).toHaveAttribute('inert', '');
    for (let n = 0; n < 12; n++) {
      await ada.page.keyboard.press('Tab');
      await expect(ada.page.locator('main :focus, nav :focus')).toHaveCount(0);
    }
    await panel.getByRole('button', { name: 'Close' }).press('Enter');
    await expect(panel).toHaveCount(0);
    await expect(ada.page.locator('main')).not.toHaveAttribute('inert', '');
    await expect(opens).toBeFocused();
    await ada.context.close();
  }
});

test('the panel has its place while its code is coming, and the room keeps its own', async ({
  host,
  guest,
}) => {
  const room = await host.room('general');
  await host.posts(room, 'Beside the panel');
  for (const look of [
    { viewport: { width: 390, height: 844 }, ...touch },
    { viewport: { width: 900, height: 800 } },
    { viewport: { width: 1_280, height: 800 } },
  ]) {
    const ada = await guest(host, '/', { ...look, serviceWorkers: 'block' });
    let comes: () => void = () => undefined;
    const held = new Promise<void>((go) => {
      comes = go;
    });
    await ada.page.route('**/assets/members-*.js', async (route) => {
      await held;
      await route.continue();
    });
    await ada.page.goto(`${ada.url}/r/${room.id}`);
    await ada.sees('Beside the panel');
    const box = () => ada.composer.boundingBox();
    const before = await box();
    await ada.button(/^Show members/).click();
    const waits = ada.page.locator('[aria-hidden="true"][class*="skeleton"]').filter({ visible: true });
    await expect(waits).toHaveCount(1);
    const [place, now] = [await waits.boundingBox(), await box()];
    expect([now?.y, now?.height]).toEqual([before?.y, before?.height]);
    expect([place?.y, Math.round((place?.x ?? 0) + (place?.width ?? 0))]).toEqual([0, look.viewport.width]);
    comes();
    await expect(ada.page.locator('[data-region="panel"]')).toBeVisible();
    expect((await box())?.y).toBe(before?.y);
    await ada.context.close();
  }
});

test('toasts keep their places while others come and go', async ({ host, account, guest }) => {
  const room = await host.room('general');
  await Promise.all(['Bo', 'Cai', 'Dee'].map((name) => account(name)));
  const ada = await guest(host, `/r/${room.id}`);
  await ada.button(/^Show members/).click();
  const closes = (name: string) =>
    ada.page
      .getByRole('status')
      .locator('div', { hasText: `${name} is blocked` })
      .getByRole('button')
      .last();
  const blocks = async (name: string) => {
    await ada.page.getByRole('complementary').getByText(`@${name.toLowerCase()}`).click();
    await ada.page.getByRole('button', { name: 'Block', exact: true }).click();
    await ada.answers('Block');
    await expect(closes(name)).toBeVisible();
  };
  await ada.page.clock.install();
  await blocks('Bo');
  await blocks('Cai');
  await settles(ada.page);
  const at = await closes('Cai').boundingBox();
  await closes('Bo').click();
  await expect(closes('Bo')).toHaveCount(0);
  expect(await closes('Cai').boundingBox()).toEqual(at);
  await blocks('Dee');
  await settles(ada.page);
  expect(await closes('Cai').boundingBox()).toEqual(at);
});
