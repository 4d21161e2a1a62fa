// Every view fits its window: on phones and large screens, with two sets of fonts and large letters, with few
// and many rooms and people, with names that are long or written from right to left.
import type { BrowserContextOptions } from '@playwright/test';
import type { RoomState } from '../../src/net/types';
import { crowdFlags } from './crowd';
import { type Look, looksLike, misfits } from './fits';
import { type Account, expect, type Guest, type Person, test } from './fixtures';
import { Program } from './program';

test.use({ flags: crowdFlags });

const phone: BrowserContextOptions = {
  viewport: { width: 320, height: 568 },
  isMobile: true,
  hasTouch: true,
};

const phones: Look[] = [
  { width: 320, height: 568, text: 100, font: 'wide' },
  { width: 320, height: 568, text: 100, font: 'cjk' },
  { width: 320, height: 568, text: 200, font: 'wide' },
  { width: 390, height: 844, text: 100, font: 'cjk' },
];
const desktops: Look[] = [
  { width: 320, height: 640, text: 100, font: 'wide' },
  { width: 768, height: 600, text: 100, font: 'wide' },
  { width: 1_100, height: 700, text: 200, font: 'cjk' },
  { width: 2_560, height: 1_300, text: 100, font: 'wide' },
];

const long = 'Donaudampfschifffahrtselektrizitaetenhauptbetriebswerkbauunterbe';
const rightToLeft = 'محمد بن عبد الله بن سعيد';
const topic = 'A topic that goes on for a while, and then some more, until it is too long for any header';

const texts = [
  'Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz'.repeat(3),
  '```\nA line of code that is much longer than a phone is wide and must scroll by itself only\n```',
  `| ${'column | '.repeat(12)}\n|${'---|'.repeat(12)}\n| ${'cell | '.repeat(12)}`,
  'https://example.org/a/very/long/address/that/has/no/place/to/break/at/all/and/goes/on',
  'ההודעה הזאת כתובה מימין לשמאל, והיא ארוכה מספיק כדי לתפוס יותר משורה אחת',
  '今晚八点我们在社区花园见面，请带上手套和一点好心情。'.repeat(3),
];

interface Place {
  host: Account;
  rooms: Record<'full' | 'empty' | 'direct' | 'preview' | 'archived', RoomState>;
}

/** Fills a server with so many rooms and people. */
async function fills(
  host: Account,
  account: (name: string) => Promise<Account>,
  many: number,
): Promise<Place> {
  const [bo, cy] = [await account(long), await account('Bo')];
  await cy.ask('PATCH', '/me', { display_name: rightToLeft });
  const full = await host.makesRoom(long.toLowerCase(), { topic });
  const [empty, archived] = [await host.makesRoom('empty'), await host.makesRoom('archived')];
  await host.adds(full, bo, cy);
  await host.ask('PATCH', `/rooms/${archived.id}`, { archived: true });
  await bo.postsAll(full, texts);
  await cy.postsAll(full, texts);
  const direct = await bo.writesTo(host);
  await bo.postsAll(direct, texts);
  const preview = await bo.makesRoom('not-joined', { topic });
  const extra = Array.from({ length: many - 2 }, (_, n) => n);
  for (const n of extra.slice(0, many - 20)) {
    const room = await host.makesRoom(`room-${n}`);
    await host.adds(room, cy);
    await cy.posts(room, `@${host.user.name} one`);
  }
  for (const n of extra) {
    const one = await account(`person-${n}`);
    await host.adds(full, one);
  }
  await host.ask('POST', `/rooms/${direct.id}/messages/2/report`, { reason: texts[0] });
  // Of whom nothing is shown elsewhere.
  const blocked = await account('Dee');
  await blocked.ask('PATCH', '/me', { display_name: long });
  await host.ask('PUT', `/me/blocks/${blocked.user.id}`);
  const shop = await Program.madeBy(host, { bot: 'shop', name: long, scopes: ['read', 'post', 'notify'] });
  await shop.notifies([host], long, { body: texts[0] as string });
  return { host, rooms: { full, empty, direct, preview, archived } };
}

/** Goes to an address without loading the page again, and waits until the view has come. */
async function goes({ page }: Person, path: string): Promise<void> {
  await page.evaluate((path) => {
    history.pushState(null, '', path);
    dispatchEvent(new PopStateEvent('popstate'));
  }, path);
  await expect(page.locator('h1, h2, [class*="empty"]').first()).toBeAttached();
  await expect(page.locator('[class*="skeleton"], [aria-busy="true"]')).toHaveCount(0);
}

/** Checks the view that is shown in each look. */
async function fits(one: Person, looks: readonly Look[], view: string): Promise<void> {
  for (const look of looks) {
    await looksLike(one.page, look);
    const found = await misfits(one.page);
    expect.soft(found, `${view}, ${JSON.stringify(look)}`).toEqual([]);
  }
}

const pagesOf = ({ full, empty, direct, preview, archived }: Place['rooms']): string[] => [
  '/',
  ...[full, empty, direct, preview, archived].map((room) => `/r/${room.id}`),
  '/r/999999',
  '/settings',
  '/settings/profile',
  '/settings/appearance',
  '/settings/accessibility',
  '/settings/invitations',
  '/settings/password',
  '/settings/blocked',
  '/settings/browser',
  '/server',
  '/server/people',
  '/server/invites',
  '/server/general',
  '/server/rooms',
  '/server/reports',
  '/server/programs',
  '/server/audit',
  '/notifications',
  '/nowhere',
];

for (const many of [2, 60]) {
  for (const [device, options, looks] of [
    ['a phone', phone, phones],
    ['a screen', {}, desktops],
  ] as const) {
    test(`every view fits ${device}, with ${many} people`, async ({ host, account, guest }) => {
      const { rooms } = await fills(host, account, many);
      const ada = await guest(host, `/r/${rooms.full.id}`, options);
      await ada.sees('今晚八点');
      // A room that there is not.
      ada.expected.push(/404/);
      const pages = pagesOf(rooms);
      for (const path of pages) {
        await goes(ada, path);
        await fits(ada, looks, path);
      }
      for (const [path, least] of [
        ['/settings', 7],
        ['/server', 7],
      ] as const) {
        await goes(ada, path);
        const sections = await ada.page
          .locator(`main a[href^="${path}/"]`)
          .evaluateAll((links) => links.map((link) => link.getAttribute('href')));
        expect(sections.length, path).toBeGreaterThanOrEqual(least);
        expect(pages).toEqual(expect.arrayContaining(sections));
      }
      await goes(ada, `/r/${rooms.full.id}`);
      await dialogs(ada, device === 'a phone' ? phones : desktops);
    });
  }
}

/** Opens what lies over a room and in the server's settings, one after the other. */
async function dialogs(ada: Guest, looks: readonly Look[]): Promise<void> {
  const { page } = ada;
  const menu = async (of: string | RegExp, item: string) => {
    await ada.button(of).first().click();
    await page.getByRole('menuitem', { name: item }).click();
  };
  const openers: [string, () => Promise<void>][] = [
    ['switcher', () => page.keyboard.press('Control+k')],
    ['shortcuts', () => page.keyboard.press('Control+/')],
    ['add people', () => menu('More actions', 'Add people')],
    ['edit room', () => menu('More actions', 'Room settings')],
    [
      'delete message',
      async () => {
        await ada.pointsAt('今晚八点', { position: { x: 60, y: 12 } });
        await ada.row('今晚八点').getByRole('button', { name: 'More actions' }).click();
        // A menu, and a sheet of buttons for fingers.
        const remove = { name: 'Delete message' };
        await page.getByRole('menuitem', remove).or(page.getByRole('button', remove)).click();
      },
    ],
  ];
  for (const [name, open] of openers) {
    await looksLike(page, looks.at(-1) as Look);
    await open();
    await expect(ada.dialog).toBeVisible();
    await fits(ada, looks, name);
    await page.keyboard.press('Escape');
    await expect(ada.dialog).toHaveCount(0);
  }
}

const narrow: Look[] = [
  { width: 320, height: 568, text: 100, font: 'mono' },
  { width: 320, height: 568, text: 200, font: 'mono' },
  { width: 320, height: 568, text: 200, font: 'cjk' },
];

test('what is shown to be copied fits a phone: tokens, links and codes', async ({ host, account, guest }) => {
  await account(long);
  const ada = await guest(host, '/server/invites', { viewport: { width: 1_280, height: 800 } });
  const { page } = ada;
  await ada.button('Make a link').click();
  await expect(page.getByRole('textbox', { name: 'Invite link' })).toHaveValue(/invite#/);
  await fits(ada, narrow, 'an invite link');
  await goes(ada, '/server/programs');
  await ada.button('Make a token').click();
  await ada.dialog.getByLabel('Login name of the program').fill('a-program-with-a-long-name-indeed');
  await ada.dialog.getByText('Notify').first().click();
  await fits(ada, narrow, 'the form of a token');
  await ada.dialog.getByRole('button', { name: 'Make a token' }).click();
  await expect(page.getByRole('textbox', { name: 'Token' })).toHaveValue(/^parley_/);
  await fits(ada, narrow, 'a token');

  await goes(ada, '/server/people');
  await ada.button(`Manage ${long}`).click();
  await ada.dialog.getByRole('button', { name: 'Make a link for a new password' }).click();
  await expect(ada.dialog.getByLabel(/^Link by which/)).toHaveValue(/reset#/);
  await fits(ada, narrow, 'a link for a new password');
});

test('every dialog, menu and card fits a phone', async ({ host, account, guest }) => {
  const bo = await account(long);
  const room = await host.makesRoom(`${long.toLowerCase()}`, { topic });
  await host.adds(room, bo);
  await bo.postsAll(room, texts);
  await bo.makesRoom('not-joined', { topic: topic.replaceAll(' ', '') });
  const ada = await guest(host, `/r/${room.id}`, { viewport: { width: 1_280, height: 800 } });
  const { page } = ada;
  await ada.sees('今晚八点');
  const menu = async (of: string | RegExp, item: string | RegExp) => {
    await ada.button(of).first().click();
    await page.getByRole('menuitem', { name: item }).click();
  };
  const layers: [string, () => Promise<void>][] = [
    ['a new conversation', () => ada.button('New conversation').first().click()],
    ['a new room', () => menu('Create a room', 'Create a room')],
    ['browsing rooms', () => ada.rooms.getByRole('button', { name: 'Browse rooms' }).last().click()],
    ['inviting', () => menu(/: menu$/, 'Invite people')],
    ['the menu of the server', () => ada.button(/: menu$/).click()],
    ['the menu of the room', () => ada.button('More actions').first().click()],
    ['a person', () => ada.log.locator('p [data-person]').first().click()],
    ['the picker', () => ada.button('Emoji').click()],
  ];
  for (const [name, open] of layers) {
    await looksLike(page, { width: 1_280, height: 800, text: 100, font: 'mono' });
    await open();
    const layer = page.locator('dialog[open], :popover-open').first();
    await expect(layer, name).toBeVisible();
    await fits(ada, narrow, name);
    await page.keyboard.press('Escape');
    await expect(page.locator('dialog[open], :popover-open'), name).toHaveCount(0);
  }
});
