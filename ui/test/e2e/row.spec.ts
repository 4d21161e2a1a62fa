// Where the parts of a message stand, from narrow windows to very wide ones.
import type { Locator } from '@playwright/test';
import { expect, test } from './fixtures';

const long =
  'A long message that needs more than one line on any screen, as people write them when they explain. ';

/** How wide the empty place between the text and the toolbar is, and what the toolbar covers besides its row. */
function place(row: Locator) {
  return row.evaluate((article) => {
    const bar = article.querySelector('[role="toolbar"]')?.getBoundingClientRect() ?? new DOMRect();
    const text = document.createRange();
    text.selectNodeContents(article.querySelector('.markdown') ?? article);
    const head = article.querySelector('bdi')?.parentElement;
    const ends = [
      ...text.getClientRects(),
      ...[...(head?.children ?? [])].map((one) => one.getBoundingClientRect()),
    ];
    const own = article.getBoundingClientRect();
    return {
      gap: Math.round(bar.left - Math.max(...ends.map((rect) => rect.right))),
      above: Math.round(own.top - bar.top),
      below: Math.round(bar.bottom - own.bottom),
      beside: Math.round(Math.max(own.left - bar.left, bar.right - own.right)),
      window: Math.round(bar.right - innerWidth),
    };
  });
}

test('the tools of a message stand beside its text and over no other row', async ({
  host,
  account,
  guest,
}) => {
  const room = await host.room('general');
  const bo = await account('Bo');
  await bo.postsAll(room, ['First of the day', 'tiny', `${long}${long}`, 'שלום לכולם']);
  await host.postsAll(room, ['Mine', `Long of mine. ${long}${long}`]);
  const ada = await guest(host, `/r/${room.id}`);
  await ada.sees('Mine');
  for (const width of [720, 1024, 1280, 1920, 2560]) {
    await ada.page.setViewportSize({ width, height: 900 });
    for (const text of ['First of the day', 'tiny', 'A long message', 'שלום', 'Mine', 'Long of mine']) {
      const at = await place(await ada.pointsAt(text));
      const where = `${text} at ${width}`;
      expect(at.above, where).toBeLessThanOrEqual(0);
      expect(at.below, where).toBeLessThanOrEqual(8);
      expect(at.beside, where).toBeLessThanOrEqual(0);
      expect(at.window, where).toBeLessThanOrEqual(0);
      expect(at.gap, where).toBeLessThanOrEqual(24);
      if (width >= 1280) {
        expect(at.gap, where).toBeGreaterThanOrEqual(0);
      }
    }
  }
});

test('a very wide window has the messages and the composer in its middle', async ({ host, guest }) => {
  const room = await host.room('general');
  await host.postsAll(room, ['Hello', `${long}${long}${long}`]);
  const ada = await guest(host, `/r/${room.id}`, { viewport: { width: 2560, height: 900 } });
  await ada.sees('Hello');
  const boxes = () =>
    ada.page.evaluate(() => {
      const pane = document.querySelector('main')?.getBoundingClientRect() ?? new DOMRect();
      const sides = (one: Element | null | undefined) => {
        const box = one?.getBoundingClientRect() ?? new DOMRect();
        return { left: box.left - pane.left, right: pane.right - box.right, width: box.width };
      };
      return { row: sides(document.querySelector('article')), form: sides(document.querySelector('form')) };
    });
  const { row, form } = await boxes();
  expect(row.width).toBeLessThan(1100);
  for (const one of [row, form]) {
    // A scroll bar may take its place on one side.
    expect(Math.abs(one.left - one.right)).toBeLessThanOrEqual(20);
  }
  expect(Math.abs(row.left - form.left)).toBeLessThanOrEqual(20);
  await ada.page.setViewportSize({ width: 700, height: 900 });
  expect((await boxes()).row.left).toBeLessThanOrEqual(1);
});

test('"edited" follows the last word', async ({ host, guest }) => {
  const room = await host.room('general');
  const { seq } = await host.posts(room, 'One line');
  const ada = await guest(host, `/r/${room.id}`);
  for (const body of ['Changed', 'Two paragraphs\n\nThe second', `${long}${long}${long}`]) {
    await host.ask('PATCH', `/rooms/${room.id}/messages/${seq}`, { body });
    await ada.sees(body.split('\n')[0]?.trim() ?? '');
    const edited = ada.log.getByText('edited', { exact: true });
    const gap = () =>
      edited.evaluate((one) => {
        const text = document.createRange();
        text.selectNodeContents(document.querySelector('[role="log"] .markdown p:last-child') ?? one);
        const last = [...text.getClientRects()].at(-1) ?? new DOMRect();
        const box = one.getBoundingClientRect();
        // On the same line and right behind the text.
        return box.top < last.bottom && box.bottom > last.top
          ? Math.round(box.left - last.right)
          : 'another line';
      });
    await expect.poll(gap, body).toBeGreaterThanOrEqual(2);
    expect(await gap(), body).toBeLessThanOrEqual(12);
  }
});

test('the composer has a ring when a key brought the focus, and none when one clicked or opened the room', async ({
  host,
  guest,
}) => {
  const room = await host.room('general');
  await host.posts(room, 'Hello');
  const ada = await guest(host, `/r/${room.id}`);
  await ada.sees('Hello');
  await expect(ada.composer).toBeFocused();
  const ring = () => ada.composer.evaluate((one) => getComputedStyle(one.parentElement ?? one).outlineStyle);
  expect(await ring()).toBe('none');
  await ada.page.keyboard.press('Shift+Tab');
  await ada.page.keyboard.press('Escape');
  await expect(ada.composer).toBeFocused();
  expect(await ring()).toBe('solid');
  await ada.composer.click();
  expect(await ring()).toBe('none');
  await ada.page.keyboard.type('Words do not bring it back');
  expect(await ring()).toBe('none');
});
