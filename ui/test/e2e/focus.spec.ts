// The focus is never lost: when what had it is gone, a neighbour has it. Everything here is done with keys.
import { expect, type Guest, test } from './fixtures';

/** Waits until two frames are painted. The page has given the focus to something by then. */
function settled(one: Guest): Promise<void> {
  return one.page.evaluate(
    () =>
      new Promise<void>((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done)))),
  );
}

/** What has the focus, in words. */
async function focus(one: Guest): Promise<string> {
  await settled(one);
  return one.page.evaluate(() => {
    const at = document.activeElement;
    return !at || at === document.body || !at.isConnected ? 'nowhere' : at.outerHTML.slice(0, 160);
  });
}

/** Presses a button with Enter, as somebody does who came to it with Tab. */
async function presses(one: Guest, button: ReturnType<Guest['button']>): Promise<void> {
  await button.focus();
  await one.page.keyboard.press('Enter');
}

async function keepsFocus(one: Guest, what: string): Promise<void> {
  await expect.poll(() => focus(one), { message: `focus after: ${what}` }).not.toBe('nowhere');
}

test('in a room: a reaction, a message, a toast, a dialog, a menu, a panel', async ({
  host,
  account,
  guest,
}) => {
  const bob = await account('Bo');
  const room = await host.room('general');
  await bob.postsAll(room, ['One', 'Two', 'Three']);
  const ada = await guest(host, `/r/${room.id}`);
  await ada.sees('Three');

  // A reaction that is taken back keeps its place, and the focus.
  for (const emoji of ['👍', '🎉']) {
    await host.ask('PUT', `/rooms/${room.id}/messages/1/reactions/${encodeURIComponent(emoji)}`);
  }
  const chips = ada.row('One').getByRole('button', { name: /1 reaction$/ });
  await expect(chips).toHaveCount(2);
  await presses(ada, chips.first());
  await expect(chips).toHaveCount(1);
  await expect(ada.button('👍, 0 reactions')).toBeFocused();
  await chips.focus();
  await ada.page.keyboard.press('Enter');
  await expect(ada.button('🎉, 0 reactions')).toBeFocused();
  await ada.row('One').focus();

  // Enter on a row goes to its first action, also when it has reactions.
  await host.ask('PUT', `/rooms/${room.id}/messages/2/reactions/${encodeURIComponent('👍')}`);
  await expect(ada.row('Two').getByRole('button', { name: /1 reaction$/ })).toBeVisible();
  await ada.page.keyboard.press('ArrowDown');
  await expect(ada.row('Two')).toBeFocused();
  await ada.page.keyboard.press('Enter');
  await expect(ada.row('Two').getByRole('toolbar').getByRole('button').first()).toBeFocused();

  // A deleted message: its row. Cancelling gives the focus back to where it was.
  await ada.sends('Mine');
  await ada.hasSent();
  const more = ada.row('Mine').getByRole('button', { name: 'More actions' });
  for (const answer of ['Cancel', 'Delete']) {
    await ada.row('Mine').focus();
    await presses(ada, more);
    await expect(ada.page.getByRole('menuitem').first()).toBeFocused();
    await ada.page.keyboard.press('End');
    await ada.page.keyboard.press('Enter');
    await presses(ada, ada.dialog.getByRole('button', { name: answer }));
    await expect(ada.dialog).toHaveCount(0);
    await keepsFocus(ada, `${answer} in the question before deleting`);
  }
  await expect(ada.log.locator('article').filter({ hasText: 'This message was deleted.' })).toBeFocused();

  // A menu that is closed, a card, the panel.
  await presses(ada, ada.button('Acme: menu'));
  await expect(ada.page.getByRole('menuitem').first()).toBeFocused();
  await ada.page.keyboard.press('Escape');
  await keepsFocus(ada, 'closing a menu');
  await presses(ada, ada.button(/^Show members/));
  const panel = ada.page.getByRole('complementary', { name: 'Members' });
  await presses(ada, panel.getByRole('button', { name: /Bo/ }));
  await expect(ada.page.getByRole('dialog', { name: 'More about Bo' })).toBeVisible();
  await ada.page.keyboard.press('Escape');
  await keepsFocus(ada, 'closing a card');
  await presses(ada, panel.getByRole('button', { name: 'Close' }));
  await expect(panel).toHaveCount(0);
  await keepsFocus(ada, 'closing the panel');

  // A toast that was closed by its button.
  await presses(ada, ada.row('One').getByRole('button', { name: 'More actions' }).or(ada.row('One')).first());
  await ada.row('One').focus();
  await presses(ada, ada.row('One').getByRole('button', { name: 'More actions' }));
  await ada.page.getByRole('menuitem', { name: 'Copy text' }).press('Enter');
  const toast = ada.page.locator('[class~="Toast_toast"]');
  await presses(ada, toast.getByRole('button', { name: 'Close' }));
  await expect(toast).toHaveCount(0);
  await keepsFocus(ada, 'closing a toast');
});

test('lists lose rows: members, invitations, invite links, tokens, drafts; rooms are left', async ({
  host,
  account,
  guest,
}) => {
  const bob = await account('Bo');
  const cai = await account('Cai');
  const club = await host.makesRoom('club');
  await host.adds(club, bob, cai);
  const ada = await guest(host, `/r/${club.id}`);
  await presses(ada, ada.button(/^Show members/));
  const panel = ada.page.getByRole('complementary', { name: 'Members' });
  for (const name of ['Bo', 'Cai']) {
    await presses(ada, panel.getByRole('button', { name: new RegExp(name) }));
    await presses(ada, ada.button('Remove from room'));
    await presses(ada, ada.dialog.getByRole('button', { name: 'Remove from room' }));
    await expect(panel.getByRole('button', { name: new RegExp(name) })).toHaveCount(0);
    await keepsFocus(ada, `removing ${name}`);
    await expect(panel.locator(':focus')).toHaveCount(1);
  }
  await presses(ada, ada.button('Leave room'));
  await presses(ada, ada.dialog.getByRole('button', { name: 'Leave room' }));
  await expect(ada.rooms.getByRole('link', { name: 'club' })).toHaveCount(0);
  await keepsFocus(ada, 'leaving a room');

  // Invite links and tokens, in the settings of the server.
  await host.ask('POST', '/tokens', { bot: 'shop', display_name: 'The Shop', scopes: ['notify'] });
  await ada.page.goto(`${ada.url}/server/invites`);
  await presses(ada, ada.button('Take back').first());
  await presses(ada, ada.question.getByRole('button', { name: 'Take back' }));
  await expect(ada.page.getByText('No invite links')).toBeVisible();
  await keepsFocus(ada, 'taking back an invite link');
  await presses(ada, ada.page.getByRole('link', { name: 'Programs' }));
  await presses(ada, ada.button('Revoke shop of The Shop'));
  await presses(ada, ada.dialog.getByRole('button', { name: 'Revoke' }));
  await expect(ada.button('Revoke shop of The Shop')).toHaveCount(0);
  await keepsFocus(ada, 'revoking a token');

  // Saving: the button is busy, and then there is nothing to save.
  await presses(ada, ada.page.getByRole('link', { name: 'General', exact: true }));
  await ada.page.getByLabel('Name', { exact: true }).fill('Acme Two');
  await presses(ada, ada.button('Save'));
  await expect(ada.button('Acme Two: menu')).toBeVisible();
  await keepsFocus(ada, 'saving a form');

  // People: signed out everywhere, from a dialog over which a question is asked.
  await ada.page.goto(`${ada.url}/server/people`);
  await presses(ada, ada.button('Manage Bo'));
  await presses(ada, ada.dialog.getByRole('button', { name: 'Sign out everywhere' }));
  await presses(ada, ada.question.getByRole('button', { name: 'Sign out everywhere' }));
  await expect(ada.dialog).toHaveCount(1);
  await keepsFocus(ada, 'signing somebody out');
  await expect(ada.dialog.locator(':focus')).toHaveCount(1);
  await ada.page.keyboard.press('Escape');
  await expect(ada.button('Manage Bo')).toBeFocused();
});

for (const [device, { width, locale }] of Object.entries({
  'a desk': { width: 1_280, locale: 'en-US' },
  'a narrow window': { width: 800, locale: 'zh-CN' },
  'a phone': { width: 390, locale: 'en-US' },
})) {
  test(`closing the panel gives the focus back to what opened it, on ${device}`, async ({ host, guest }) => {
    const room = await host.room('general');
    const ada = await guest(host, `/r/${room.id}`, { viewport: { width, height: 800 }, locale });
    const { page } = ada;
    const opener = page.locator('main header button[aria-expanded]').first();
    const panel = page.locator('[data-region="panel"]');
    const ways: [string, () => Promise<unknown>][] = [
      ['Escape', () => page.keyboard.press('Escape')],
      ['its button', () => panel.locator('header button').last().press('Enter')],
    ];
    if (width < 1_100) {
      ways.push(['Back', () => page.goBack()]);
      if (width > 700) {
        ways.push(['a click beside it', () => page.mouse.click(60, 400)]);
      }
    }
    for (const [way, closes] of ways) {
      await test.step(way, async () => {
        await presses(ada, opener);
        await expect(panel.getByRole('listitem').first()).toBeVisible();
        await panel.getByRole('button').last().focus();
        await closes();
        await expect(panel).toHaveCount(0);
        await expect(opener).toBeFocused();
      });
    }
  });
}

for (const [key, region] of [
  ['F6', 'rooms'],
  ['Shift+F6', 'main'],
] as const) {
  test(`${key} leads out of a panel over the room, which closes`, async ({ host, guest }) => {
    const room = await host.room('general');
    const ada = await guest(host, `/r/${room.id}`, { viewport: { width: 800, height: 800 } });
    await presses(ada, ada.button(/^Show members/));
    const panel = ada.page.locator('[data-region="panel"]');
    await expect(panel.locator(':focus')).toHaveCount(1);
    await ada.page.keyboard.press(key);
    await expect(panel).toHaveCount(0);
    await expect(ada.page.locator(`[data-region="${region}"] :focus`)).toHaveCount(1);
  });
}

test('F6 goes through the rooms, the list, the composer and the panel, and back', async ({ host, guest }) => {
  const ada = await guest(host);
  await ada.opens('general');
  await ada.sends('Hello');
  await presses(ada, ada.button(/^Show members/));
  await expect(ada.page.locator('[data-region="panel"]')).toBeVisible();
  await ada.composer.focus();
  const at = () =>
    ada.page.evaluate(() => document.activeElement?.closest('[data-region]')?.getAttribute('data-region'));
  const walk = async (key: string, ...to: string[]) => {
    for (const region of to) {
      await ada.page.keyboard.press(key);
      expect(await at()).toBe(region);
    }
  };
  await walk('F6', 'panel', 'rooms', 'list', 'main');
  await expect(ada.composer).toBeFocused();
  await walk('Shift+F6', 'list');
  await expect(ada.row('Hello')).toBeFocused();
  await walk('Shift+F6', 'rooms', 'panel', 'main');
  await expect(ada.composer).toBeFocused();
});

for (const [device, options] of Object.entries({
  'a desk': {},
  'a phone': { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true },
})) {
  test(`what lies over the messages goes while it has the focus, and the room has it: ${device}`, async ({
    host,
    account,
    guest,
  }) => {
    const bo = await account('Bo');
    const room = await host.makesRoom('club');
    await host.adds(room, bo);
    await host.postsAll(
      room,
      Array.from({ length: 60 }, (_, n) => `Message ${n + 1}.`),
    );
    await bo.reads(room, 20);
    const one = await guest(bo, `/r/${room.id}`, options);
    const next = device === 'a desk' ? one.composer : one.title('club');
    await expect(one.log.locator('[data-line]')).toBeInViewport();
    await one.log.evaluate((log) => log.scrollBy(0, 400));
    // Read in another tab.
    await one.button('Mark read').focus();
    await bo.reads(room, 60);
    await expect(one.button('Mark read')).toHaveCount(0);
    await expect(next).toBeFocused();

    await one.log.evaluate((log) => log.scrollTo(0, 0));
    await one.button('Jump to present').focus();
    await one.log.evaluate((log) => log.scrollTo(0, 1e6));
    await expect(one.button('Jump to present')).toHaveCount(0);
    await expect(next).toBeFocused();
  });
}
