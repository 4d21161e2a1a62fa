// Toasts on a phone: above the composer, also with the keyboard on the screen.
import { expect, test } from './fixtures';
import { expectAboveComposer, newVersionComes, toasts } from './toasts';

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
