// A long room: few rows, little memory, and rows that stay still.
import type { Page } from '@playwright/test';
import { Crowd, crowdFlags } from './crowd';
import { bench, figure } from './figure';
import { expect, test } from './fixtures';

/** As many as a build machine posts in a few seconds. MESSAGES=100000 makes a long test. */
const long = Number(process.env.MESSAGES ?? 20_000);

test.use({ flags: crowdFlags });

test(
  `a room of ${long} messages: few rows, little memory, wheeling up and down keeps the rows still`,
  bench,
  async ({ host, account, guest }) => {
    const room = await host.makesRoom('long');
    const filler = await guest(host, '/settings');
    const crowd = await Crowd.of(filler, filler.context, room);
    const begun = Date.now();
    await crowd.posts(1, long);
    figure(`${long} messages posted`, Date.now() - begun, 'ms');

    const bob = await account('Bo');
    await host.adds(room, bob);
    await bob.reads(room, long);
    const bo = await guest(bob, `/r/${room.id}`);
    await bo.sees(`Message ${long}.`);
    await expect(bo.log.getByText(`Message ${long}.`)).toBeInViewport();

    // Scroll up through the history, page after page.
    await bo.log.hover();
    const watch = await watches(bo.page);
    const before = long - 1_500;
    await expect(async () => {
      for (let n = 0; n < 15; n++) {
        await bo.page.mouse.wheel(0, -600);
      }
      expect(await firstSeen(bo.page)).toBeLessThan(before);
    }).toPass({ intervals: [0] });
    const seen = await watch.evaluate((all) => all.stop());
    expect(seen.rows).toBeLessThanOrEqual(160);
    expect(seen.drift).toBeLessThanOrEqual(1);
    const heap = await heapOf(bo.page);
    figure('frames over 50 ms while wheeling', (100 * seen.slow) / seen.frames, '%', 5);
    figure(`memory in a room of ${long} messages`, heap, 'MB', 30);
    expect(heap).toBeLessThanOrEqual(30);

    await bo.button('Jump to present').click();
    await expect(bo.log.getByText(`Message ${long}.`)).toBeInViewport();

    // Open a link to an old message, and go back.
    await bo.page.goto(`${bo.url}/r/${room.id}/10`);
    await expect(bo.log.getByText('Message 10.')).toBeInViewport();
    const marked = bo.log.locator('[data-row="10"] article');
    await expect(marked).not.toHaveCSS('background-color', 'rgba(0, 0, 0, 0)');
    await expect(bo.log.locator('[data-row="11"] article')).toHaveCSS('background-color', 'rgba(0, 0, 0, 0)');
    await expect(bo.page.getByText('This is the beginning of long.')).toBeAttached();
    await bo.button('Jump to present').click();
    await expect(bo.log.getByText(`Message ${long}.`)).toBeInViewport();
    await expect(bo.page).toHaveURL(`${bo.url}/r/${room.id}`);
  },
);

test(
  'with a thousand messages in a hundred frames, the list stays at its end, or does not move above it',
  bench,
  async ({ host, account, guest }) => {
    const room = await host.makesRoom('busy');
    const filler = await guest(host, '/settings');
    const crowd = await Crowd.of(filler, filler.context, room);
    await crowd.posts(1, 300);
    const [one, two] = [await account('Bo'), await account('Cy')];
    await host.adds(room, one, two);
    await one.reads(room, 300);
    await two.reads(room, 300);
    const bo = await guest(one, `/r/${room.id}`);
    await bo.sees('Message 300.');
    await expect(bo.log.getByText('Message 300.')).toBeInViewport();

    const begun = Date.now();
    await crowd.posts(301, 1_000, 100);
    await expect(bo.log.getByText('Message 1300.')).toBeInViewport();
    figure('1,000 messages at the end of the list', Date.now() - begun, 'ms');
    expect(await bo.log.evaluate((log) => log.scrollHeight - log.scrollTop - log.clientHeight)).toBeLessThan(
      2,
    );
    await expect(bo.button(/new message/)).toHaveCount(0);
    expect(await bo.log.locator('[data-row]').count()).toBeLessThanOrEqual(160);

    const cy = await guest(two, `/r/${room.id}/1280`);
    await cy.sees('Message 1280.');
    await cy.log.hover();
    await expect(async () => {
      await cy.page.mouse.wheel(0, -400);
      expect(await firstSeen(cy.page)).toBeLessThan(1_250);
    }).toPass({ intervals: [50] });
    await rests(cy.page);
    const first = await firstSeen(cy.page);
    const row = cy.log.locator(`[data-row="${first}"]`);
    const top = (await row.boundingBox())?.y ?? 0;
    const watch = await watches(cy.page);
    await crowd.posts(1_301, 1_000, 100);
    await expect(cy.button('1,000 new messages')).toBeVisible();
    const seen = await watch.evaluate((all) => all.stop());
    expect(await firstSeen(cy.page)).toBe(first);
    expect(Math.abs(((await row.boundingBox())?.y ?? 0) - top)).toBeLessThanOrEqual(1);
    expect(seen.rows).toBeLessThanOrEqual(160);
    figure('frames over 50 ms while 1,000 messages come below', (100 * seen.slow) / seen.frames, '%');

    await cy.button('1,000 new messages').click();
    await expect(cy.log.getByText('Message 2300.')).toBeInViewport();
    await expect(cy.button(/new message/)).toHaveCount(0);
  },
);

/** The seq of the first visible row. */
function firstSeen(page: Page): Promise<number> {
  return page.evaluate(() => {
    const log = document.querySelector('[role="log"]') as HTMLElement;
    const top = log.getBoundingClientRect().top;
    const rows = [...log.querySelectorAll<HTMLElement>('[data-row]')];
    return Number(rows.find((row) => row.getBoundingClientRect().bottom > top + 1)?.dataset.row);
  });
}

/** Waits until scrolling has ended. */
function rests(page: Page): Promise<void> {
  return page.evaluate(async () => {
    const log = document.querySelector('[role="log"]') as HTMLElement;
    for (let still = 0, last = -1; still < 20; still++) {
      if (log.scrollTop !== last) {
        still = 0;
        last = log.scrollTop;
      }
      await new Promise(requestAnimationFrame);
    }
  });
}

/**
 * Watches each frame: its length, the rows in the DOM, and by how much a row that is on the screen moves
 * against the scroll position's own change when rows come or go.
 */
function watches(page: Page) {
  return page.evaluateHandle(() => {
    const log = document.querySelector('[role="log"]') as HTMLElement;
    const seen = { frames: 0, slow: 0, rows: 0, drift: 0 };
    let on = true;
    let last = performance.now();
    const frame = (now: number) => {
      seen.frames++;
      seen.slow += now - last > 50 ? 1 : 0;
      seen.rows = Math.max(seen.rows, log.querySelectorAll('[data-row]').length);
      last = now;
      if (on) {
        requestAnimationFrame(frame);
      }
    };
    requestAnimationFrame(frame);

    // Rows are put in and taken out in one step: a row that stays must be where it was before it.
    const middle = () => {
      const { top, height } = log.getBoundingClientRect();
      const rows = [...log.querySelectorAll<HTMLElement>('[data-row]')];
      return rows.find((row) => row.getBoundingClientRect().bottom > top + height / 2);
    };
    let anchor: { row: HTMLElement; at: number; scroll: number } | undefined;
    const note = () => {
      const row = middle();
      anchor = row && { row, at: row.getBoundingClientRect().top, scroll: log.scrollTop };
    };
    log.addEventListener('scroll', note, { capture: true });
    new MutationObserver(() => {
      if (anchor?.row.isConnected) {
        seen.drift = Math.max(seen.drift, Math.abs(anchor.row.getBoundingClientRect().top - anchor.at));
      }
      note();
    }).observe(log, { childList: true, subtree: true });
    note();
    return {
      stop: () => {
        on = false;
        return seen;
      },
    };
  });
}

async function heapOf(page: Page): Promise<number> {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('HeapProfiler.enable');
  await cdp.send('HeapProfiler.collectGarbage');
  await cdp.send('Performance.enable');
  const { metrics } = await cdp.send('Performance.getMetrics');
  return (metrics.find((one) => one.name === 'JSHeapUsedSize')?.value ?? 0) / 1e6;
}
