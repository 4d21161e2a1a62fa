// Things that other chats take and this one does not: files, pictures and commands. Nothing is lost by them.
import { expect, type Guest, test } from './fixtures';

/** Drops or pastes something, as a browser tells the page. Returns whether the page took it from the browser. */
function gives(
  one: Guest,
  where: string,
  kind: 'drop' | 'paste',
  types: Record<string, string>,
  file = true,
  onText = false,
) {
  return one.page.evaluate(
    ({ where, kind, types, file, onText }) => {
      const data = new DataTransfer();
      if (file) {
        data.items.add(new File(['x'], 'picture.png', { type: 'image/png' }));
      }
      for (const [type, text] of Object.entries(types)) {
        data.setData(type, text);
      }
      const found = document.querySelector(where) as Element;
      // In Firefox, what is under the pointer may be a text.
      const at = onText ? (document.createTreeWalker(found, NodeFilter.SHOW_TEXT).nextNode() as Node) : found;
      const more = { bubbles: true, cancelable: true };
      const make = (name: string) =>
        kind === 'paste'
          ? new ClipboardEvent(name, { ...more, clipboardData: data })
          : new DragEvent(name, { ...more, dataTransfer: data });
      const names = kind === 'paste' ? ['paste'] : ['dragover', 'drop'];
      return names.map((name) => !at.dispatchEvent(make(name)));
    },
    { where, kind, types, file, onText },
  );
}

test('a file that is dropped or pasted keeps the page and the draft, and files are said to come', async ({
  host,
  guest,
}) => {
  const room = await host.room('general');
  const ada = await guest(host, `/r/${room.id}`);
  await ada.composer.fill('A draft');
  const said = ada.page.getByText('Files cannot be sent yet.');
  for (const where of ['[data-composer]', '[data-region="rooms"]', 'h1', 'body']) {
    expect(await gives(ada, where, 'drop', {}), where).toEqual([true, true]);
    await expect(said).toBeVisible();
    await ada.page.locator('[class~="Toast_toast"]').getByRole('button', { name: 'Close' }).click();
  }
  // A link would be opened in place of the page. Text may be dropped into a field.
  const link = { 'text/uri-list': 'https://example.org/' };
  for (const onText of [false, true]) {
    expect(await gives(ada, 'h1', 'drop', link, false, onText)).toEqual([true, true]);
  }
  expect(await gives(ada, '[data-composer]', 'drop', { 'text/plain': 'word' }, false)).toEqual([
    false,
    false,
  ]);
  await expect(said).toHaveCount(0);

  await gives(ada, '[data-composer]', 'paste', {});
  await expect(said).toBeVisible();
  await ada.page.locator('[class~="Toast_toast"]').getByRole('button', { name: 'Close' }).click();
  // An office program: the text is pasted by the browser.
  expect(await gives(ada, '[data-composer]', 'paste', { 'text/plain': 'Words' })).toEqual([false]);
  await expect(said).toHaveCount(0);
  await expect(ada.composer).toHaveValue('A draft');
});

test('a command that does not exist is explained and not posted', async ({ host, guest }) => {
  const room = await host.room('general');
  const ada = await guest(host, `/r/${room.id}`);
  const line = ada.page.getByRole('alert').filter({ hasText: 'there is no command' });
  const enters = async (text: string) => {
    await ada.composer.fill(text);
    await ada.composer.press('Enter');
  };
  for (const text of ['/me', '/join general', '/shrug']) {
    await enters(text);
    await expect(line).toContainText(`there is no command ${text.split(' ')[0]} here`);
    await expect(ada.composer).toHaveValue(text);
    await expect(ada.composer).toBeFocused();
  }
  // It goes when the text is another.
  await ada.composer.fill('/shrugs');
  await expect(line).toHaveCount(0);
  await enters('/me waves');
  await ada.button('Send as it is').click();
  await ada.sees('/me waves');
  await expect(line).toHaveCount(0);
  await enters(' /me too');
  await ada.sees('/me too');
  await enters('/etc/hosts is wrong');
  await ada.sees('/etc/hosts is wrong');
  await enters('/ 3');
  await ada.sees('/ 3');
  await ada.hasSent();
  const posted = (await host.history(room)).map((m) => m.body);
  expect(posted.filter((body) => body.startsWith('/'))).toEqual([
    '/me waves',
    '/me too',
    '/etc/hosts is wrong',
    '/ 3',
  ]);
});

test('the icon of the tab shows that something is unread, and follows reading elsewhere', async ({
  host,
  account,
  guest,
}) => {
  const bob = await account('Bo');
  const room = await host.room('general');
  const bo = await guest(bob, '/settings');
  const icon = bo.page.locator('link[rel="icon"]');
  await expect(icon).toHaveAttribute('href', '/icon.svg');
  await host.posts(room, 'Hello');
  await expect(icon).toHaveAttribute('href', '/icon-unread.svg');
  expect((await bo.page.request.get(`${bo.url}/icon-unread.svg`)).headers()['content-type']).toContain('svg');
  await bob.reads(room, 1);
  await expect(icon).toHaveAttribute('href', '/icon.svg');
  await host.writesTo(bob).then((direct) => host.posts(direct, 'For you'));
  await expect(bo.page).toHaveTitle(/^\(1\) /);
  await expect(icon).toHaveAttribute('href', '/icon-unread.svg');
});
