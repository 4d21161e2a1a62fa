// Every field tells the keyboard on the screen what is typed in it and what Enter does.
import { expect, type Person, test } from './fixtures';

/** The fields of the view, or of what is open over it, and what is wrong with each. At least so many are there. */
async function suits(one: Person, view: string, least: number): Promise<void> {
  const part = one.page.locator('dialog[open], :popover-open').last().or(one.page.locator('body')).last();
  const fields = part.locator(
    'input:not([type="checkbox"], [type="radio"], [readonly]), textarea:not([readonly])',
  );
  await expect(fields.filter({ visible: true }).nth(least - 1), view).toBeVisible();
  const wrong = await fields.filter({ visible: true }).evaluateAll((all) =>
    all.flatMap((one) => {
      const field = one as HTMLInputElement;
      const of = (name: string) => field.getAttribute(name) ?? '';
      const enter = of('enterkeyhint');
      const found: string[] = [];
      const expects = (name: string, ...wanted: string[]) => {
        if (!wanted.includes(of(name))) {
          found.push(`${field.labels?.[0]?.textContent ?? of('aria-label')}: ${name} is “${of(name)}”`);
        }
      };
      const same = (other: Element) =>
        other.checkVisibility() && !other.matches('[type="checkbox"], [type="radio"], [readonly]');
      const form = field.closest('form');
      const inForm = form ? [...form.querySelectorAll('input, textarea')].filter(same) : [];
      if (field.matches('[type="search"], [role="combobox"]')) {
        expects('enterkeyhint', 'search', 'go');
        expects('inputmode', 'search');
        expects('autocapitalize', 'none');
        expects('autocorrect', 'off');
        expects('spellcheck', 'false');
      } else if (field.localName === 'textarea') {
        // Enter breaks the line for fingers: a button sends.
        expects('enterkeyhint', 'enter');
      } else if (inForm.at(-1) === field || !form) {
        expects('enterkeyhint', 'go', 'done');
      } else {
        expects('enterkeyhint', 'next');
      }
      if (field.matches('[name="username"]')) {
        expects('autocapitalize', 'none');
        expects('autocorrect', 'off');
        expects('spellcheck', 'false');
      }
      // People with an account: the keyboard offers what the browser knows.
      if (field.type === 'password' || field.name === 'username') {
        expects('autocomplete', 'username', 'current-password', 'new-password');
      }
      return enter === 'next' && !form ? [...found, 'next, and there is no next'] : found;
    }),
  );
  expect.soft(wrong, view).toEqual([]);
}

/** A name or a code in which each letter counts. */
async function isExact(one: Person, name: string): Promise<void> {
  const field = one.page.getByLabel(name, { exact: true }).filter({ visible: true }).last();
  for (const [attribute, value] of [
    ['autocapitalize', 'none'],
    ['autocorrect', 'off'],
    ['spellcheck', 'false'],
  ] as const) {
    await expect.soft(field, name).toHaveAttribute(attribute, value);
  }
}

test('before signing in: the set-up, an invite, signing in, a new password', async ({ server, someone }) => {
  const ada = await someone('Ada');
  await ada.page.goto(`${server.url}/setup`);
  await suits(ada, 'the set-up', 5);
  await isExact(ada, 'Sign-in name');
  await ada.page.goto('about:blank');
  const invite = await ada.setsUp(server.setupLink);
  const bo = await someone('Bo');
  await bo.page.goto(invite);
  await suits(bo, 'an invite', 3);
  await isExact(bo, 'Sign-in name');
  await bo.page.goto(server.url);
  await suits(bo, 'signing in', 2);
  await isExact(bo, 'Sign-in name');
});

test('a new password by a link', async ({ host, account, someone, server }) => {
  const bob = await account('Bo');
  const { url } = await host.ask<{ url: string }>('POST', `/users/${bob.user.id}/reset`);
  const bo = await someone('Bo');
  await bo.page.goto(`${server.url}/reset${new URL(url).hash}`);
  await suits(bo, 'a new password', 1);
});

test('the pages and dialogs', async ({ host, account, guest }) => {
  const bob = await account('Bo');
  await account('Cy');
  const room = await host.makesRoom('club');
  await host.adds(room, bob);
  await host.posts(room, 'Mine');
  await bob.posts(room, 'Theirs');
  const ada = await guest(host);
  const opens = async (view: string, open: () => Promise<unknown>, least = 1): Promise<void> => {
    await open();
    await expect(ada.page.locator('dialog[open], :popover-open')).not.toHaveCount(0);
    await suits(ada, view, least);
    await ada.page.goBack();
    await expect(ada.page.locator('dialog[open], :popover-open')).toHaveCount(0);
  };
  const picks = (menu: string, item: string) => async () => {
    await ada.button(menu).tap();
    await ada.page.getByRole('menuitem', { name: item }).tap();
  };
  await opens('the switcher', () => ada.button(/^Jump to/).tap());
  await opens('a conversation', () => ada.button('New conversation').first().tap());
  await opens('the public rooms', () => ada.button('Browse rooms').tap());
  await opens(
    'a new room',
    async () => {
      await picks('Create a room', 'Create a room')();
      await isExact(ada, 'Name');
    },
    2,
  );

  await ada.opens('club');
  await suits(ada, 'a room', 1);
  await opens('adding people', picks('More actions', 'Add people'));
  await opens('the settings of a room', picks('More actions', 'Room settings'), 2);
  await opens('the picker', () => ada.button('Emoji').tap());
  const acts = async (text: string, act: string) => {
    await ada.taps(text);
    await ada.row(text).getByRole('button', { name: 'More actions' }).tap();
    await ada.dialog.getByRole('button', { name: act }).tap();
  };
  await opens('reporting', () => acts('Theirs', 'Report message'));
  await acts('Mine', 'Edit message');
  await suits(ada, 'editing', 2);

  for (const [path, least] of [
    ['/settings/profile', 1],
    ['/settings/password', 2],
    ['/server/people', 1],
    ['/server/general', 1],
  ] as const) {
    await ada.page.goto(ada.url + path);
    await suits(ada, path, least);
  }
  await ada.page.goto(`${ada.url}/server/programs`);
  await opens(
    'a token',
    async () => {
      await ada.button('Make a token').tap();
      await isExact(ada, 'Login name of the program');
    },
    3,
  );
});
