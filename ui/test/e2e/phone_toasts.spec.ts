// Toasts on a phone: above the composer, also with the keyboard on the screen.
import { expect, type Guest, test } from './fixtures';
import { keepsStill } from './still';
import { coveredByToasts, expectAboveComposer, newVersionComes, toasts } from './toasts';

test('toasts are above the composer, with eight lines and with a keyboard', async ({ host, guest }) => {
  const room = await host.room('general');
  const ada = await guest(host, `/r/${room.id}`);
  await newVersionComes(ada);
  await expect(toasts(ada)).toHaveCount(1);
  await expectAboveComposer(ada);
  await ada.composer.fill(Array.from({ length: 8 }, (_, n) => `Line ${n}`).join('\n'));
  await expectAboveComposer(ada);
  // Most browsers shrink the page for the keyboard.
  await ada.page.setViewportSize({ width: 390, height: 480 });
  await expectAboveComposer(ada);
  await ada.page.setViewportSize({ width: 390, height: 844 });
  // On iOS the keyboard covers the page, and kit/keyboard.ts makes the app lower.
  await ada.page.evaluate(() => {
    const app = document.getElementById('app');
    if (app) {
      app.style.height = '480px';
    }
  });
  await expectAboveComposer(ada);
});

/** The words of the newest message that lie under a toast, once everything has found its place. */
const lastIsCovered = (one: Guest) =>
  one.page.evaluate(async () => {
    await new Promise((go) => requestAnimationFrame(() => requestAnimationFrame(go)));
    await Promise.all(document.getAnimations().map((one) => one.finished.catch(() => undefined)));
    const last = [...document.querySelectorAll('[role="log"] .markdown')].at(-1) as Element;
    const a = last.getBoundingClientRect();
    return [...document.querySelectorAll('[class~="Toast_toast"]:not([inert])')].some((toast) => {
      const b = toast.getBoundingClientRect();
      return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
    });
  });

for (const locale of ['en-US', 'zh-CN']) {
  test(`a toast that stays leaves the last message and the focus in sight: ${locale}`, async ({
    host,
    account,
    guest,
  }) => {
    const bo = await account('Bo');
    const room = await host.room('general');
    const words = (n: number) => `Message ${n}, with as many words as fill the line of a phone.`;
    await bo.postsAll(
      room,
      Array.from({ length: 30 }, (_, n) => words(n)),
    );
    await host.reads(room, 30);
    const ada = await guest(host, `/r/${room.id}`, { locale, viewport: { width: 360, height: 640 } });
    await ada.sees(words(29));
    await newVersionComes(ada, locale === 'zh-CN' ? '新版本已就绪。' : undefined);
    await expect.poll(() => lastIsCovered(ada)).toBe(false);
    // One that comes, one of several lines, one from here, and one that is edited.
    await bo.posts(room, 'Short');
    await ada.sees('Short');
    await expect.poll(() => lastIsCovered(ada)).toBe(false);
    const long = await bo.posts(
      room,
      Array.from({ length: 6 }, (_, n) => `Line ${n} ${words(n)}`).join('\n'),
    );
    await ada.sees(/Line 5 /);
    await expect.poll(() => lastIsCovered(ada)).toBe(false);
    await ada.composer.fill('From Ada');
    await ada.page.locator('[data-composer] ~ [type="submit"]').tap();
    await ada.sees('From Ada');
    await expect.poll(() => lastIsCovered(ada)).toBe(false);
    // Back at the end after reading further up.
    await ada.log.evaluate((log) => log.scrollBy(0, -900));
    await bo.ask('DELETE', `/rooms/${room.id}/messages/${long.seq}`);
    await ada.log.evaluate((log) => log.scrollBy(0, 2_000));
    await expect.poll(() => lastIsCovered(ada)).toBe(false);
    await expectAboveComposer(ada);
  });
}

test('a toast that comes along into a dialog has its place before something is pressed', async ({
  host,
  guest,
}) => {
  const ada = await guest(host, '/server/invites', { viewport: { width: 320, height: 568 } });
  await newVersionComes(ada);
  // The dialog takes its place slowly, as on a busy machine.
  await ada.page.evaluate(() => document.documentElement.style.setProperty('--slow', '2s'));
  await ada.button('Make a link').tap();
  const copy = ada.dialog.getByRole('button', { name: 'Copy' });
  await expect(copy).toBeVisible();
  await keepsStill(ada.page, 'the invite is copied', () => copy.tap());
});

test('a toast leaves a message that is being edited in sight', async ({ host, guest }) => {
  const room = await host.room('general');
  await host.postsAll(
    room,
    Array.from({ length: 20 }, (_, n) => `Message ${n}`),
  );
  const ada = await guest(host, `/r/${room.id}`, { viewport: { width: 320, height: 568 } });
  await ada.taps('Message 19');
  await ada.row('Message 19').getByRole('button', { name: 'More actions' }).tap();
  await ada.dialog.getByRole('button', { name: 'Edit message' }).tap();
  await expect(ada.button('Save')).toBeVisible();
  // It comes over a dialog, and stays when that is closed.
  await ada.taps('Message 18');
  await ada.row('Message 18').getByRole('button', { name: 'More actions' }).tap();
  await newVersionComes(ada);
  await ada.page.keyboard.press('Escape');
  await expect(ada.dialog).toHaveCount(0);
  await expect.poll(() => coveredByToasts(ada)).toEqual([]);
  // A line more moves the buttons.
  await ada.log.locator('textarea').fill('One\nTwo\nThree');
  await ada.page.locator('h1').evaluate((one: HTMLElement) => one.focus());
  await expect.poll(() => coveredByToasts(ada)).toEqual([]);
});
