// Back closes the topmost thing that lies over the page. Only then does it leave the page.
import type { Locator } from '@playwright/test';
import type { RoomState } from '../../src/net/types';
import { type Account, expect, test } from './fixtures';
import { Guest } from './guest';
import { entries, goesBackOver, hasFocus, isAt, layers } from './layers';

const texts = Array.from({ length: 60 }, (_, n) => `Message ${n + 1}.`);

interface Place {
  ada: Guest;
  room: RoomState;
  bob: Account;
}

/** Ada in a room of hers, come from the list: she reads further up, and has a text that is not sent. */
async function reads(
  host: Account,
  account: (name: string) => Promise<Account>,
  guest: (who: Account) => Promise<Guest>,
): Promise<Place> {
  const bob = await account('Bo');
  const room = await host.makesRoom('club');
  await host.adds(room, bob);
  await bob.postsAll(room, texts.slice(0, 38));
  await host.posts(room, 'Mine');
  await bob.postsAll(room, texts.slice(39));
  await host.reads(room, 60);
  await bob.ask('PUT', `/rooms/${room.id}/messages/40/reactions/${encodeURIComponent('👍')}`);
  const ada = await guest(host);
  await ada.opens('club');
  await ada.composer.fill('Half a thought');
  await ada.sees('Message 60.');
  await ada.log.evaluate((log) => log.scrollBy(0, -300));
  return { ada, room, bob };
}

const sheet = async (ada: Guest, act?: string): Promise<Locator> => {
  await ada.taps('Message 40.');
  const row = ada.row('Message 40.');
  await row.getByRole('button', { name: 'More actions' }).tap();
  await expect(ada.dialog).toBeVisible();
  if (act) {
    await ada.dialog.getByRole('button', { name: act }).tap();
  }
  return row;
};

const header = (ada: Guest) => ada.page.locator('main header');

const menu = async (ada: Guest, item?: string): Promise<Locator> => {
  const button = header(ada).getByRole('button', { name: 'More actions' });
  await button.tap();
  if (item) {
    await ada.page.getByRole('menuitem', { name: item }).tap();
  }
  return button;
};

const panel = async (ada: Guest): Promise<Locator> => {
  const button = header(ada).getByRole('button', { name: /members/ });
  await button.tap();
  return button;
};

const member = async (ada: Guest): Promise<Locator> => {
  await panel(ada);
  const row = ada.page.locator('[data-region="panel"]').getByRole('button', { name: /Bo/ });
  await row.tap();
  await expect(ada.page.getByRole('dialog', { name: 'More about Bo' })).toBeVisible();
  return row;
};

/** What can be opened over a room: how many layers it is, and what has the focus when the topmost is closed. */
const over: Record<string, { open: (ada: Guest) => Promise<Locator>; count?: number }> = {
  'the sheet of a message': { open: (ada) => sheet(ada) },
  'who reacted': { open: (ada) => sheet(ada, 'Who reacted') },
  'the question before deleting': { open: (ada) => sheet(ada, 'Delete message') },
  'the picker for a reaction': { open: (ada) => sheet(ada, 'Add a reaction') },
  'the menu of the room': { open: (ada) => menu(ada) },
  'the settings of the room': { open: (ada) => menu(ada, 'Room settings') },
  'adding people': { open: (ada) => menu(ada, 'Add people') },
  'the picker of the composer': {
    open: async (ada) => {
      const button = ada.button('Emoji');
      await button.tap();
      return button;
    },
  },
  'a person of a message': {
    open: async (ada) => {
      await ada.row('Message 40.').getByText('Bo', { exact: true }).tap();
      return ada.row('Message 40.');
    },
  },
  'the members': { open: (ada) => panel(ada) },
  'a member': { count: 2, open: (ada) => member(ada) },
  'the question over the members': {
    count: 2,
    open: async (ada) => {
      const row = await member(ada);
      await ada.button('Remove from room').tap();
      return row;
    },
  },
};

test('over a room: what is open, one after the other; the draft and the place stay', async ({
  host,
  account,
  guest,
}) => {
  const { ada, room } = await reads(host, account, guest);
  const place = () => ada.log.evaluate((log) => log.scrollTop);
  const top = await place();
  await isAt(ada, 1, `/r/${room.id}`);
  for (const [what, { open, count = 1 }] of Object.entries(over)) {
    await test.step(what, async () => {
      const opener = await open(ada);
      await expect(layers(ada)).toHaveCount(count);
      await isAt(ada, 1 + count, `/r/${room.id}`);
      await goesBackOver(ada);
      await hasFocus(opener);
      for (let left = count - 1; left > 0; left--) {
        await goesBackOver(ada);
      }
      await isAt(ada, 1, `/r/${room.id}`);
      await expect(ada.composer).toHaveValue('Half a thought');
      expect(await place()).toBe(top);
    });
  }
  await ada.page.goBack();
  await expect(ada.rooms).toBeVisible();
  await isAt(ada, 0, '/');
});

for (const [locale, w] of Object.entries({
  'en-US': { more: 'More actions', edit: 'Edit message', field: 'Edit your message', cancel: 'Cancel' },
  'zh-CN': { more: '更多操作', edit: '编辑消息', field: '编辑你的消息', cancel: '取消' },
})) {
  test(`Back ends the editing of a message, and what was typed is kept: ${locale}`, async ({
    host,
    guest,
  }) => {
    const room = await host.makesRoom('club');
    await host.posts(room, 'Mine');
    const ada = await guest(host, '/', { locale });
    await ada.opens('club');
    const field = ada.page.getByLabel(w.field);
    const edits = async () => {
      await ada.taps('Mine');
      await ada.row('Mine').getByRole('button', { name: w.more }).tap();
      await ada.dialog.getByRole('button', { name: w.edit }).tap();
      await expect(field).toBeFocused();
      await isAt(ada, 2, `/r/${room.id}`);
    };
    await edits();
    await field.fill('Ours');
    await ada.page.goBack();
    await expect(field).toHaveCount(0);
    await isAt(ada, 1, `/r/${room.id}`);
    await hasFocus(ada.title('club'));
    await edits();
    await expect(field).toHaveValue('Ours');
    await ada.button(w.cancel).tap();
    await isAt(ada, 1, `/r/${room.id}`);
    await edits();
    await expect(field).toHaveValue('Mine');
    await ada.page.goBack();
    await isAt(ada, 1, `/r/${room.id}`);
    await ada.page.goBack();
    await isAt(ada, 0, '/');
  });
}

/** What can be opened over other pages: where, how, and how many layers it is. */
const elsewhere: Record<string, { at: string; open: (ada: Guest) => Promise<void>; count?: number }> = {
  'the switcher': { at: '/', open: (ada) => ada.button(/^Jump to/).tap() },
  'a new conversation': { at: '/', open: (ada) => ada.button('New conversation').first().tap() },
  'the menu of the server': { at: '/', open: (ada) => ada.button('Acme: menu').tap() },
  'inviting people': { at: '/', open: (ada) => picks(ada, 'Acme: menu', 'Invite people') },
  'a new room': { at: '/', open: (ada) => picks(ada, 'Create a room', 'Create a room') },
  'the public rooms': { at: '/', open: (ada) => ada.button('Browse rooms').tap() },
  'the account of a person': { at: '/server/people', open: (ada) => ada.button('Manage Bo').tap() },
  'the question over an account': {
    at: '/server/people',
    count: 2,
    open: async (ada) => {
      await ada.button('Manage Bo').tap();
      await ada.dialog.getByRole('button', { name: 'Sign out everywhere' }).tap();
    },
  },
  'a new token': { at: '/server/programs', open: (ada) => ada.button('Make a token').tap() },
  'a room to look after': { at: '/server/rooms', open: (ada) => ada.button('Look after club').tap() },
  'a reported message': {
    at: '/server/reports',
    open: (ada) => ada.button('Look at the message of Bo').tap(),
  },
};

const picks = async (ada: Guest, menu: string, item: string): Promise<void> => {
  await ada.button(menu).tap();
  await ada.page.getByRole('menuitem', { name: item }).tap();
};

test('over the other pages', async ({ host, account, guest }) => {
  const bob = await account('Bo');
  const room = await host.makesRoom('club');
  await host.adds(room, bob);
  const { seq } = await bob.posts(room, 'Something rude');
  await host.ask('POST', `/rooms/${room.id}/messages/${seq}/report`, { reason: 'It is rude' });
  const ada = await guest(host, `/r/${room.id}`);
  for (const [what, { at, open, count = 1 }] of Object.entries(elsewhere)) {
    await test.step(what, async () => {
      await ada.page.goto(ada.url + at);
      const before = await entries(ada);
      await open(ada);
      await expect(layers(ada)).toHaveCount(count);
      await isAt(ada, before + count, at);
      for (let left = count; left > 0; left--) {
        await goesBackOver(ada);
      }
      await isAt(ada, before, at);
    });
  }
});

/** Ways to close something, other than Back. */
const ways: Record<string, (ada: Guest) => Promise<unknown>> = {
  Escape: (ada) => ada.page.keyboard.press('Escape'),
  'a tap beside it': (ada) => ada.page.touchscreen.tap(195, 20),
  'its button': (ada) => layers(ada).getByRole('button', { name: 'Close' }).tap(),
};

test('what is closed in another way leaves no entry, and Forward does not open it again', async ({
  host,
  account,
  guest,
}) => {
  const { ada, room } = await reads(host, account, guest);
  const at = `/r/${room.id}`;
  for (const [way, closes] of Object.entries(ways)) {
    await test.step(way, async () => {
      for (const open of way === 'its button' ? [sheet, panel] : [sheet, menu]) {
        await open(ada);
        await isAt(ada, 2, at);
        await closes(ada);
        await expect(layers(ada)).toHaveCount(0);
        await isAt(ada, 1, at);
      }
    });
  }
  await menu(ada, 'Add to favorites');
  await expect(layers(ada)).toHaveCount(0);
  await isAt(ada, 1, at);

  await sheet(ada);
  await ada.page.goBack();
  await isAt(ada, 1, at);
  // The client goes back from it at once.
  await ada.page.evaluate(() => history.forward());
  await panel(ada);
  await expect(layers(ada)).toHaveCount(1);
  await isAt(ada, 2, at);
  await goesBackOver(ada);
  await ada.page.goBack();
  await isAt(ada, 0, '/');
});

test('Back in the moment of closing is meant for the page', async ({ host, account, guest }) => {
  const { ada, room } = await reads(host, account, guest);
  await panel(ada);
  await isAt(ada, 2, `/r/${room.id}`);
  await ada.page.evaluate(() => {
    document.querySelector<HTMLElement>('[data-region="panel"] button[aria-label="Close"]')?.click();
    history.back();
  });
  await isAt(ada, 0, '/');
  await expect(ada.rooms).toBeVisible();
});

test('two at once, closed at once, and a page opened at once', async ({ host, account, guest }) => {
  const { ada, room } = await reads(host, account, guest);
  const other = await host.room('general');
  const at = `/r/${room.id}`;
  const opensTwo = () =>
    ada.page.evaluate(() => {
      document.querySelector<HTMLElement>('main header button[aria-expanded]')?.click();
      document.querySelector<HTMLElement>('main header button[aria-haspopup="menu"]')?.click();
    });
  await opensTwo();
  await expect(layers(ada)).toHaveCount(2);
  await isAt(ada, 3, at);
  await goesBackOver(ada);
  await goesBackOver(ada);
  await isAt(ada, 1, at);

  await opensTwo();
  await isAt(ada, 3, at);
  await ada.page.evaluate(() => {
    document.querySelector<HTMLElement>(':popover-open')?.hidePopover();
    document.querySelector<HTMLElement>('[data-region="panel"] button[aria-label="Close"]')?.click();
  });
  await expect(layers(ada)).toHaveCount(0);
  await isAt(ada, 1, at);

  await opensTwo();
  await isAt(ada, 3, at);
  await ada.page.evaluate((path) => {
    document.querySelector<HTMLElement>(':popover-open')?.hidePopover();
    document.querySelector<HTMLElement>('[data-region="panel"] button[aria-label="Close"]')?.click();
    const link = document.createElement('a');
    link.href = path;
    document.body.append(link);
    link.click();
    link.remove();
  }, `/r/${other.id}`);
  await expect(ada.title('general')).toBeVisible();
  await isAt(ada, 2, `/r/${other.id}`);
  await ada.page.goBack();
  await isAt(ada, 1, at);
  await expect(ada.title('club')).toBeVisible();
  await expect(layers(ada)).toHaveCount(0);
  await ada.page.goBack();
  await isAt(ada, 0, '/');
});

test('a page loaded anew while something is open has its own place in the history', async ({
  host,
  account,
  guest,
}) => {
  const { ada, room } = await reads(host, account, guest);
  const at = `/r/${room.id}`;
  for (const [open, count] of [
    [sheet, 1],
    [member, 2],
  ] as const) {
    await open(ada);
    await isAt(ada, 1 + count, at);
    await ada.page.reload();
    await ada.sees('Message 60.');
    await expect(layers(ada)).toHaveCount(0);
    await isAt(ada, 1, at);
  }
  await expect(ada.composer).toHaveValue('Half a thought');
  await panel(ada);
  await goesBackOver(ada);
  await ada.page.goBack();
  await isAt(ada, 0, '/');
  await expect(ada.rooms).toBeVisible();
});

test('what leads to another page takes no entry with it', async ({ host, account, guest }) => {
  const { ada, room } = await reads(host, account, guest);
  const at = `/r/${room.id}`;
  await member(ada);
  await isAt(ada, 3, at);
  await ada.page
    .getByRole('dialog', { name: 'More about Bo' })
    .getByRole('button', { name: 'Message' })
    .tap();
  await expect(ada.title('Bo')).toBeVisible();
  await expect(layers(ada)).toHaveCount(0);
  await isAt(ada, 2, /\/r\/\d+$/);

  // Hiding the conversation takes its place: one is not led back to it.
  await ada.button(/members/).tap();
  await isAt(ada, 3, /\/r\/\d+$/);
  await ada.button(/^Hide until/).tap();
  await expect(ada.rooms).toBeVisible();
  await isAt(ada, 2, '/');
  await ada.button(/^Jump to/).tap();
  await isAt(ada, 3, '/');
  await ada.dialog.getByRole('option', { name: /general/ }).tap();
  await expect(ada.title('general')).toBeVisible();
  await isAt(ada, 3, /\/r\/\d+$/);
  await ada.page.goBack();
  await isAt(ada, 2, '/');
  await ada.page.goBack();
  await isAt(ada, 1, at);
  await expect(ada.title('club')).toBeVisible();
  await expect(layers(ada)).toHaveCount(0);
  await ada.page.goForward();
  await isAt(ada, 2, '/');
});

test('a form with a text closes as by Escape', async ({ host, account, guest }) => {
  const { ada, room } = await reads(host, account, guest);
  for (const closes of [() => ada.page.keyboard.press('Escape'), () => ada.page.goBack()]) {
    await menu(ada, 'Room settings');
    await ada.dialog.getByLabel('Topic').fill('Not saved');
    await closes();
    await expect(layers(ada)).toHaveCount(0);
    await isAt(ada, 1, `/r/${room.id}`);
    await menu(ada, 'Room settings');
    await expect(ada.dialog.getByLabel('Topic')).toHaveValue('');
    await closes();
    await expect(layers(ada)).toHaveCount(0);
  }
  expect((await host.room('club')).topic).toBe('');
});

test('Back before its code has come: it does not open later', async ({ host, account, visits, lines }) => {
  const bob = await account('Bo');
  const room = await host.makesRoom('club');
  await host.adds(room, bob);
  const line = await lines();
  const bo = await visits((context, page) => new Guest(bob, line, context, page), {
    serviceWorkers: 'block',
  });
  const held: (() => void)[] = [];
  let holds = true;
  await bo.page.route(/\/assets\/emoji-/, async (route) => {
    if (holds) {
      await new Promise<void>((go) => held.push(go));
    }
    await route.continue();
  });
  await bo.arrives();
  await bo.opens('club');
  await bo.button('Emoji').tap();
  await isAt(bo, 2, `/r/${room.id}`);
  await bo.page.goBack();
  await isAt(bo, 1, `/r/${room.id}`);
  holds = false; // what the first of it asks for comes, too
  for (const go of held) {
    go();
  }
  await expect(layers(bo)).toHaveCount(0);
  await bo.button('Emoji').tap();
  await expect(layers(bo)).toHaveCount(1);
  await goesBackOver(bo);
});
