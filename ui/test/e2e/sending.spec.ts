// Sending a message, from the key to the other person's screen.
import { randomUUID } from 'node:crypto';
import type { Page } from '@playwright/test';
import { bench, figure } from './figure';
import { expect, test } from './fixtures';

test('messages show on both screens soon, in the same order', bench, async ({ host, guest }) => {
  const ada = await guest(host);
  const bo = await guest('Bo');
  const times: number[] = [];
  const said: string[] = [];
  for (let n = 1; n <= 10; n++) {
    const [by, other] = n % 3 ? [ada, bo] : [bo, ada];
    const text = `Number ${n}.`;
    said.push(text);
    const shown = shownAt(other.page, text);
    await by.composer.fill(text);
    const pressed = await by.page.evaluate(() => Date.now());
    await by.composer.press('Enter');
    times.push((await shown) - pressed);
  }
  await expect(ada.texts).toHaveText(said);
  await expect(bo.texts).toHaveText(said);
  times.sort((a, b) => a - b);
  figure('from Enter to the other screen, longest of ten', times.at(-1) ?? 0, 'ms', 300);
  figure('from Enter to the other screen, median of ten', times[5] ?? 0, 'ms');
});

test('two people write at once and see the same order', async ({ host, guest }) => {
  const ada = await guest(host);
  const bo = await guest('Bo');
  const write = async (who: typeof ada) => {
    for (let n = 1; n <= 12; n++) {
      await who.composer.fill(`${who.name} ${n}.`);
      await who.composer.press('Enter');
    }
  };
  await Promise.all([write(ada), write(bo)]);
  await expect(ada.texts).toHaveCount(24);
  await ada.hasSent();
  const room = await host.room('general');
  const stored = (await host.history(room)).map((message) => message.body);
  await expect(ada.texts).toHaveText(stored);
  await expect(bo.texts).toHaveText(stored);
  const own = stored.filter((body) => body.startsWith('Bo'));
  expect(own).toEqual(Array.from({ length: 12 }, (_, n) => `Bo ${n + 1}.`));
});

test('a person who types is named until their message is there', async ({ host, guest }) => {
  const ada = await guest(host);
  const ming = await guest('小明');
  await ada.opens('general');
  await ming.opens('general');
  await ming.composer.pressSequentially('hm');
  await expect(ada.page.getByText('小明 is typing…')).toBeVisible();
  await expect(ming.page.getByText(/is typing/)).toHaveCount(0);
  await ming.composer.press('Enter');
  await ada.sees('hm');
  await expect(ada.page.getByText(/is typing/)).toHaveCount(0);
});

test('Enter sends, Shift+Enter breaks the line', async ({ host, guest }) => {
  const ada = await guest(host);
  await ada.composer.pressSequentially('One');
  await ada.composer.press('Shift+Enter');
  await ada.composer.pressSequentially('Two');
  await expect(ada.composer).toHaveValue('One\nTwo');
  await expect(ada.texts).toHaveCount(0);
  await ada.composer.press('Enter');
  await expect(ada.composer).toHaveValue('');
  await expect(ada.texts).toHaveCount(1);
  await ada.hasSent();
  expect((await host.history(await host.room('general'))).map((message) => message.body)).toEqual([
    'One\nTwo',
  ]);
  // Spaces alone are not sent.
  await ada.composer.fill('  \n ');
  await ada.composer.press('Enter');
  await expect(ada.button('Send')).toBeDisabled();
  await expect(ada.texts).toHaveCount(1);
});

test("Enter while composing never sends, in Chrome's order of events or Safari's", async ({
  host,
  guest,
}) => {
  const ada = await guest(host);
  await ada.composer.focus();
  const keys = await ada.context.newCDPSession(ada.page);
  const compose = (text: string) =>
    keys.send('Input.imeSetComposition', { text, selectionStart: text.length, selectionEnd: text.length });
  const press = (key: string, code: number) =>
    keys.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', key, code: key, windowsVirtualKeyCode: code });

  await compose('ni hao');
  await press('Enter', 13);
  await press('ArrowUp', 38);
  await press('Escape', 27);
  await expect(ada.composer).toHaveValue('ni hao');
  await keys.send('Input.insertText', { text: '你好' });
  await expect(ada.composer).toHaveValue('你好');

  // Safari ends the composition first and then sends the Enter, marked 229 and no longer composing.
  const sent = await ada.composer.evaluate((field) => {
    field.dispatchEvent(new CompositionEvent('compositionend', { data: '你好', bubbles: true }));
    const enter = { key: 'Enter', keyCode: 229, bubbles: true, cancelable: true };
    return !field.dispatchEvent(new KeyboardEvent('keydown', enter));
  });
  expect(sent).toBe(false);
  await expect(ada.composer).toHaveValue('你好');
  await expect(ada.texts).toHaveCount(0);

  await ada.composer.press('Enter');
  await expect(ada.texts).toHaveText(['你好']);

  // Composing in an empty field: the arrow chooses a candidate and does not edit the last message.
  await compose('shi');
  await press('ArrowUp', 38);
  await expect(ada.page.getByLabel('Edit your message')).toHaveCount(0);
  await keys.send('Input.insertText', { text: '是' });
  await ada.composer.press('Enter');
  await expect(ada.texts).toHaveText(['你好', '是']);

  // The same in the field of an edit.
  await ada.hasSent();
  await ada.composer.press('ArrowUp');
  await expect(ada.page.getByLabel('Edit your message')).toBeFocused();
  await compose('de');
  await press('Enter', 13);
  await press('Escape', 27);
  await expect(ada.page.getByLabel('Edit your message')).toBeFocused();
  await keys.send('Input.insertText', { text: '的' });
  await ada.page.keyboard.press('Enter');
  await expect(ada.texts).toHaveText(['你好', '是的']);
});

test('an own message shows at once and keeps its row when it is stored', bench, async ({ host, guest }) => {
  const room = await host.room('general');
  await host.postsAll(
    room,
    Array.from({ length: 30 }, (_, n) => `Earlier ${n}.`),
  );
  const ada = await guest(host);
  await ada.sees('Earlier 29.');
  const times: number[] = [];
  for (let n = 1; n <= 5; n++) {
    const text = `At once ${n}`;
    await ada.composer.fill(text);
    const shown = await ada.page.evaluate(async (text) => {
      const log = document.querySelector('[role="log"]') as HTMLElement;
      const field = document.querySelector('[data-composer]') as HTMLTextAreaElement;
      const begun = performance.now();
      const enter = { key: 'Enter', keyCode: 13, bubbles: true, cancelable: true };
      field.dispatchEvent(new KeyboardEvent('keydown', enter));
      const last = () => [...log.querySelectorAll('[data-row]')].at(-1) as HTMLElement;
      while (!last().textContent?.includes(text)) {
        await new Promise(requestAnimationFrame);
      }
      const took = performance.now() - begun;
      const row = last();
      const pending = row.dataset.row;
      const top = row.getBoundingClientRect().top;
      Object.assign(globalThis, { watched: row });
      while (row.dataset.row === 'pending') {
        await new Promise(requestAnimationFrame);
      }
      await new Promise(requestAnimationFrame);
      return {
        took,
        pending,
        same: row.isConnected && last() === row,
        moved: Math.abs(row.getBoundingClientRect().top - top),
        below: log.scrollHeight - log.scrollTop - log.clientHeight,
      };
    }, text);
    expect(shown.pending).toBe('pending');
    expect(shown.same).toBe(true);
    expect(shown.moved).toBeLessThanOrEqual(1);
    expect(shown.below).toBeLessThanOrEqual(1);
    times.push(shown.took);
  }
  figure(`from Enter to the own screen, longest of ${times.length}`, Math.max(...times), 'ms', 50);
});

test.describe('with short messages', () => {
  test.use({ flags: ['--message-characters', '20'] });

  test('the composer says that a text is too long before it is sent', async ({ host, guest }) => {
    const ada = await guest(host);
    await ada.composer.fill('x'.repeat(23));
    await expect(ada.page.getByText('3 characters too long')).toBeVisible();
    await ada.composer.press('Enter');
    await expect(ada.button('Send')).toBeDisabled();
    await expect(ada.composer).toHaveValue('x'.repeat(23));
    await ada.composer.fill('你'.repeat(20));
    await ada.composer.press('Enter');
    await ada.sees('你'.repeat(20));
  });
});

test('the same client id gives one message', async ({ host, guest }) => {
  const room = await host.room('general');
  const ada = await guest(host);
  const id = randomUUID();
  const [one, two] = await Promise.all([
    host.posts(room, 'Only once', id),
    host.posts(room, 'Only once', id),
  ]);
  expect(two.seq).toBe(one.seq);
  await host.posts(room, 'After it');
  await ada.sees('After it');
  await expect(ada.texts).toHaveText(['Only once', 'After it']);
});

/** When a text shows on a page, by the page's clock. */
function shownAt(page: Page, text: string): Promise<number> {
  return page.evaluate(async (text) => {
    while (!document.querySelector('[data-region="main"]')?.textContent?.includes(text)) {
      await new Promise(requestAnimationFrame);
    }
    return Date.now();
  }, text);
}
