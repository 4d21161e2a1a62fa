// Toasts: above the composer, a few at a time, and each for as long as it is needed.
import { expect, type Guest, test } from './fixtures';
import { expectAboveComposer, newVersionComes, toasts } from './toasts';

async function copies(one: Guest, text: string, what: 'Copy text' | 'Copy link'): Promise<void> {
  await one.pointsAt(text);
  await one.row(text).getByRole('button', { name: 'More actions' }).click();
  await one.page.getByRole('menuitem', { name: what }).click();
}

test('toasts are above the composer, whatever its height', async ({ host, guest }) => {
  const ada = await guest(host);
  await ada.opens('general');
  await ada.sends('Take my words');
  await ada.hasSent();
  await newVersionComes(ada);
  await copies(ada, 'Take my words', 'Copy text');
  await expect(toasts(ada)).toHaveCount(2);
  await expectAboveComposer(ada);
  await ada.composer.fill(Array.from({ length: 8 }, (_, n) => `Line ${n}`).join('\n'));
  await expectAboveComposer(ada);
  await ada.composer.fill('');
  await expectAboveComposer(ada);
  await ada.button(/^Show members/).click();
  await expectAboveComposer(ada);
});

test('the toast that offers to reload waits for the person; others go, also when looked at late', async ({
  host,
  guest,
}) => {
  const ada = await guest(host);
  await ada.opens('general');
  await ada.sends('Take my words');
  await ada.hasSent();
  await newVersionComes(ada);
  await ada.page.clock.install();
  await copies(ada, 'Take my words', 'Copy text');
  const copied = toasts(ada).filter({ hasText: 'Copied' });
  await expect(copied).toBeVisible();
  // While the pointer or the focus is on it, it stays.
  await copied.hover();
  await ada.page.clock.fastForward(60_000);
  await expect(copied).toBeVisible();
  await copied.getByRole('button', { name: 'Close' }).focus();
  await ada.page.mouse.move(0, 0);
  await ada.page.clock.fastForward(60_000);
  await expect(copied).toBeVisible();
  await ada.composer.focus();
  await ada.page.clock.fastForward(6_000);
  await expect(copied).toHaveCount(0);
  await ada.page.clock.fastForward(600_000);
  await expect(ada.button('Reload')).toBeVisible();
});

test('a few toasts are shown at a time, the others wait, and each is said once', async ({
  host,
  account,
  guest,
}) => {
  const room = await host.room('general');
  const others = await Promise.all(['Bo', 'Cai', 'Dee', 'Eve'].map((name) => account(name)));
  const ada = await guest(host, `/r/${room.id}`);
  await newVersionComes(ada);
  // Everything that a screen reader is told: what comes into the region after it is there.
  await ada.page.evaluate(() => {
    const said: string[] = [];
    Object.assign(window, { said });
    const region = document.querySelector('[class~="Toast_toast"]')?.parentElement;
    new MutationObserver((list) => {
      for (const node of list.flatMap((one) => [...one.addedNodes])) {
        said.push(node.textContent ?? '');
      }
    }).observe(region as Element, { childList: true, subtree: true });
  });
  await ada.button(/^Show members/).click();
  await ada.page.clock.install();
  for (const one of others) {
    await ada.page.getByRole('complementary').getByText(`@${one.user.name}`).click();
    await ada.page.getByRole('button', { name: 'Block', exact: true }).click();
    await ada.dialog.getByRole('button', { name: 'Block', exact: true }).click();
    await expect(ada.dialog).toHaveCount(0);
  }
  // A toast under the pointer waits.
  await ada.page.mouse.move(5, 5);
  await expect(toasts(ada)).toHaveCount(4);
  await expect(toasts(ada).filter({ hasText: 'Eve' })).toHaveCount(0);
  await ada.page.clock.fastForward(6_000);
  await expect(toasts(ada).filter({ hasText: 'Eve' })).toBeVisible();
  await expect(ada.button('Reload')).toBeVisible();
  const region = toasts(ada).first().locator('..');
  await expect(region).toHaveAttribute('aria-atomic', 'false');
  const said = await ada.page.evaluate(() => (window as unknown as { said: string[] }).said);
  expect(said.map((text) => text.match(/Bo|Cai|Dee|Eve/)?.[0])).toEqual(['Bo', 'Cai', 'Dee', 'Eve']);
});

test('a toast that comes while a dialog is open can be read and closed', async ({ host, account, guest }) => {
  await account('Bo');
  const ada = await guest(host, '/server/people');
  await ada.button('Manage Bo').click();
  await ada.dialog.getByRole('button', { name: 'Sign out everywhere' }).click();
  await ada.answers('Sign out everywhere');
  const toast = toasts(ada).filter({ hasText: 'Bo' });
  await toast.getByRole('button', { name: 'Close' }).click();
  await expect(toast).toHaveCount(0);
  await expect(ada.dialog).toHaveCount(1);
  // The next one is at the foot of the page again.
  await ada.page.keyboard.press('Escape');
  await expect(ada.dialog).toHaveCount(0);
  // Its entry of the history is taken back after it. That step would end the loading of a page.
  await expect.poll(() => ada.page.evaluate(() => history.state?.depth ?? 0)).toBe(0);
  await ada.page.goto(`${ada.url}/`);
  await newVersionComes(ada);
  await expectAboveComposer(ada);
});
