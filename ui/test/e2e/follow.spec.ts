// The list of messages follows its end, and stays still for somebody who reads further up.
import type { RoomState } from '../../src/net/types';
import { crowdFlags } from './crowd';
import { type Account, expect, type Guest, test } from './fixtures';

test.use({ flags: crowdFlags });

const windows = [
  { width: 1280, height: 800 },
  { width: 320, height: 568 },
  { width: 1280, height: 2_600 },
];
const lines = (count: number) => Array.from({ length: count }, (_, n) => `Line ${n + 1}`).join('\n');
const messages = (count: number) => Array.from({ length: count }, (_, n) => `Message ${n + 1}.`);

/** How much of the list is below its lower edge, and the height of the list. */
const measured = ({ log }: Guest) =>
  log.evaluate(({ scrollHeight, scrollTop, clientHeight }) => ({
    below: scrollHeight - scrollTop - clientHeight,
    height: clientHeight,
  }));

/** Where a row begins, from the top of the window. */
const topOf = ({ log }: Guest, seq: number) =>
  log.locator(`[data-row="${seq}"]`).evaluate((row) => row.getBoundingClientRect().top);

/** Waits until the list has put itself in place. */
const settled = ({ page }: Guest) =>
  page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));

async function club(host: Account, bob: Account, bodies: readonly string[]): Promise<RoomState> {
  const room = await host.makesRoom('club');
  await host.adds(room, bob);
  await host.postsAll(room, bodies);
  return room;
}

for (const viewport of windows) {
  const { width, height } = viewport;

  test(`what is unread and fits is shown to its end: ${width}×${height}`, async ({
    host,
    account,
    guest,
  }) => {
    const bob = await account('Bo');
    const room = await club(host, bob, messages(150));
    await bob.reads(room, 150);
    const bo = await guest(bob, `/r/${room.id}`, { viewport });
    await bo.sees('Message 150.');
    const list = (await measured(bo)).height;
    const rowHeight = (await topOf(bo, 150)) - (await topOf(bo, 149));
    // Less than the list is high, and more than fits under a line that is a third from the top.
    const fit = Math.floor((list * 0.85 - 80) / rowHeight);
    const comesBack = async (read: number) => {
      // The open room would count what it shows as read.
      await bo.page.evaluate(() => {
        history.pushState(null, '', '/');
        dispatchEvent(new PopStateEvent('popstate'));
      });
      await expect(bo.log).toHaveCount(0);
      await bob.reads(room, read);
      await expect(bo.rooms.getByRole('link', { name: /club/ })).toHaveText(/unread/);
      await bo.opens('club');
    };
    await comesBack(150 - fit);
    await expect(bo.log.getByText('Message 150.')).toBeInViewport({ ratio: 1 });
    await expect(bo.log.locator('[data-line]')).toBeInViewport({ ratio: 1 });
    await settled(bo);
    expect((await measured(bo)).below).toBeLessThanOrEqual(1);
    await expect(bo.button('Jump to present')).toHaveCount(0);
    await expect(bo.button('Mark read')).toHaveCount(0);
    // It follows from there.
    await host.posts(room, 'One more');
    await expect(bo.log.getByText('One more')).toBeInViewport({ ratio: 1 });

    // One more than fits: the line is in sight, and a pill leads to the end.
    await comesBack(150 - Math.ceil(list / rowHeight));
    await expect(bo.log.locator('[data-line]')).toBeInViewport({ ratio: 1 });
    await expect(bo.log.getByText('One more')).not.toBeInViewport();
    await expect(bo.button(/^\d+ new messages$/)).toBeVisible();
    await bo.button(/^\d+ new messages$/).click();
    await expect(bo.log.getByText('One more')).toBeInViewport({ ratio: 1 });
  });

  test(`the composer never covers the last message: ${width}×${height}`, async ({ host, account, guest }) => {
    const bob = await account('Bo');
    const room = await club(host, bob, messages(150));
    await bob.reads(room, 150);
    const bo = await guest(bob, `/r/${room.id}`, { viewport });
    const last = bo.log.getByText('Message 150.');
    await expect(last).toBeInViewport({ ratio: 1 });
    for (const away of [0, 6, 12, 30]) {
      // A turn of the wheel or a finger that leaves the list a little before its end.
      await bo.log.evaluate((log, away) => {
        log.scrollTop = log.scrollHeight - log.clientHeight - 200;
        log.dispatchEvent(new Event('scroll'));
        log.scrollTop = log.scrollHeight - log.clientHeight - away;
      }, away);
      await settled(bo);
      await bo.composer.fill('Line 1\nLine 2');
      await settled(bo);
      await expect(last, `${away} px before the end`).toBeInViewport({ ratio: 1 });
      await bo.composer.fill(lines(40));
      await settled(bo);
      await expect(last, `${away} px before the end, a long text`).toBeInViewport({ ratio: 1 });
      await bo.composer.fill('');
      await settled(bo);
      await expect(last, `${away} px before the end, nothing`).toBeInViewport({ ratio: 1 });
    }
    // What comes is shown, however long it is.
    await bo.composer.fill(lines(3));
    await host.posts(room, lines(12));
    await expect(bo.log.getByText('Line 12', { exact: false })).toHaveCount(1);
    await settled(bo);
    expect((await measured(bo)).below).toBeLessThanOrEqual(1);
  });

  test(`nothing moves for somebody who reads further up: ${width}×${height}`, async ({
    host,
    account,
    guest,
  }) => {
    const bob = await account('Bo');
    const room = await club(host, bob, messages(220));
    await bob.reads(room, 220);
    const bo = await guest(bob, `/r/${room.id}`, { viewport });
    await bo.sees('Message 220.');
    const { height: list } = await measured(bo);
    await bo.log.hover();
    await bo.page.mouse.wheel(0, -Math.round(list * 0.5));
    await expect(bo.button('Jump to present')).toBeVisible();
    await settled(bo);
    const seq = await bo.log.evaluate((log) => {
      const edge = log.getBoundingClientRect().top;
      const rows = [...log.querySelectorAll<HTMLElement>('[data-row]')];
      return Number(rows.find((row) => row.getBoundingClientRect().top > edge)?.dataset.row);
    });
    const before = await topOf(bo, seq);
    const still = async (after: string) => {
      await settled(bo);
      expect(Math.abs((await topOf(bo, seq)) - before), after).toBeLessThan(1);
    };
    await bo.composer.fill(lines(3));
    await still('a text of three lines');
    await bo.composer.fill(lines(40));
    await still('a long text');
    await host.posts(room, lines(14));
    await expect(bo.button('1 new message')).toBeVisible();
    await still('a long message');
    await bo.page.setViewportSize({ width, height: Math.round(height * 0.6) });
    await still('a keyboard on the screen');
    await bo.page.setViewportSize(viewport);
    await still('the keyboard gone');
    await bo.composer.fill('');
    await still('no text');
    await bo.button('1 new message').click();
    await settled(bo);
    expect((await measured(bo)).below).toBeLessThanOrEqual(1);
  });
}

test('a keyboard on the screen leaves the last message in sight', async ({ host, account, guest }) => {
  const bob = await account('Bo');
  const room = await club(host, bob, messages(60));
  await bob.reads(room, 50);
  const phone = { viewport: { width: 320, height: 568 }, isMobile: true, hasTouch: true };
  const bo = await guest(bob, `/r/${room.id}`, phone);
  const last = bo.log.getByText('Message 60.');
  await expect(last).toBeInViewport({ ratio: 1 });
  await bo.composer.tap();
  await bo.page.setViewportSize({ width: 320, height: 300 });
  await settled(bo);
  await expect(last).toBeInViewport({ ratio: 1 });
  await bo.composer.fill('Line 1\nLine 2\nLine 3');
  await settled(bo);
  await expect(last).toBeInViewport({ ratio: 1 });
});

test('the unread bar shows while its line is out of sight, and counts what was unread on coming', async ({
  host,
  account,
  guest,
}) => {
  const bob = await account('Bo');
  const room = await club(host, bob, messages(120));
  await bob.reads(room, 20);
  const bo = await guest(bob, `/r/${room.id}`);
  const line = bo.log.locator('[data-line]');
  const bar = bo.page.getByText(/^\d+ new messages since/);
  // From the first paint on.
  await expect(line).toBeInViewport();
  await expect(bar).toHaveCount(0);
  const read = async () => (await bob.room('club')).read_seq;
  await expect.poll(read).toBeGreaterThan(20);
  await expect(bar).toHaveCount(0);
  const before = await read();

  await bo.log.hover();
  await bo.page.mouse.wheel(0, 900);
  await expect(line).not.toBeInViewport();
  await expect(bar).toHaveText(/^100 new messages since/);
  await expect.poll(read).toBeGreaterThan(before);
  await host.posts(room, 'Another');
  await expect(bo.button(/^\d+ new messages$/)).toBeVisible();
  await expect(bar).toHaveText(/^100 new messages since/);

  await bo.button('Jump').click();
  await expect(line).toBeInViewport();
  await expect(bar).toHaveCount(0);
});
