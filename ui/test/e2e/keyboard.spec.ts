// A room without a pointer: the focus is always visible and never stuck.
import { expect, type Guest, password, test } from './fixtures';

/** Presses keys. After each, an element has the focus, has a ring, and is not covered. */
async function presses(one: Guest, ...keys: string[]): Promise<void> {
  for (const key of keys) {
    await one.page.keyboard.press(key);
    await expect.poll(() => focus(one), { message: `focus after ${key}` }).toBe('seen');
  }
}

function focus(one: Guest): Promise<string> {
  return one.page.evaluate(() => {
    const at = document.activeElement;
    if (!(at instanceof HTMLElement) || at === document.body) {
      return 'nowhere';
    }
    const ringed = (one: Element | null) => {
      const style = one && getComputedStyle(one);
      return Boolean(style && (style.outlineStyle !== 'none' || style.boxShadow !== 'none'));
    };
    const box = at.getBoundingClientRect();
    const x = Math.max(1, Math.min(innerWidth - 1, box.x + box.width / 2));
    const y = Math.max(1, Math.min(innerHeight - 1, box.y + box.height / 2));
    const top = document.elementFromPoint(x, y);
    const what = at.outerHTML.slice(0, 120);
    if (!top || !(at.contains(top) || top.contains(at))) {
      return `covered: ${what}`;
    }
    // The composer's caret is enough where the person has been typing.
    const shown =
      ringed(at) || ringed(at.parentElement) || ringed(at.closest('form')) || at.matches('[data-composer]');
    return shown ? 'seen' : `no ring: ${what}`;
  });
}

test('reading, reacting, editing, deleting and marking unread work with keys', async ({
  host,
  account,
  guest,
}) => {
  const bob = await account('Bo');
  const room = await host.room('general');
  await bob.postsAll(room, ['From Bo one', 'From Bo two', 'From Bo three']);
  await host.reads(room, 3);
  const ada = await guest(host, `/r/${room.id}`);
  await ada.sees('From Bo three');
  await expect(ada.composer).toBeFocused();
  await ada.page.keyboard.type('Mine');
  await presses(ada, 'Enter');
  await ada.sees('Mine');
  await ada.hasSent();
  const article = (text: string) => ada.row(text);

  // Shift+Tab goes from the composer into the list, to the last row; arrows go on from there.
  await presses(ada, 'Shift+Tab');
  await expect(article('Mine')).toBeFocused();
  await presses(ada, 'ArrowUp', 'ArrowUp');
  await expect(article('From Bo two')).toBeFocused();
  await presses(ada, 'Home');
  await expect(article('From Bo one')).toBeFocused();
  await expect(ada.log.locator('article[tabindex="0"]')).toHaveCount(1);

  // Enter goes into the toolbar, arrows go round in it, Esc comes back to the row and then to the composer.
  await presses(ada, 'Enter', 'ArrowRight', 'ArrowLeft', 'ArrowLeft');
  await expect(article('From Bo one').getByRole('button', { name: 'More actions' })).toBeFocused();
  await presses(ada, 'ArrowRight');
  const emoji = article('From Bo one')
    .getByRole('button', { name: /^React with/ })
    .first();
  await expect(emoji).toBeFocused();
  await presses(ada, 'Enter');
  await expect(article('From Bo one').getByRole('button', { name: /, 1 reaction$/ })).toBeVisible();
  await presses(ada, 'Escape');
  await expect(article('From Bo one')).toBeFocused();

  // The picker: search, arrows, Enter; the focus comes back into the row.
  await presses(ada, 'ArrowDown', 'Enter');
  const add = article('From Bo two').getByRole('button', { name: 'Add a reaction' });
  while (!(await add.evaluate((one) => one === document.activeElement))) {
    await presses(ada, 'ArrowRight');
  }
  await presses(ada, 'Enter');
  const search = ada.page.getByRole('searchbox', { name: 'Search emoji' });
  await expect(search).toBeFocused();
  // Esc while a word is composed ends that, and not the search.
  await search.evaluate((one) =>
    one.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', isComposing: true, bubbles: true })),
  );
  await expect(search).toBeFocused();
  await expect(ada.page.getByRole('gridcell').first()).toBeVisible();
  await presses(ada, 'ArrowDown', 'ArrowRight', 'ArrowDown', 'ArrowLeft', 'ArrowUp');
  const picked = await ada.page.evaluate(() => (document.activeElement as HTMLElement).dataset.emoji);
  await presses(ada, 'Enter');
  await expect(article('From Bo two').getByRole('button', { name: /, 1 reaction$/ })).toHaveText(
    `${picked}1`,
  );
  await expect(article('From Bo two')).toBeFocused();

  // Edit with e.
  await presses(ada, 'End');
  await expect(article('Mine')).toBeFocused();
  await presses(ada, 'e');
  await expect(ada.page.getByLabel('Edit your message')).toBeFocused();
  await ada.page.keyboard.type(', better');
  await presses(ada, 'Enter');
  await ada.sees('Mine, better');
  await expect(ada.composer).toBeFocused();

  // Delete: the menu with arrows, the question with Tab.
  await presses(ada, 'Shift+Tab', 'Enter');
  const more = article('Mine, better').getByRole('button', { name: 'More actions' });
  await presses(ada, 'ArrowLeft');
  await expect(more).toBeFocused();
  await presses(ada, 'Enter');
  await expect(ada.page.getByRole('menuitem', { name: 'Copy link' })).toBeFocused();
  await presses(ada, 'End');
  await expect(ada.page.getByRole('menuitem', { name: 'Delete message' })).toBeFocused();
  await presses(ada, 'Enter');
  await expect(ada.dialog).toBeVisible();
  await expect(ada.dialog.locator(':focus')).toHaveCount(1);
  const remove = ada.dialog.getByRole('button', { name: 'Delete' });
  while (!(await remove.evaluate((one) => one === document.activeElement))) {
    await presses(ada, 'Tab');
  }
  await ada.page.keyboard.press('Enter');
  await expect(ada.row('This message was deleted.')).toBeFocused();
  await ada.page.keyboard.press('x');
  await expect(ada.composer).toBeFocused();
  await expect(ada.composer).toHaveValue('x');
  await ada.composer.fill('');

  // Typing anywhere goes into the composer, and F6 moves through the regions.
  await presses(ada, 'F6');
  await expect(ada.rooms.locator(':focus')).toHaveCount(1);
  await presses(ada, 'F6');
  await expect(article('This message was deleted.')).toBeFocused();
  await presses(ada, 'F6');
  await expect(ada.composer).toBeFocused();
});

test('keys and clicks that come before their code are not lost', async ({ host, guest }) => {
  const room = await host.room('general');
  await host.postsAll(room, ['One', 'Two']);
  const ada = await guest(host, '/', { serviceWorkers: 'block' });
  let arrive: () => void = () => undefined;
  const held = new Promise<void>((resolve) => {
    arrive = resolve;
  });
  await ada.page.route(/assets\/messages-[\w-]+\.js/, async (route) => {
    await held;
    await route.continue();
  });
  await ada.page.goto(new URL(`/r/${room.id}`, ada.page.url()).href);
  await ada.sees('Two');
  await ada.page.keyboard.press('Shift+Tab');
  await expect(ada.row('Two')).toBeFocused();
  await ada.page.keyboard.press('Enter');
  await expect(ada.row('Two').getByRole('toolbar')).toHaveCount(0);
  arrive();
  await expect(ada.row('Two').getByRole('toolbar').getByRole('button').first()).toBeFocused();
});

test('signing in, switching and signing out with keys', async ({ server, host, someone }) => {
  await host.makesRoom('design');
  const ada = await someone('Ada Lovelace');
  await ada.page.goto(server.url);
  await expect(ada.page.getByLabel('Sign-in name')).toBeFocused();
  const { keyboard } = ada.page;
  await keyboard.type('ada-lovelace');
  await keyboard.press('Tab');
  await keyboard.type(password);
  await keyboard.press('Enter');
  await expect(ada.composer).toBeFocused();
  await keyboard.press('Control+k');
  await keyboard.type('des');
  await keyboard.press('Enter');
  await expect(ada.title('design')).toBeVisible();
  await expect(ada.composer).toBeFocused();
  await keyboard.type('Typed');
  await keyboard.press('Enter');
  await ada.sees('Typed');
  await keyboard.press('Alt+ArrowDown');
  await expect(ada.title('general')).toBeVisible();
  await keyboard.press('F6');
  const menu = ada.button('Acme: menu');
  while (!(await menu.evaluate((one) => one === document.activeElement))) {
    await keyboard.press('Shift+Tab');
  }
  await keyboard.press('Enter');
  await expect(ada.page.getByRole('menuitem').first()).toBeFocused();
  await keyboard.press('End');
  await keyboard.press('Enter');
  await expect(ada.title('Sign in to Acme')).toBeVisible();
});

test('the row that the arrows come to is under neither the bar above nor the pill below', async ({
  host,
  account,
  guest,
}) => {
  const bo = await account('Bo');
  const room = await host.room('general');
  await bo.postsAll(
    room,
    Array.from({ length: 60 }, (_, n) => `Message ${n + 1} ${'of many words '.repeat(8)}`),
  );
  await host.reads(room, 10);
  const ada = await guest(host, `/r/${room.id}`, { viewport: { width: 1_000, height: 600 } });
  await expect(ada.log.locator('[data-line]')).toBeInViewport();
  const covered = () =>
    ada.page.evaluate(() => {
      const row = document.activeElement as HTMLElement;
      const { left, right, top, bottom } = row.getBoundingClientRect();
      return [0.1, 0.3, 0.5, 0.7].flatMap((share) => {
        const x = left + share * (right - left);
        return [top + 2, bottom - 2].filter((y) => !row.contains(document.elementFromPoint(x, y)));
      });
    });
  const bar = ada.page.getByRole('button', { name: 'Jump', exact: true });
  const pill = ada.page.getByRole('button', { name: /new messages$|^Jump to present$/ });
  await ada.row('Message 12 ').focus();
  for (const key of ['ArrowDown', 'ArrowUp']) {
    for (let step = 0; step < 18; step++) {
      await ada.page.keyboard.press(key);
      expect(await covered(), `${key}, ${step + 1} times`).toEqual([]);
    }
    // Both lay over the list on the way.
    await expect(pill).toBeVisible();
    if (key === 'ArrowDown') {
      await expect(bar).toBeVisible();
    }
  }
});
