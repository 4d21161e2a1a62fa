// Watches that nothing one may press moves because of what one does.
import { expect, type Page, type Request } from '@playwright/test';
import { stands } from './axe';

/** What each page has asked the server for and not got yet. */
const asked = new WeakMap<Page, Set<Request>>();

function follow(page: Page): Set<Request> {
  const known = asked.get(page);
  if (known) {
    return known;
  }
  const under = new Set<Request>();
  asked.set(page, under);
  page.on('request', (request) => under.add(request));
  page.on('requestfinished', (request) => under.delete(request));
  page.on('requestfailed', (request) => under.delete(request));
  return under;
}

/** Waits until every answer is there, nothing waits for one, and nothing moves any more. */
export async function settles(page: Page): Promise<void> {
  const under = follow(page);
  await expect(page.locator('[aria-busy="true"]:visible')).toHaveCount(0);
  await expect.poll(() => under.size).toBe(0);
  await page.evaluate(() => new Promise((go) => requestAnimationFrame(() => requestAnimationFrame(go))));
  await stands(page);
}

/**
 * Does something, waits until it is done, and fails when a control has left its place that could be pressed before
 * and can be pressed after, in any frame between. What scrolled along with its box, and what is where it was for
 * the eye while its box scrolled, has not moved. Controls under a dialog or a menu cannot be pressed;
 * toasts go over it and back.
 * `but` selects what moves because the person wants it to, such as the rows of a list that is searched.
 */
export async function keepsStill(
  page: Page,
  what: string,
  act: () => Promise<unknown>,
  but = '.hidden',
): Promise<void> {
  await settles(page);
  await page.evaluate((but) => {
    const pressable =
      'button, a[href], input, select, textarea, label:has(input), [role="menuitem"], [role="option"]';
    const layers = () => [...document.querySelectorAll<HTMLElement>('dialog:modal, :popover-open')];
    const shown = (one: Element) => one.checkVisibility({ visibilityProperty: true, opacityProperty: true });
    const inReach = (one: Element) => {
      const top = layers().at(-1);
      return !top || top.contains(one);
    };
    const at = (one: Element) => {
      const { x, y } = one.getBoundingClientRect();
      let [left, top] = [0, 0];
      for (let up = one.parentElement; up; up = up.parentElement) {
        left += up.scrollLeft;
        top += up.scrollTop;
      }
      return { x, y, left: x + left, top: y + top };
    };
    const hit = (one: Element) => {
      const { x, y, width, height } = one.getBoundingClientRect();
      const found = document.elementFromPoint(x + width / 2, y + height / 2);
      return Boolean(found && (one.contains(found) || found.contains(one)));
    };
    const named = (one: Element) =>
      `${one.localName} “${(one.getAttribute('aria-label') ?? one.getAttribute('name') ?? one.textContent ?? '').trim().slice(0, 40)}”`;
    const all = [...document.querySelectorAll(pressable)]
      .filter((one) => !one.closest(`.hidden, ${but}`) && shown(one) && inReach(one) && hit(one))
      .map((one) => ({ one, from: at(one), layer: one.closest('dialog') }));
    const moved = new Map<Element, string>();
    let over = false;
    const look = () => {
      for (const { one, from, layer } of all) {
        if (
          !moved.has(one) &&
          one.closest('dialog') === layer &&
          one.isConnected &&
          shown(one) &&
          inReach(one)
        ) {
          const now = at(one);
          const x = Math.min(Math.abs(now.x - from.x), Math.abs(now.left - from.left));
          const y = Math.min(Math.abs(now.y - from.y), Math.abs(now.top - from.top));
          if (Math.max(x, y) > 0.5) {
            const way = `${(now.x - from.x).toFixed(1)}, ${(now.y - from.y).toFixed(1)}`;
            moved.set(one, `${named(one)} moved by ${way}`);
          }
        }
      }
      if (!over) {
        requestAnimationFrame(look);
      }
    };
    requestAnimationFrame(look);
    Object.assign(globalThis, {
      still: () => {
        over = true;
        look();
        return [...moved.values()];
      },
    });
  }, but);
  await act();
  await settles(page);
  const moved = await page.evaluate(() => (globalThis as unknown as { still: () => string[] }).still());
  expect.soft(moved, what).toEqual([]);
}

/** Somebody's hand, which is there now and never quite still, until the function is called that it returns. */
export async function moves(act: (step: number) => Promise<unknown>): Promise<() => Promise<void>> {
  await act(0);
  let over = false;
  const moving = (async () => {
    for (let step = 1; !over; step++) {
      await act(step % 2);
    }
  })();
  return () => {
    over = true;
    return moving;
  };
}
