// A room that is opened by its address, before the server has said which rooms there are.
import { crowdFlags } from './crowd';
import { expect, type Guest, test } from './fixtures';

test.use({ flags: crowdFlags });

/** Holds back what the server says over the WebSocket. The function that it returns lets it through. */
async function holdsWelcome({ page }: Guest): Promise<() => void> {
  let release = () => {};
  const free = new Promise<void>((done) => {
    release = done;
  });
  await page.routeWebSocket(/\/ws/, (near) => {
    const far = near.connectToServer();
    far.onMessage(async (frame) => {
      await free;
      near.send(frame);
    });
  });
  return release;
}

/** As in a private window: nothing is known from an earlier visit. */
const forgets = ({ page }: Guest) =>
  page.addInitScript(() => {
    IDBFactory.prototype.open = () => {
      throw new DOMException('There is none.', 'SecurityError');
    };
  });

const top = ({ page }: Guest, selector: string) =>
  page
    .locator(selector)
    .first()
    .evaluate((one) => one.getBoundingClientRect().top);

for (const [locale, back, loading] of [
  ['en-US', 'Back to the room list', 'Loading…'],
  ['zh-CN', '返回房间列表', '正在加载…'],
] as const) {
  test(`on a phone it has its head and the way back before its name is known: ${locale}`, async ({
    host,
    guest,
  }) => {
    const room = await host.room('general');
    await host.posts(room, 'Hello');
    const phone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };
    const ada = await guest(host, '/settings', { ...phone, locale });
    await forgets(ada);
    const release = await holdsWelcome(ada);
    await ada.page.goto(`${ada.url}/r/${room.id}`);
    await expect(ada.title(loading)).toBeAttached();
    const way = ada.page.getByRole('link', { name: back });
    await expect(way).toBeInViewport({ ratio: 1 });
    await expect(ada.page.locator('[class*="skeleton"]')).toBeVisible();
    await way.tap();
    await expect(ada.page).toHaveURL(`${ada.url}/`);
    await ada.page.goBack();
    await expect(ada.title(loading)).toBeAttached();

    const head = await ada.page.locator('header').boundingBox();
    const foot = await top(ada, '[class*="foot"]');
    release();
    await expect(ada.title('general')).toBeVisible();
    await ada.sees('Hello');
    expect(await ada.page.locator('header').boundingBox()).toEqual(head);
    expect(await top(ada, 'form:has([data-composer])')).toBe(foot);
    await expect(way).toBeInViewport({ ratio: 1 });
  });
}

test('a room whose page came before the welcome goes to the first of many unread messages', async ({
  host,
  account,
  guest,
}) => {
  const bob = await account('Bo');
  const room = await host.makesRoom('club');
  await host.adds(room, bob);
  await host.posts(room, 'Message 1.');
  await bob.reads(room, 1);
  const bo = await guest(bob, '/settings');
  // What this browser knows of the room is from before the messages.
  const known = () =>
    bo.page.evaluate(
      ([user, id]) =>
        new Promise<number>((done) => {
          const ask = indexedDB.open(`parley-${user}`);
          ask.onsuccess = () => {
            const read = ask.result.transaction('rooms').objectStore('rooms').get(id);
            read.onsuccess = () => {
              ask.result.close();
              done(read.result?.seq ?? 0);
            };
          };
        }),
      [bob.user.id, room.id] as const,
    );
  await expect.poll(known).toBe(1);
  await bo.page.goto('about:blank');
  await host.postsAll(
    room,
    Array.from({ length: 120 }, (_, n) => `Message ${n + 2}.`),
  );
  const release = await holdsWelcome(bo);
  await bo.page.goto(`${bo.url}/r/${room.id}`);
  await bo.sees('Message 121.');
  release();
  await expect(bo.log.locator('[data-line]')).toBeInViewport();
  await expect(bo.log.getByText('Message 2.', { exact: true })).toBeInViewport();
});
