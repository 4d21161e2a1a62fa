// Editing and deleting messages, and reactions.
import { expect, isAccessible, test } from './fixtures';

test('↑ in the empty composer edits the last own message, and Esc cancels', async ({ host, guest }) => {
  const ada = await guest(host);
  const bo = await guest('Bo');
  await ada.sends('The frist one');
  await ada.hasSent();
  await bo.sends('Something else');
  await ada.sees('Something else');
  const edit = ada.page.getByLabel('Edit your message');

  await ada.composer.press('ArrowUp');
  await expect(edit).toBeFocused();
  await expect(edit).toHaveValue('The frist one');
  await edit.fill('Never mind');
  await edit.press('Escape');
  await expect(edit).toHaveCount(0);
  await expect(ada.composer).toBeFocused();
  await expect(ada.texts).toHaveText(['The frist one', 'Something else']);

  await ada.composer.press('ArrowUp');
  await edit.fill('The first one');
  await edit.press('Enter');
  await expect(ada.composer).toBeFocused();
  for (const one of [ada, bo]) {
    await expect(one.texts).toHaveText(['The first one', 'Something else']);
    await expect(one.row('The first one').getByText('edited')).toBeVisible();
    await expect(one.row('Something else').getByText('edited')).toHaveCount(0);
  }

  // In a composer with text, the arrow moves the cursor.
  await ada.composer.fill('Half a thought');
  await ada.composer.press('ArrowUp');
  await expect(edit).toHaveCount(0);
});

test('an edit that is not saved is still there after another room', async ({ host, guest }) => {
  const room = await host.room('general');
  await host.makesRoom('club');
  const ada = await guest(host, `/r/${room.id}`);
  await ada.sends('The frist one');
  await ada.hasSent();
  await ada.composer.press('ArrowUp');
  const edit = ada.page.getByLabel('Edit your message');
  await edit.fill('The first one');
  await ada.opens('club');
  await expect(edit).toHaveCount(0);
  await ada.page.goBack();
  await expect(edit).toHaveValue('The first one');
  await edit.press('Enter');
  await expect(ada.texts).toHaveText(['The first one']);
});

test('↑ right after sending does not open the message before', async ({ host, guest }) => {
  const ada = await guest(host);
  await ada.sends('Long ago');
  await ada.hasSent();
  await ada.composer.fill('Just now');
  const opened = await ada.page.evaluate(async () => {
    const field = document.querySelector('[data-composer]') as HTMLTextAreaElement;
    const press = (key: string, keyCode: number) =>
      field.dispatchEvent(new KeyboardEvent('keydown', { key, keyCode, bubbles: true, cancelable: true }));
    press('Enter', 13);
    while (field.value) {
      await new Promise(requestAnimationFrame);
    }
    press('ArrowUp', 38);
    await new Promise(requestAnimationFrame);
    return document.querySelector<HTMLTextAreaElement>('[aria-label="Edit your message"]')?.value;
  });
  expect(['Just now', undefined]).toContain(opened);
});

test('a deleted message leaves a tombstone, for both people and after a reload', async ({ host, guest }) => {
  const ada = await guest(host);
  const bo = await guest('Bo');
  await ada.sends('One');
  await ada.sends('Regretted');
  await ada.sends('Three');
  await bo.sees('Three');

  await ada.pointsAt('Regretted');
  await ada.row('Regretted').getByRole('button', { name: 'More actions' }).click();
  await ada.page.getByRole('menuitem', { name: 'Delete message' }).click();
  await ada.dialog.getByRole('button', { name: 'Cancel' }).click();
  await ada.sees('Regretted');

  await ada.pointsAt('Regretted');
  await ada.row('Regretted').getByRole('button', { name: 'More actions' }).click();
  await ada.page.getByRole('menuitem', { name: 'Delete message' }).click();
  await ada.dialog.getByRole('button', { name: 'Delete' }).click();
  await expect(ada.composer).toBeFocused();
  for (const one of [ada, bo]) {
    await expect(one.page.getByText('This message was deleted.')).toBeVisible();
    await one.page.reload();
    await expect(one.page.getByText('This message was deleted.')).toBeVisible();
    await expect(one.texts).toHaveText(['One', 'Three']);
  }
  // Nobody else's message can be edited or deleted.
  await bo.pointsAt('One');
  await expect(bo.row('One').getByRole('button', { name: 'Edit message' })).toHaveCount(0);
  await bo.row('One').getByRole('button', { name: 'More actions' }).click();
  await expect(bo.page.getByRole('menuitem', { name: 'Copy text' })).toBeVisible();
  await expect(bo.page.getByRole('menuitem', { name: 'Delete message' })).toHaveCount(0);
});

test('reactions from the picker and the row are counted, and can be removed', async ({ host, guest }) => {
  const ada = await guest(host);
  const bo = await guest('Bo');
  await ada.sends('Cake?');
  await bo.sees('Cake?');
  await bo.pointsAt('Cake?');
  await bo.row('Cake?').getByRole('button', { name: 'Add a reaction' }).click();
  await bo.page.getByRole('searchbox', { name: 'Search emoji' }).fill('cake');
  await bo.page.keyboard.press('Enter');
  const chip = ada.row('Cake?').getByRole('button', { name: /, \d reaction/ });
  await expect(chip).toHaveAccessibleName(/, 1 reaction$/);
  await expect(chip).toHaveAttribute('aria-pressed', 'false');
  await chip.click();
  for (const one of [ada, bo]) {
    const both = one.row('Cake?').getByRole('button', { name: /, 2 reactions$/ });
    await expect(both).toHaveAttribute('aria-pressed', 'true');
    await expect(both).toHaveAttribute('title', /Ada Lovelace/);
  }
  await chip.click();
  await expect(bo.row('Cake?').getByRole('button', { name: /, 1 reaction$/ })).toBeVisible();

  // The same emoji of the picker once more takes the reaction back, also where a list writes it in two ways.
  const white = bo.row('Cake?').getByRole('button', { name: /^⚪.*, 1 reaction$/ });
  for (const count of [1, 0]) {
    await bo.pointsAt('Cake?');
    await bo.row('Cake?').getByRole('button', { name: 'Add a reaction' }).click();
    await bo.page.getByRole('searchbox', { name: 'Search emoji' }).fill('white circle');
    await bo.page.keyboard.press('Enter');
    await expect(white).toHaveCount(count);
  }
});

test('a reaction comes without its message, also after an absence', async ({ host, guest }) => {
  const ada = await guest(host);
  const frames: string[] = [];
  ada.page.on('websocket', (socket) => {
    // The socket that only asks who is signed in does not ask for changes.
    if (new URL(socket.url()).search === '?changes=reactions') {
      socket.on('framereceived', ({ payload }) => frames.push(String(payload)));
    }
  });
  await ada.page.reload();
  await ada.sends('Cake?');
  await ada.hasSent();
  const room = await host.room('general');
  const react = (emoji: string) =>
    host.ask('PUT', `/rooms/${room.id}/messages/1/reactions/${encodeURIComponent(emoji)}`);
  const chips = ada.row('Cake?').getByRole('button', { name: /, 1 reaction$/ });
  await react('🍰');
  await expect(chips).toHaveCount(1);
  await ada.goesOffline();
  await react('🎂');
  await ada.isBack();
  await expect(chips).toHaveCount(2);
  const heard = frames.join('\n');
  expect(heard).toContain('reaction.changed');
  expect(heard).toContain('"reacted":');
  expect(heard).not.toContain('message.changed');
});

test("the row's menu lists everyone who reacted", async ({ host, account, guest }) => {
  const room = await host.room('general');
  await host.posts(room, 'Cake?');
  const people = [host, ...(await Promise.all(['Bo', 'Cy', 'Di'].map((name) => account(name))))];
  for (const one of people) {
    await one.ask('PUT', `/rooms/${room.id}/messages/1/reactions/${encodeURIComponent('👍')}`);
  }
  const ada = await guest(host, `/r/${room.id}`);
  await ada.row('Cake?').focus();
  await ada.row('Cake?').getByRole('button', { name: 'More actions' }).focus();
  await ada.page.keyboard.press('Enter');
  await expect(ada.page.getByRole('menuitem').first()).toBeFocused();
  await ada.page.getByRole('menuitem', { name: 'Who reacted' }).focus();
  await ada.page.keyboard.press('Enter');
  await expect(ada.dialog.getByRole('heading', { name: 'Who reacted' })).toBeVisible();
  await expect(ada.dialog.getByRole('heading', { name: '👍, 4 reactions' })).toBeVisible();
  await expect(ada.dialog.getByRole('listitem')).toHaveText([/Ada Lovelace/, /Bo/, /Cy/, /Di/]);
  await isAccessible(ada.page, 'who reacted');
  // The list follows changes while it is open.
  await people[1]?.ask('DELETE', `/rooms/${room.id}/messages/1/reactions/${encodeURIComponent('👍')}`);
  await expect(ada.dialog.getByRole('listitem')).toHaveText([/Ada Lovelace/, /Cy/, /Di/]);
  await ada.page.keyboard.press('Escape');
  await expect(ada.dialog).toHaveCount(0);
});

for (const [locale, words] of [
  [
    'en-US',
    {
      label: 'Edit your message',
      save: 'Save',
      why: /^Not saved: there is no command \/me/,
      asIs: 'Save as it is',
    },
  ],
  ['zh-CN', { label: '编辑你的消息', save: '保存', why: /^未保存：这里没有 \/me 命令/, asIs: '原样保存' }],
] as const) {
  test(`an edit that begins like a command is held back, by thumb: ${locale}`, async ({ host, guest }) => {
    const room = await host.room('general');
    await host.posts(room, 'Hello');
    const phone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, locale };
    const ada = await guest(host, `/r/${room.id}`, phone);
    const stored = async () => (await host.history(room)).map((one) => one.body);
    await ada.sees('Hello');
    await ada.composer.focus();
    await ada.page.keyboard.press('ArrowUp');
    const field = ada.page.getByLabel(words.label);
    await field.fill('/me waves');
    await ada.button(words.save).tap();
    await expect(ada.page.getByRole('alert')).toHaveText(words.why);
    await expect(field).toHaveValue('/me waves');
    expect(await stored()).toEqual(['Hello']);
    await ada.button(words.asIs).tap();
    await expect(field).toHaveCount(0);
    await ada.sees('/me waves');
    expect(await stored()).toEqual(['/me waves']);
  });
}
