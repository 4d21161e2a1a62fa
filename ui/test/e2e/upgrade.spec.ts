// The server is upgraded while tabs are open: two binaries with a client each.
import { plainHost } from '../../playwright.config';
import { expect, type Guest, test } from './fixtures';
import { nextVersion } from './nextVersion';
import { toasts } from './toasts';

const half = 'Half a thought';

/** The build that the page belongs to; the first has no name. */
const buildOf = ({ page }: Guest) => page.evaluate(() => document.documentElement.dataset.build);

const newVersion = (one: Guest) => toasts(one).filter({ hasText: 'A new version is ready.' });

async function isOffered(one: Guest): Promise<void> {
  await expect(newVersion(one)).toHaveCount(1);
  expect(await buildOf(one)).toBeUndefined();
}

async function reloads(one: Guest, button = newVersion(one).getByRole('button', { name: 'Reload' })) {
  await button.click();
  await expect.poll(() => buildOf(one).catch(() => '')).toBe('next');
}

test('an open tab offers to load the new client, works on meanwhile and keeps the draft', async ({
  server,
  host,
  guest,
}) => {
  const binary = await nextVersion();
  const room = await host.room('general');
  const ada = await guest(host, `/r/${room.id}`);
  ada.expectsTrouble();
  await ada.page.evaluate(async () => {
    await navigator.serviceWorker.ready;
  });
  await ada.composer.fill(half);
  await server.upgrades(binary);
  await isOffered(ada);
  await expect(ada.composer).toHaveValue(half);
  // What the old client fetches only now is gone from the server, and kept in this browser.
  for (const [path, title] of [
    ['/settings', 'Settings'],
    ['/server', 'Server settings'],
    ['/notifications', 'Notifications'],
  ] as const) {
    await ada.page.evaluate((path) => {
      history.pushState(null, '', path);
      dispatchEvent(new PopStateEvent('popstate'));
    }, path);
    await expect(ada.title(title)).toBeVisible();
  }
  await ada.opens('general');
  await ada.button('Emoji').click();
  await expect(ada.page.getByPlaceholder('Search emoji')).toBeVisible();
  await ada.page.keyboard.press('Escape');
  await expect(ada.composer).toHaveValue(half);
  expect(await buildOf(ada), 'nothing reloads by itself').toBeUndefined();

  await reloads(ada);
  await expect(ada.composer).toHaveValue(half);
  await ada.composer.press('Enter');
  await ada.sees(half);
  await ada.hasSent();
  await expect(newVersion(ada)).toHaveCount(0);
});

test.describe('without a service worker', () => {
  test.use({ hostname: plainHost });

  test('what an old tab cannot fetch any more is said in its place, with a way to go on', async ({
    server,
    host,
    guest,
  }) => {
    const binary = await nextVersion();
    const room = await host.room('general');
    const ada = await guest(host, `/r/${room.id}`);
    ada.expectsTrouble();
    ada.expected.push(/status of 404|Refused to apply style/);
    await ada.composer.fill(half);
    await server.upgrades(binary);
    await isOffered(ada);

    // A card or a picker: the offer comes again when it was closed.
    await newVersion(ada).getByRole('button', { name: 'Close' }).click();
    await expect(newVersion(ada)).toHaveCount(0);
    await ada.button('Emoji').click();
    await isOffered(ada);
    await expect(ada.page.getByPlaceholder('Search emoji')).toHaveCount(0);

    // A page.
    await ada.rooms.locator('footer').getByRole('button', { name: 'Settings' }).click();
    const main = ada.page.locator('[data-region="main"]');
    await expect(main.getByText('This part could not be loaded.')).toBeVisible();
    await ada.opens('general');
    await expect(ada.composer).toHaveValue(half);
    await ada.rooms.locator('footer').getByRole('button', { name: 'Settings' }).click();
    await reloads(ada, main.getByRole('button', { name: 'Reload' }));
    await expect(ada.title('Settings')).toBeVisible();
    await ada.opens('general');
    await expect(ada.composer).toHaveValue(half);
  });

  test('while the server is away, a page that was not fetched yet waits for it', async ({ host, guest }) => {
    const ada = await guest(host, '/r/1');
    await expect(ada.composer).toBeVisible();
    await ada.goesOffline();
    await ada.rooms.locator('footer').getByRole('button', { name: 'Settings' }).click();
    const main = ada.page.locator('[data-region="main"]');
    await expect(main.getByText('This part could not be loaded.')).toBeVisible();
    await expect(newVersion(ada)).toHaveCount(0);
    // Reloading would lose the page as long as the server is away.
    await main.getByRole('button', { name: 'Reload' }).click();
    await expect(main.getByText('This part could not be loaded.')).toBeVisible();
    // Then it comes by itself.
    await ada.isBack();
    await expect(ada.title('Settings')).toBeVisible();
    await expect(newVersion(ada)).toHaveCount(0);
  });

  test('who is cut off before the socket notices is not told of a new version', async ({ host, guest }) => {
    const ada = await guest(host, '/r/1');
    await expect(ada.composer).toBeVisible();
    // What tells of it has come.
    await expect(ada.page.locator('[role=status][aria-atomic=false]')).toBeAttached();
    ada.expectsTrouble();
    await ada.context.route('**/*', (route) => route.abort());
    await ada.rooms.locator('footer').getByRole('button', { name: 'Settings' }).click();
    const main = ada.page.locator('[data-region="main"]');
    await expect(main.getByText('This part could not be loaded.')).toBeVisible();
    await expect(ada.page.getByText('The server cannot be reached.')).toBeVisible();
    await expect(newVersion(ada)).toHaveCount(0);
  });
});
