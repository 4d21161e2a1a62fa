// Nothing that one sees jumps while one scrolls through a long history. The browser counts layout shifts there: pages
// of rows are put above the view, and the scroll position follows in the same frame as the wheel. What it counts are
// rows that come into sight, and rows that go the way of the wheel. None may go the other way.
import { Crowd, crowdFlags } from './crowd';
import { expect, test } from './fixtures';

test.use({ flags: crowdFlags });

interface Shift {
  sources: { node: Node | null; previousRect: DOMRect; currentRect: DOMRect }[];
}

for (const look of [
  { viewport: { width: 1_280, height: 800 } },
  { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true },
]) {
  test(`scrolling moves every row the way of the wheel: ${look.viewport.width} px`, async ({
    host,
    account,
    guest,
  }) => {
    const room = await host.makesRoom('long');
    const filler = await guest(host, '/settings');
    const crowd = await Crowd.of(filler, filler.context, room);
    await crowd.posts(1, 1_500);
    const bob = await account('Bo');
    await host.adds(room, bob);
    await bob.reads(room, 1_500);
    const bo = await guest(bob, `/r/${room.id}`, look);
    await bo.sees('Message 1500.');
    const watch = await bo.page.evaluateHandle(() => {
      const log = document.querySelector('[role="log"]') as HTMLElement;
      const seen = { up: 0, down: 0, pages: new Set<string>() };
      const note = (moved: number) => {
        seen.up = Math.min(seen.up, moved);
        seen.down = Math.max(seen.down, moved);
      };
      new PerformanceObserver((list) => {
        for (const { sources } of list.getEntries() as unknown as Shift[]) {
          for (const { node, previousRect: from, currentRect: to } of sources) {
            // A rectangle out of sight is empty.
            if (node && log.contains(node) && from.width && to.width) {
              note(to.y - from.y);
            }
          }
        }
      }).observe({ type: 'layout-shift' });
      const middle = () => {
        const { top, height } = log.getBoundingClientRect();
        const rows = [...log.querySelectorAll<HTMLElement>('[data-row]')];
        return rows.find((row) => row.getBoundingClientRect().bottom > top + height / 2);
      };
      let last: { row: HTMLElement; y: number } | undefined;
      const frame = () => {
        if (last?.row.isConnected) {
          note(last.row.getBoundingClientRect().top - last.y);
        }
        const row = middle();
        last = row && { row, y: row.getBoundingClientRect().top };
        seen.pages.add(log.querySelector<HTMLElement>('[data-row]')?.dataset.row ?? '');
        requestAnimationFrame(frame);
      };
      requestAnimationFrame(frame);
      return {
        firstSeen: () => Number(middle()?.dataset.row),
        take: () => {
          const { up, down, pages } = seen;
          Object.assign(seen, { up: 0, down: 0, pages: new Set() });
          return { up, down, pages: pages.size };
        },
      };
    });
    const wheels = async (by: number, done: (first: number) => boolean) => {
      await bo.log.hover();
      await expect(async () => {
        for (let n = 0; n < 10; n++) {
          await bo.page.mouse.wheel(0, by);
        }
        expect(done(await watch.evaluate((all) => all.firstSeen()))).toBe(true);
      }).toPass({ intervals: [0] });
      return watch.evaluate((all) => all.take());
    };
    const upwards = await wheels(-500, (first) => first < 600);
    // Rows go down when one scrolls up, and never back. Pages have come meanwhile.
    expect(upwards.up).toBeGreaterThanOrEqual(-1);
    expect(upwards.down).toBeGreaterThan(100);
    expect(upwards.pages).toBeGreaterThan(5);
    // What was still under way is no part of the way back.
    await bo.page.evaluate(async () => {
      const log = document.querySelector('[role="log"]') as HTMLElement;
      for (let still = 0, last = -1; still < 20; still++) {
        still = log.scrollTop === last ? still : 0;
        last = log.scrollTop;
        await new Promise(requestAnimationFrame);
      }
    });
    await watch.evaluate((all) => all.take());
    const downwards = await wheels(500, (first) => first > 1_300);
    expect(downwards.down).toBeLessThanOrEqual(1);
    expect(downwards.pages).toBeGreaterThan(5);
  });
}
