// The line above what is new comes between rows that somebody reads. None of those moves, nor when the composer grows.
import type { RoomState } from '../../src/net/types';
import { crowdFlags } from './crowd';
import { type Account, expect, type Guest, test } from './fixtures';

test.use({ flags: crowdFlags });

const windows = [
  { viewport: { width: 1_280, height: 800 }, locale: 'en-US' },
  { viewport: { width: 320, height: 568 }, locale: 'zh-CN', isMobile: true, hasTouch: true },
];
const lines = (count: number) => Array.from({ length: count }, (_, n) => `Line ${n + 1}`).join('\n');

async function club(host: Account, bob: Account): Promise<RoomState> {
  const room = await host.makesRoom('club');
  await host.adds(room, bob);
  await host.postsAll(
    room,
    Array.from({ length: 150 }, (_, n) => `Message ${n + 1}.`),
  );
  await bob.reads(room, 150);
  return room;
}

/** Notes where the rows in sight stand. The function that it returns fails when one of them has moved. */
async function notes({ log, page }: Guest): Promise<(after: string) => Promise<void>> {
  const settled = () =>
    page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  await settled();
  const before = await log.evaluate((log) => {
    const { top, bottom } = log.getBoundingClientRect();
    return [...log.querySelectorAll<HTMLElement>('[data-row] article')]
      .map((row) => ({ row, at: row.getBoundingClientRect() }))
      .filter(({ at }) => at.top >= top && at.bottom <= bottom)
      .map(({ row, at }) => ({ seq: row.closest<HTMLElement>('[data-row]')?.dataset.row, top: at.top }));
  });
  expect(before.length).toBeGreaterThan(3);
  return async (after) => {
    await settled();
    const now = await log.evaluate(
      (log, seqs) =>
        seqs.map((seq) => log.querySelector(`[data-row="${seq}"] article`)?.getBoundingClientRect().top ?? 0),
      before.map((one) => one.seq),
    );
    const moved = before.filter(({ top }, n) => Math.abs(top - (now[n] ?? 0)) >= 1);
    expect(moved, after).toEqual([]);
  };
}

async function readsFurtherUp(bo: Guest): Promise<void> {
  await bo.sees('Message 150.');
  await bo.log.evaluate((log) => log.scrollBy(0, -log.clientHeight * 0.6));
  await expect(bo.page.locator('[class*="JumpPill"]').filter({ visible: true }).first()).toBeVisible();
}

for (const look of windows) {
  const { width } = look.viewport;

  test(`it comes for somebody who reads further up: ${width} px`, async ({ host, account, guest }) => {
    const bob = await account('Bo');
    const room = await club(host, bob);
    const bo = await guest(bob, `/r/${room.id}`, look);
    await readsFurtherUp(bo);
    const still = await notes(bo);
    bo.expectsTrouble();
    await bo.context.setOffline(true);
    bo.cuts();
    await host.postsAll(room, ['New 1', 'New 2', lines(8)]);
    await bo.isBack();
    await expect(bo.log.locator('[data-row="151"] [data-line]')).toHaveCount(1);
    await still('what came while the connection was away');
    await bo.composer.fill(lines(3));
    await still('a text of three lines');
    await bo.composer.fill(lines(40));
    await still('a long text');
    await bo.composer.fill('');
    await still('no text');
  });

  test(`it comes at the end of the list, with the composer several lines high: ${width} px`, async ({
    host,
    account,
    guest,
  }) => {
    const bob = await account('Bo');
    const room = await club(host, bob);
    const bo = await guest(bob, `/r/${room.id}`, look);
    await bo.sees('Message 150.');
    await bo.composer.fill(lines(5));
    bo.expectsTrouble();
    await bo.context.setOffline(true);
    bo.cuts();
    await host.postsAll(room, ['New 1', 'New 2']);
    await bo.isBack();
    await expect(bo.log.locator('[data-row="151"] [data-line]')).toBeInViewport({ ratio: 1 });
    const last = bo.log.getByText('New 2');
    await expect(last).toBeInViewport({ ratio: 1 });
    for (const text of [lines(40), lines(2), '']) {
      await bo.composer.fill(text);
      await expect(last, `${text.split('\n').length} lines`).toBeInViewport({ ratio: 1 });
      const [row, composer] = await Promise.all([
        last.boundingBox(),
        bo.page.locator('form:has([data-composer])').boundingBox(),
      ]);
      expect((row?.y ?? 0) + (row?.height ?? 0)).toBeLessThanOrEqual((composer?.y ?? 0) + 0.5);
    }
    await expect(bo.log.locator('[data-line]')).toBeInViewport({ ratio: 1 });
  });
}

for (const look of windows) {
  test(`a key in a text of several lines moves no row: ${look.viewport.width} px`, async ({
    host,
    account,
    guest,
  }) => {
    const bob = await account('Bo');
    const room = await club(host, bob);
    const bo = await guest(bob, `/r/${room.id}`, look);
    await bo.sees('Message 150.');
    await bo.composer.fill(lines(6));
    await expect(bo.log.getByText('Message 150.')).toBeInViewport({ ratio: 1 });
    const atEnd = await notes(bo);
    await bo.composer.press('x');
    await atEnd('at the end of the list');
    await readsFurtherUp(bo);
    const further = await notes(bo);
    await bo.composer.press('y');
    await further('further up');
  });
}
