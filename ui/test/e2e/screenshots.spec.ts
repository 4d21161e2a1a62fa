// Pictures of the main screens, for people to look at. One of them is in the README: UPDATE_SCREENSHOT=1
// renews it.
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { RoomState } from '../../src/net/types';
import { type Account, expect, type Guest, type Person, test } from './fixtures';
import { Program } from './program';

const here = dirname(fileURLToPath(import.meta.url));
const folder = join(here, '../../test-results/screens');
const inReadme = join(here, '../../../docs/screenshot.png');

async function shoots(one: Person, name: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  await one.page.evaluate(() => document.fonts.ready.then(() => undefined));
  await one.page.screenshot({ path: join(folder, `${name}.png`), animations: 'disabled' });
}

interface Village {
  mira: Account;
  lan: Account;
  tomas: Account;
  garden: RoomState;
  direct: RoomState;
}

/** A small community in the middle of its week. */
async function lives(host: Account, account: (name: string) => Promise<Account>): Promise<Village> {
  await host.ask('PATCH', '/server', { name: 'Linden Street' });
  const mira = await account('Mira Okafor');
  const jonas = await account('Jonas Weber');
  const lan = await account('陈兰');
  const tomas = await account('Tomás Rivera');
  const everyone = [mira, jonas, lan, tomas];
  const garden = await host.makesRoom('garden', { topic: 'Beds 1–12, the shed, and the bees' });
  const repair = await host.makesRoom('repair-café', { topic: 'Last Saturday of the month, two to six' });
  const families = await host.makesRoom('families', { topic: 'Playground, childcare, hand-me-downs' });
  const board = await host.makesRoom('board', { kind: 'private', topic: 'Minutes and money' });
  for (const room of [garden, repair, families]) {
    await host.adds(room, ...everyone);
  }
  await host.adds(board, mira, jonas);
  const direct = await mira.writesTo(lan);
  const group = await mira.writesTo(jonas, tomas);
  const [general, news] = [await host.room('general'), await host.room('announcements')];

  await host.posts(news, 'The water will be off on **Thursday from 9 to 11**. Fill a pot or two.');
  await tomas.posts(general, 'Has anyone seen the long ladder?');
  await jonas.posts(general, 'Behind the bike shed since the gutter was cleaned.');
  await lan.posts(families, 'We have a balance bike to give away, good for three to five years.');
  await jonas.posts(repair, 'So far on the list: two toasters, a radio, and a coat with a broken zip.');
  await host.posts(board, 'Draft of the budget is in the folder.');
  await lan.posts(direct, '星期六早上你去花园吗？');
  await mira.posts(direct, '去的，九点左右。');
  await lan.posts(direct, '那我带薄荷苗来 🌱');
  await tomas.posts(group, 'Shall we carry the workbench down on Friday?');

  await tomas.posts(garden, 'Good morning! The first **tomatoes** in bed 4 are ripe. Take what you need.');
  await tomas.posts(garden, 'Please leave the small ones, they need another week.');
  await mira.posts(garden, 'Thank you! I will come by after work with a basket.');
  await lan.posts(garden, '薄荷长得太快了，谁想要一些？我星期六带几盆过来。');
  await jonas.posts(
    garden,
    'Me please! And while we are at it, Saturday’s list:\n\n- mend the **hose reel**\n- turn the compost\n- paint the gate (blue, as agreed)',
  );
  await host.posts(garden, 'I bring the paint. The bees are quiet, so the gate is safe to work on.');
  await mira.posts(garden, 'The pump ran for 20 minutes yesterday. The timer is now set like this:');
  await mira.posts(garden, '```\npump on   06:00  12 min\npump on   20:30   8 min\n```');
  await jonas.posts(
    garden,
    '> The timer is now set like this\n\nPerfect, that is half of what we used in July.',
  );
  await lan.posts(garden, '太好了，辛苦啦！');
  await tomas.posts(garden, 'See you on Saturday, then. Coffee is on me ☕');
  const likes: [number, string, Account[]][] = [
    [1, '🍅', [mira, lan, jonas]],
    [4, '🌿', [jonas, mira]],
    [6, '🐝', [tomas]],
    [11, '❤️', [mira, lan, host]],
    [11, '☕', [jonas, host]],
  ];
  for (const [seq, emoji, people] of likes) {
    for (const one of people) {
      await one.ask('PUT', `/rooms/${garden.id}/messages/${seq}/reactions/${encodeURIComponent(emoji)}`);
    }
  }
  for (const room of [garden, general, news, board]) {
    await mira.reads(room, (await mira.room(room.name)).seq);
  }
  return { mira, lan, tomas, garden, direct };
}

test.use({ flags: ['--messages-burst', '1000'] });

test('the pages before signing in', async ({ server, someone }) => {
  const ada = await someone('Nora Lindqvist');
  await ada.page.goto(server.setupLink);
  await ada.page.getByLabel('Name of the server').fill('Linden Street');
  await ada.page.getByLabel('Your name').fill('Nora Lindqvist');
  await shoots(ada, 'setup');
  await ada.page.getByLabel('Password').fill('correct horse battery');
  await ada.button('Set up').click();
  await expect(ada.page.getByRole('img', { name: /QR code/ })).toBeVisible();
  await shoots(ada, 'setup-invite');
  const guest = await someone('Guest');
  await guest.page.goto(server.url);
  await expect(guest.title('Sign in to Linden Street')).toBeVisible();
  await shoots(guest, 'sign-in');
});

test('the room in light and dark, its panel, the switcher, the settings', async ({
  host,
  account,
  guest,
}) => {
  const { mira, lan, tomas, garden } = await lives(host, account);
  await guest(lan);
  await guest(tomas);
  const one = await guest(mira, `/r/${garden.id}`);
  await expect(one.page.getByText('3 online')).toBeVisible();
  await one.sees('Coffee is on me');
  await expect(one.rooms.getByRole('link', { name: /陈兰/ })).toBeVisible();
  await shoots(one, 'room-light');
  if (process.env.UPDATE_SCREENSHOT) {
    await one.page.screenshot({ path: inReadme, animations: 'disabled' });
  }
  await one.page.emulateMedia({ colorScheme: 'dark' });
  await shoots(one, 'room-dark');
  await one.button(/^Show members/).click();
  await expect(one.page.locator('[data-region="panel"]').getByRole('listitem')).toHaveCount(5);
  await shoots(one, 'members-dark');
  await one.page.emulateMedia({ colorScheme: 'light' });
  await shoots(one, 'members-light');
  await one.page.locator('[data-region="panel"]').getByRole('button', { name: 'Close' }).click();
  await one.pointsAt('The pump ran');
  await one.row('The pump ran').getByRole('button', { name: 'Add a reaction' }).click();
  await expect(one.page.getByRole('gridcell').first()).toBeVisible();
  await shoots(one, 'picker');
  await one.page.keyboard.press('Escape');
  await one.page.keyboard.press('Control+k');
  await expect(one.dialog.getByRole('option').first()).toBeVisible();
  await shoots(one, 'switcher');
  await one.page.keyboard.press('Escape');
  await one.button('Settings').click();
  await expect(one.title('Settings')).toBeVisible();
  await shoots(one, 'settings');

  const owner = await guest(host, '/server');
  await expect(owner.button('Manage Mira Okafor')).toBeVisible();
  await shoots(owner, 'server');

  const shop = await Program.madeBy(host, { bot: 'parcels', display_name: 'Parcel box' });
  await shop.notifies([mira], 'A parcel is in box 7', { body: 'The code is 4471. It waits until Thursday.' });
  await shop.notifies([mira], 'The parcel in box 3 goes back tomorrow', {
    url: 'https://parcels.example.com/3',
  });
  await one.rooms.getByRole('link', { name: 'Notifications 2 unread' }).click();
  await expect(one.page.getByRole('article')).toHaveCount(2);
  await shoots(one, 'notifications');
  await owner.page.goto(`${owner.url}/server/programs`);
  await owner.page.locator('[data-token]').scrollIntoViewIfNeeded();
  await shoots(owner, 'tokens');
});

test('a room with unread, refused, waiting and edited messages', async ({ host, account, guest }) => {
  const { mira, garden } = await lives(host, account);
  await mira.reads(garden, 8);
  const one: Guest = await guest(mira, `/r/${garden.id}`);
  await expect(one.log.locator('[data-line]')).toBeInViewport();
  await shoots(one, 'unread');
  await one.composer.press('ArrowUp');
  await expect(one.page.getByLabel('Edit your message')).toBeFocused();
  await shoots(one, 'editing');
  await one.page.keyboard.press('Escape');
  await one.goesOffline();
  await one.writes('I will be there at nine.');
  await expect(one.page.getByText('Waiting to be sent')).toBeVisible();
  await shoots(one, 'offline');
  await host.ask('DELETE', `/rooms/${garden.id}/members/${mira.user.id}`);
  await one.isBack();
  await expect(one.log.getByText(/^Not sent/)).toBeVisible();
  await shoots(one, 'refused');
});

test('in Chinese, and on a phone', async ({ host, account, guest }) => {
  const { mira, direct } = await lives(host, account);
  const chinese = await guest(mira, `/r/${direct.id}`, { locale: 'zh-CN' });
  await chinese.sees('那我带薄荷苗来');
  await shoots(chinese, 'room-chinese');
  await chinese.page.goto(`${chinese.url}/settings`);
  await expect(chinese.title('设置')).toBeVisible();
  await shoots(chinese, 'settings-chinese');
  const small = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };
  const phone = await guest(mira, '/', { ...small, deviceScaleFactor: 2 });
  await expect(phone.rooms).toBeVisible();
  await shoots(phone, 'phone-list');
  await phone.rooms.getByRole('link', { name: /garden/ }).tap();
  await phone.sees('Coffee is on me');
  await shoots(phone, 'phone-room');
});
