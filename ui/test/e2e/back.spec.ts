// Coming back to the room that was left open: what came meanwhile is unread, as if the room was opened now.
import type { RoomState } from '../../src/net/types';
import { crowdFlags } from './crowd';
import { type Account, expect, type Guest, test } from './fixtures';

test.use({ flags: crowdFlags });

const texts = (count: number, from = 1) => Array.from({ length: count }, (_, n) => `Message ${from + n}.`);

async function club(host: Account, bob: Account): Promise<RoomState> {
  const room = await host.makesRoom('club');
  await host.adds(room, bob);
  await host.postsAll(room, texts(60));
  await bob.reads(room, 60);
  return room;
}

/** Loads the page anew. It shows its copy, and `act` runs, before its socket hears of anything. */
async function comesBack(bo: Guest, meanwhile: () => Promise<unknown>, act = async () => {}): Promise<void> {
  const at = bo.page.url();
  await expect.poll(() => kept(bo)).toBe(60);
  await bo.page.goto('about:blank');
  await meanwhile();
  await bo.page.routeWebSocket(/\/ws/, async (socket) => {
    await bo.sees('Message 60.');
    await act();
    socket.connectToServer();
  });
  await bo.page.goto(at);
}

/** The newest message of the copy on disk. */
const kept = (bo: Guest) =>
  bo.page.evaluate(async (user) => {
    const db = await new Promise<IDBDatabase>((done) => {
      const ask = indexedDB.open(`parley-${user}`);
      ask.onsuccess = () => done(ask.result);
    });
    const pages = await new Promise<{ messages: { seq: number }[] }[]>((done) => {
      const all = db.transaction('pages').objectStore('pages').getAll();
      all.onsuccess = () => done(all.result);
    });
    db.close();
    return Math.max(0, ...pages.flatMap((page) => page.messages.map((message) => message.seq)));
  }, bo.account.user.id);

const line = (bo: Guest) => bo.log.locator('[data-row="61"] [data-line]');

test('what came and fits is shown to its end, under the line', async ({ host, account, guest }) => {
  const bob = await account('Bo');
  const room = await club(host, bob);
  const bo = await guest(bob, `/r/${room.id}`);
  await bo.sees('Message 60.');
  await comesBack(bo, () => host.postsAll(room, texts(3, 61)));
  await expect(bo.log.getByText('Message 63.')).toBeInViewport({ ratio: 1 });
  await expect(line(bo)).toBeInViewport({ ratio: 1 });
  await expect.poll(async () => (await bob.room('club')).read_seq).toBe(63);
  await expect(line(bo)).toBeInViewport({ ratio: 1 });
});

for (const count of [60, 300]) {
  test(`more than fits begins at the line, and is not read unseen: ${count}`, async ({
    host,
    account,
    guest,
  }) => {
    const bob = await account('Bo');
    const room = await club(host, bob);
    const bo = await guest(bob, `/r/${room.id}`);
    await bo.sees('Message 60.');
    await comesBack(bo, () => host.postsAll(room, texts(count, 61)));
    await expect(line(bo)).toBeInViewport({ ratio: 1 });
    await expect(bo.button(`${count} new messages`)).toBeVisible();
    await expect.poll(async () => (await bob.room('club')).read_seq).toBeGreaterThan(60);
    expect((await bob.room('club')).read_seq).toBeLessThan(100);
    await expect(line(bo)).toBeInViewport({ ratio: 1 });
  });
}

test('nothing jumps for somebody who writes already', async ({ host, account, guest }) => {
  const bob = await account('Bo');
  const room = await club(host, bob);
  const bo = await guest(bob, `/r/${room.id}`);
  await bo.sees('Message 60.');
  await comesBack(
    bo,
    () => host.postsAll(room, texts(60, 61)),
    () => bo.composer.pressSequentially('Hi'),
  );
  await expect(bo.button('60 new messages')).toBeVisible();
  await expect(bo.page.getByText(/^60 new messages since/)).toBeVisible();
  await expect(bo.log.getByText('Message 60.')).toBeInViewport({ ratio: 1 });
  await expect(bo.log.getByText('Message 61.')).not.toBeInViewport();
  await bo.button('Jump').click();
  await expect(line(bo)).toBeInViewport({ ratio: 1 });
});

test('what comes while nobody looks gets the line, and is read on the return', async ({
  host,
  account,
  guest,
}) => {
  const bob = await account('Bo');
  const room = await club(host, bob);
  const bo = await guest(bob, `/r/${room.id}`);
  await bo.sees('Message 60.');
  // A window of a test always has the focus.
  await bo.page.evaluate(() => {
    document.hasFocus = () => false;
  });
  await host.postsAll(room, texts(40, 61));
  // It may be in sight beside another window, so it follows.
  await expect(bo.log.getByText('Message 100.')).toBeInViewport({ ratio: 1 });
  await expect(line(bo)).toHaveCount(1);
  await expect(bo.page.getByText(/^40 new messages since/)).toBeVisible();
  expect((await bob.room('club')).read_seq).toBe(60);
  await bo.page.evaluate(() => {
    document.hasFocus = () => true;
    dispatchEvent(new Event('focus'));
  });
  await expect.poll(async () => (await bob.room('club')).read_seq).toBe(100);
  await expect(line(bo)).toHaveCount(1);

  // The next time away has a line of its own, and a hidden list waits at it.
  await bo.page.evaluate(() => {
    document.hasFocus = () => false;
    Object.defineProperty(document, 'hidden', { configurable: true, get: () => true });
  });
  await host.postsAll(room, texts(60, 101));
  const next = bo.log.locator('[data-row="101"] [data-line]');
  await expect(next).toBeInViewport({ ratio: 1 });
  await expect(line(bo)).toHaveCount(0);
  await expect(bo.button('60 new messages')).toBeVisible();
  expect((await bob.room('club')).read_seq).toBe(100);
});
