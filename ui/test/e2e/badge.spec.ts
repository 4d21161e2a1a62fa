// What is for the reader alone is counted in the title of the tab and on the icon of the installed app, and the icon of
// the tab has a dot. All three follow what is read, also in another tab or on another device.
import { randomUUID } from 'node:crypto';
import { type Account, expect, type Guest, test } from './fixtures';
import { Program } from './program';

/** Notes what the app asks of the browser: nothing tells what the icon shows. */
async function notes({ context }: Guest): Promise<void> {
  await context.addInitScript(() => {
    const calls: number[] = [];
    Object.assign(window, { badges: calls });
    Object.assign(Navigator.prototype, {
      setAppBadge: async (count: number) => void calls.push(count),
    });
  });
}

async function shows(one: Guest, count: number, unread = count > 0): Promise<void> {
  await expect(one.page).toHaveTitle(count ? new RegExp(`^\\(${count}\\) `) : /^[^(]/);
  const badge = () => one.page.evaluate(() => (window as unknown as { badges: number[] }).badges.at(-1));
  await expect.poll(badge).toBe(count);
  await expect(one.page.locator('link[rel="icon"]')).toHaveAttribute(
    'href',
    unread ? '/icon-unread.svg' : '/icon.svg',
  );
}

async function comes(guest: (who: Account, path?: string) => Promise<Guest>, who: Account): Promise<Guest> {
  const one = await guest(who);
  await notes(one);
  await one.page.goto(`${one.url}/r/1`);
  return one;
}

test('title, tab and app icon count what is for the reader, and forget it once it is read elsewhere', async ({
  host,
  account,
  guest,
}) => {
  const bo = await account('Bo Chen');
  const design = await host.makesRoom('design');
  await host.adds(design, bo);
  const direct = await host.writesTo(bo);
  const program = await Program.madeBy(host);
  const one = await comes(guest, bo);
  const two = await one.opensTab('/r/1');
  await shows(one, 0);

  await host.posts(design, 'For everyone.');
  for (const tab of [one, two]) {
    await shows(tab, 0, true);
  }
  await host.posts(direct, 'For you.');
  await host.posts(direct, 'And this.');
  for (const tab of [one, two]) {
    await shows(tab, 2);
  }
  await program.notifies([bo], 'Your parcel is here', { key: randomUUID() });
  for (const tab of [one, two]) {
    await shows(tab, 3);
  }

  // Read in the other tab.
  await two.page.bringToFront();
  await two.opens('Ada Lovelace');
  await two.sees('And this.');
  for (const tab of [one, two]) {
    await shows(tab, 1);
  }
  // Read on another device.
  await bo.reads(design, 1);
  await bo.ask('PUT', '/notifications/read', { up_to: 1 });
  for (const tab of [one, two]) {
    await shows(tab, 0);
  }
});

test('nothing of the session is left on the icon after signing out', async ({ host, account, guest }) => {
  const bo = await account('Bo Chen');
  const direct = await host.writesTo(bo);
  const one = await comes(guest, bo);
  await host.posts(direct, 'For you.');
  await shows(one, 1);
  await one.button('Acme: menu').click();
  await one.page.getByRole('menuitem', { name: 'Sign out' }).click();
  await expect(one.title('Sign in to Acme')).toBeVisible();
  await shows(one, 0);
});
