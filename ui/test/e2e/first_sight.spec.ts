// What the first sight of a page waits for: files that the page itself names, which come together, and as few answers
// of the server as can be. Whatever else is asked for gets no answer here, however long it takes.
import type { Page } from '@playwright/test';
import { expect, test } from './fixtures';

/** Answers only what the page names, and what `also` allows. Returns the paths of what was answered. */
async function answersOnlyNamed(page: Page, ...also: RegExp[]): Promise<Set<string>> {
  const named = new Set<string>();
  const answered = new Set<string>();
  await page.route('**', async (route) => {
    const { pathname } = new URL(route.request().url());
    if (route.request().isNavigationRequest()) {
      const response = await route.fetch();
      for (const [, path = ''] of (await response.text()).matchAll(/(?:src|href)="([^"]+)"/g)) {
        named.add(path);
      }
      // The browser fetches it itself: a page that comes from here may open no socket to this computer.
      await route.continue();
    } else if (named.has(pathname) || also.some((one) => one.test(pathname))) {
      answered.add(pathname);
      await route.continue();
    }
  });
  return answered;
}

/** Playwright sees no request that goes through a service worker. */
const serviceWorkers = 'block';

for (const [locale, signIn, most] of [
  ['en-US', 'Sign in', 5],
  ['zh-CN', '登录', 7],
] as const) {
  test(`the sign-in page shows with what the page names: ${locale}`, async ({ host, someone }) => {
    const bo = await someone('Bo', { locale, serviceWorkers });
    const answered = await answersOnlyNamed(bo.page);
    await bo.page.routeWebSocket(/\/ws/, () => {});
    await bo.page.goto(host.server.url, { waitUntil: 'commit' });
    await expect(bo.page.getByRole('button', { name: signIn, exact: true })).toBeVisible();
    expect(answered.size, [...answered].join(' ')).toBeLessThanOrEqual(most);
  });
}

for (const [locale, most] of [
  ['en-US', 4],
  ['zh-CN', 5],
] as const) {
  test(`a room that this browser knows shows with what the page names: ${locale}`, async ({
    host,
    guest,
  }) => {
    const room = await host.room('general');
    await host.posts(room, 'Hello');
    const ada = await guest(host, `/r/${room.id}`, { locale, serviceWorkers });
    await ada.sees('Hello');
    const kept = () =>
      ada.page.evaluate(
        ([user, id]) =>
          new Promise<boolean>((done) => {
            const ask = indexedDB.open(`parley-${user}`);
            ask.onsuccess = () => {
              const read = ask.result.transaction('pages').objectStore('pages').get(id);
              read.onsuccess = () => {
                ask.result.close();
                done(read.result !== undefined);
              };
            };
          }),
        [host.user.id, room.id] as const,
      );
    await expect.poll(kept).toBe(true);
    const answered = await answersOnlyNamed(ada.page);
    await ada.page.routeWebSocket(/\/ws/, () => {});
    await ada.page.goto(ada.url + new URL(ada.page.url()).pathname, { waitUntil: 'commit' });
    await ada.sees('Hello');
    await expect(ada.composer).toBeVisible();
    expect(answered.size, [...answered].join(' ')).toBeLessThanOrEqual(most);
  });

  test(`a room that this browser does not know takes a socket and a page of messages more: ${locale}`, async ({
    host,
    guest,
  }) => {
    const room = await host.room('general');
    await host.posts(room, 'Hello');
    const ada = await guest(host, '/settings', { locale, serviceWorkers });
    await ada.page.addInitScript(() => {
      localStorage.clear();
      // What gets no answer is waited for: giving up would hide it.
      const { setTimeout } = globalThis;
      const patience = 20_000;
      globalThis.setTimeout = ((act: () => void, ms = 0) =>
        ms < patience ? setTimeout(act, ms) : 0) as typeof setTimeout;
      IDBFactory.prototype.open = () => {
        throw new DOMException('There is none.', 'SecurityError');
      };
    });
    const messages = new RegExp(`^/api/rooms/${room.id}/messages$`);
    const answered = await answersOnlyNamed(ada.page, messages);
    await ada.page.goto(`${ada.url}/r/${room.id}`, { waitUntil: 'commit' });
    await ada.sees('Hello');
    expect(answered.size, [...answered].join(' ')).toBeLessThanOrEqual(most + 1);
  });
}

test('what comes before the code that shows it is not missed', async ({ host, account, guest }) => {
  const room = await host.room('general');
  const bo = await account('Bo Larsen');
  const ada = await guest(host, '/settings', { serviceWorkers });
  let release: () => void = () => {};
  const held = new Promise<void>((go) => {
    release = go;
  });
  await ada.page.route(/\/assets\/shell-[^/]*\.js$/, async (route) => {
    await held;
    await route.continue();
  });
  const events: string[] = [];
  ada.page.on('websocket', (socket) =>
    socket.on('framereceived', ({ payload }) => void events.push(String(payload))),
  );
  await ada.page.goto(`${ada.url}/settings`, { waitUntil: 'commit' });
  const came = (word: string) => expect.poll(() => events.some((one) => one.includes(word))).toBe(true);
  await came('"welcome"');
  await bo.posts(room, 'Before there was a window');
  await came('Before there was a window');
  await expect(ada.page.getByRole('heading', { name: 'Settings' })).toHaveCount(0);
  release();
  await expect(ada.title('Settings')).toBeVisible();
  await expect(ada.rooms.getByRole('link', { name: /general/ })).toContainText('1');
  await ada.opens('general');
  await ada.sees('Before there was a window');
});

test('signing in waits for nothing that only a room needs', async ({ host, someone }) => {
  const bo = await someone('Bo', { serviceWorkers });
  await bo.page.addInitScript(() => {
    const clocks = globalThis as { clocksMade?: number };
    Intl.DateTimeFormat = new Proxy(Intl.DateTimeFormat, {
      construct: (it, of) => {
        clocks.clocksMade = (clocks.clocksMade ?? 0) + 1;
        return new it(...of);
      },
    });
  });
  const asked: string[] = [];
  bo.page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  const ofRooms = () => asked.filter((path) => path.startsWith('/assets/shell-'));
  await bo.page.goto(host.server.url);
  // The toasts are part of what comes last.
  await expect(bo.page.locator('[role=status][aria-atomic=false]')).toBeAttached();
  expect(asked.some((path) => path.startsWith('/assets/later-'))).toBe(true);
  expect(ofRooms()).toEqual([]);
  expect(await bo.page.evaluate(() => (globalThis as { clocksMade?: number }).clocksMade)).toBeUndefined();
  await bo.page.locator('input[name=username]').press('a');
  await expect.poll(ofRooms).toHaveLength(1);
});
