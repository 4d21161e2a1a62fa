// When the server goes away and comes back, it is said in places that are kept free: nothing on the page moves.
import { expect, type Guest, isAccessible, test } from './fixtures';

const words = {
  'en-US': {
    off: 'Offline. Your messages wait.',
    short: 'Offline',
    again: 'Reconnecting…',
    retry: 'Retry now',
  },
  'zh-CN': {
    off: '你已离线，消息会等到恢复连接后发送。',
    short: '离线',
    again: '正在重新连接…',
    retry: '立即重试',
  },
};
const devices = {
  'a screen': { viewport: { width: 1_280, height: 800 } },
  'a phone': { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true },
  'a small phone': { viewport: { width: 320, height: 568 }, isMobile: true, hasTouch: true },
};

/** Where everything stands that a person reads or presses, but for the button that comes. */
const places = ({ page }: Guest, retry: string) =>
  page.evaluate(async (retry) => {
    await Promise.all(document.getAnimations().map((one) => one.finished));
    const all = 'header, h1, h2, header a, header button, nav a, footer, footer button, aside, [data-region]';
    return [...document.querySelectorAll(`${all}, [data-row], [data-composer]`)]
      .filter((one) => one.ariaLabel !== retry && one.checkVisibility())
      .map((one) => {
        const { x, y, width, height } = one.getBoundingClientRect();
        const name = one.getAttribute('data-row') ?? one.ariaLabel ?? '';
        return `${one.localName} ${name} at ${x},${y}: ${width}×${height}`;
      });
  }, retry);

/** Goes to another view without loading the page anew. */
async function goes(one: Guest, path: string): Promise<void> {
  const { page } = one;
  await one.hasSettled();
  await page.evaluate((path) => {
    history.pushState(null, '', path);
    dispatchEvent(new PopStateEvent('popstate'));
  }, path);
  await expect(page.locator('[data-region]').first()).toBeVisible();
  await expect(page.locator('[class*="skeleton"], [aria-busy="true"]')).toHaveCount(0);
  // Each view is there with its heading, also those whose code is fetched first.
  await expect(page.locator('h1').filter({ visible: true }), path).not.toHaveCount(0);
}

async function leaves(one: Guest): Promise<void> {
  one.expectsTrouble();
  await one.context.setOffline(true);
  one.cuts();
}

const views = [
  '/settings',
  '/settings/password',
  '/notifications',
  '/server',
  '/server/general',
  '/nowhere',
  '/r/999',
  '/',
];

// Each width once: the longer words on the narrowest, the others between.
const walks = [
  ['a screen', 'en-US'],
  ['a phone', 'zh-CN'],
  ['a small phone', 'en-US'],
] as const;
for (const [device, locale] of walks) {
  const [options, { off, short, again, retry }] = [devices[device], words[locale]];
  test(`every view says that the connection is gone, and nothing moves, on ${device}: ${locale}`, async ({
    host,
    guest,
  }) => {
    const room = await host.room('general');
    await host.postsAll(
      room,
      Array.from({ length: 30 }, (_, n) => `Message ${n}.`),
    );
    const ada = await guest(host, `/r/${room.id}`, { ...options, locale });
    // Of the room that does not exist.
    ada.expected.push(/404/);
    const phone = device !== 'a screen';
    const before = new Map<string, string[]>();
    for (const path of views) {
      await goes(ada, path);
      before.set(path, await places(ada, retry));
    }
    await goes(ada, `/r/${room.id}`);
    await ada.page.locator('main header [aria-expanded]:not([aria-haspopup])').click();
    const panel = ada.page.locator('[data-region="panel"]');
    await expect(panel.locator('li').first()).toBeVisible();
    const inPanel = await places(ada, retry);
    await panel.locator('header button').last().click();
    await expect(panel).toHaveCount(0);
    await ada.sees('Message 29.');
    await expect(ada.log.locator('[data-line]')).toHaveCount(0);
    const inRoom = await places(ada, retry);

    // It tries in vain so often that it would wait for half a minute once the server can be reached.
    await ada.waits(0.05);
    await leaves(ada);
    const line = ada.page.getByText(off, { exact: true });
    const button = ada.button(retry).filter({ visible: true });
    await expect(line).toBeVisible();
    expect(await places(ada, retry)).toEqual(inRoom);
    await expect(button).toHaveCount(1);
    expect(await places(ada, retry), 'with the button').toEqual(inRoom);
    const box = await line.evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth);
    expect(box, 'the line is not cut off').toBeLessThanOrEqual(0);
    if (phone) {
      expect(await ada.smallTargets(44)).toEqual([]);
      const [foot, at] = await Promise.all([ada.composer.boundingBox(), button.boundingBox()]);
      expect((at?.y ?? 0) + (at?.height ?? 0), 'it covers nothing of the composer').toBeLessThanOrEqual(
        foot?.y ?? 0,
      );
    }

    await ada.page.locator('main header [aria-expanded]:not([aria-haspopup])').click();
    await expect(panel).toBeVisible();
    await expect(panel.getByText(short, { exact: true })).toHaveCount(phone ? 1 : 0);
    expect(await places(ada, retry), 'the members').toEqual(inPanel);
    await panel.locator('header button').last().click();
    await expect(panel).toHaveCount(0);

    const said = ada.page.getByText(short, { exact: true }).filter({ visible: true });
    for (const path of views) {
      await goes(ada, path);
      await expect(said, path).toHaveCount(1);
      await expect(button, path).toHaveCount(1);
      expect(await places(ada, retry), path).toEqual(before.get(path));
      if (phone) {
        expect(await ada.smallTargets(44), path).toEqual([]);
      }
    }
    await isAccessible(ada.page, `the rooms while the server is away, on ${device}`);
    // The machine has a network again, and the server is still away.
    await ada.context.setOffline(false);
    await expect(ada.page.getByText(again, { exact: true }).filter({ visible: true })).toHaveCount(1);
    await expect(said).toHaveCount(0);
    await ada.isBack();
    await expect(ada.page.getByText(again)).toHaveCount(0);
    await expect(button).toHaveCount(0);
    expect(await places(ada, retry)).toEqual(before.get(views.at(-1) ?? ''));
  });
}

test('somebody who does not want to wait retries', async ({ server, host, guest }) => {
  const ada = await guest(host);
  ada.expectsTrouble();
  await ada.sends('One.');
  await ada.hasSent();
  const label = words['en-US'].retry;
  const before = await places(ada, label);
  // By itself it would try in eight minutes.
  await ada.waits(1_000);
  await server.kill();
  const retry = ada.button(label);
  await expect(retry).toBeVisible();
  await expect(ada.page.getByText('Reconnecting…').first()).toBeVisible();
  expect(await places(ada, label)).toEqual(before);
  // Before the server is back: then the client comes back by itself, and the button goes.
  await ada.waits(0.05);
  const tries = ada.page.waitForEvent('websocket');
  await retry.click();
  await tries;
  await server.resume();
  await expect(retry).toHaveCount(0);
  await ada.sends('Two.');
  await ada.hasSent();
});

for (const locale of ['en-US', 'zh-CN'] as const) {
  test(`a connection that breaks before the code for it has come is told of: ${locale}`, async ({
    host,
    guest,
  }) => {
    const ada = await guest(host, '/', { locale, serviceWorkers: 'block' });
    ada.expectsTrouble();
    await ada.page.route(/\/assets\/no-socket-/, (route) => route.abort());
    await ada.page.reload();
    await expect(ada.composer).toBeVisible();
    await ada.goesOffline();
    await expect(ada.page.getByText(words[locale].short, { exact: true }).first()).toBeVisible();
    await ada.isBack();
    await expect(ada.page.getByText(words[locale].short, { exact: true })).toHaveCount(0);
  });
}

for (const [locale, w] of Object.entries({
  'en-US': { more: 'More about Bo', there: 'Online', unknown: 'State unknown', members: '2' },
  'zh-CN': { more: '关于 Bo', there: '在线', unknown: '状态未知', members: '2 人' },
})) {
  test(`who is online is unknown while the server is away: ${locale}`, async ({ host, account, guest }) => {
    const bo = await account('Bo');
    const room = await host.room('general');
    await bo.posts(await host.writesTo(bo), 'Hello');
    await guest(bo);
    const ada = await guest(host, `/r/${room.id}`, { locale });
    const dot = ada.rooms.locator('[data-room]', { hasText: 'Bo' }).locator('[class*="PresenceDot"]');
    const panel = ada.page.locator('[data-region="panel"]');
    await expect(dot).toHaveAttribute('title', w.there);
    await ada.page.locator('main header [aria-expanded]:not([aria-haspopup])').click();
    const count = panel.locator('header span').filter({ hasText: /\d/ });
    await expect(count).toHaveText(/ · 2 /);
    await panel.getByRole('button', { name: /Bo/ }).click();
    const card = ada.page.locator('[popover]:popover-open');
    await expect(card).toContainText(w.there);

    ada.expectsTrouble();
    await ada.context.setOffline(true);
    ada.cuts();
    await expect(card).toContainText(w.unknown);
    await expect(dot).toHaveCount(0);
    await expect(count).toHaveText(w.members);
    await isAccessible(ada.page, 'a card of somebody of whom nothing is known');
    await ada.isBack();
    await expect(card).toContainText(w.there);
    await expect(dot).toHaveAttribute('title', w.there);
    await expect(count).toHaveText(/ · 2 /);
  });
}

for (const [locale, w] of Object.entries({
  'en-US': { browse: 'Browse rooms', failed: 'The server cannot be reached.', again: 'Retry' },
  'zh-CN': { browse: '浏览房间', failed: '无法连接到服务器。', again: '重试' },
})) {
  test(`what did not come while the server is away is asked for again: ${locale}`, async ({
    host,
    account,
    guest,
  }) => {
    await (await account('Bo')).makesRoom('club');
    const room = await host.room('general');
    const ada = await guest(host, `/r/${room.id}`, { locale });
    ada.expectsTrouble();
    let there = false;
    await ada.page.route('**/api/rooms/public*', (route) => (there ? route.continue() : route.abort()));
    await ada.button(w.browse).click();
    const problem = ada.dialog.getByRole('alert');
    const again = problem.getByRole('button', { name: w.again });
    await expect(problem).toContainText(w.failed);
    await isAccessible(ada.page, 'rooms that did not come');
    await again.click();
    await expect(again).not.toHaveAttribute('aria-busy', 'true');
    there = true;
    await again.click();
    await expect(ada.dialog.getByText('club').first()).toBeVisible();
    await expect(problem).toHaveCount(0);

    // Without a press, once the connection is back.
    await ada.page.keyboard.press('Escape');
    there = false;
    await ada.context.setOffline(true);
    ada.cuts();
    await ada.button(w.browse).click();
    await expect(problem).toContainText(w.failed);
    there = true;
    await ada.isBack();
    await expect(ada.dialog.getByText('club').first()).toBeVisible();
  });
}
