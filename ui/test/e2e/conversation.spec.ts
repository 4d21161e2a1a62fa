import { fill, openRoom } from './fill';
import { expect, isAccessible, type Person, test } from './fixtures';

const rows = (person: Person) => person.page.locator('article');

test('what one says the other sees, in the same order', async ({ owner, someone }) => {
  const ming = await someone('小明');
  await ming.signsUp(owner.invite);
  await owner.opens('general');
  await ming.opens('general');
  await owner.composer.fill('one **bold** word');
  await owner.composer.press('Enter');
  await ming.sees('one bold word');
  await ming.sends('你好');
  await owner.sees('你好');
  await owner.sends('three');
  await ming.sees('three');
  const texts = (person: Person) => person.page.locator('article .markdown').allInnerTexts();
  expect(await texts(owner)).toEqual(await texts(ming));
  await isAccessible(owner.page, 'the conversation');
});

test('a message shows at once and keeps its place in the page when it is stored', async ({ owner }) => {
  await owner.opens('general');
  await owner.sends('first');
  await owner.page.evaluate(() => {
    const log = document.querySelector('[role=log]') as Element;
    new MutationObserver((changes) => {
      for (const node of changes.flatMap((change) => [...change.addedNodes])) {
        if (node instanceof HTMLElement && node.dataset.row === 'pending') {
          node.id = 'echo';
        }
      }
    }).observe(log, { childList: true, subtree: true });
  });
  await owner.sends('second');
  await expect(owner.page.locator('#echo')).toHaveAttribute('data-row', '2');
  await expect(owner.page.locator('#echo')).toContainText('second');
});

test('Enter sends, Shift+Enter breaks the line, and neither sends while composing', async ({ owner }) => {
  await owner.opens('general');
  const { composer, page } = owner;
  await composer.fill('one');
  await composer.press('Shift+Enter');
  await composer.pressSequentially('two');
  await composer.press('Enter');
  await expect(rows(owner)).toHaveCount(1);
  await expect(composer).toHaveValue('');
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('Input.imeSetComposition', { text: 'ni hao', selectionStart: 6, selectionEnd: 6 });
  await cdp.send('Input.dispatchKeyEvent', {
    type: 'rawKeyDown',
    key: 'Enter',
    code: 'Enter',
    windowsVirtualKeyCode: 13,
  });
  await cdp.send('Input.insertText', { text: '你好' });
  // Safari's order: the composition is over, and then comes the key.
  await composer.evaluate((field) => {
    const key = new KeyboardEvent('keydown', { key: 'Enter', keyCode: 229, bubbles: true, cancelable: true });
    field.dispatchEvent(key);
  });
  await expect(composer).toHaveValue('你好');
  await expect(rows(owner)).toHaveCount(1);
  await composer.press('Enter');
  await expect(rows(owner)).toHaveCount(2);
});

test('on touch Enter breaks the line and the button sends', async ({ owner, server, someone }) => {
  await owner.opens('general');
  const phone = await someone('Ada on a phone', {
    viewport: { width: 390, height: 844 },
    isMobile: true,
    hasTouch: true,
  });
  await phone.signsIn(server.url, 'ada-lovelace');
  await expect(phone.button('Sign in')).toBeHidden();
  await phone.page.goto(owner.page.url());
  await phone.composer.fill('one');
  await phone.composer.press('Enter');
  await expect(phone.composer).toHaveValue('one\n');
  await phone.button('Send').tap();
  await owner.sees('one');
});

test('the up arrow edits the last own message, Esc leaves it', async ({ owner }) => {
  await owner.opens('general');
  await owner.sends('a typpo');
  await owner.composer.press('ArrowUp');
  const field = owner.page.getByLabel('Edit your message');
  await expect(field).toBeFocused();
  await field.press('Escape');
  await expect(owner.composer).toBeFocused();
  await owner.composer.press('ArrowUp');
  await field.fill('no typo');
  await field.press('Enter');
  await owner.sees('no typo');
  await expect(rows(owner)).toContainText('edited');
  await expect(owner.composer).toBeFocused();
});

test('reactions are pressed by keyboard, counted and taken back', async ({ owner, someone }) => {
  const ming = await someone('小明');
  await ming.signsUp(owner.invite);
  await owner.opens('general');
  await ming.opens('general');
  await owner.sends('like this');
  await ming.sees('like this');
  await rows(ming).last().focus();
  await ming.page.keyboard.press('Enter');
  await ming.page.keyboard.press('Enter');
  const chip = ming.button(/^👍, 1/);
  await expect(chip).toHaveAttribute('aria-pressed', 'true');
  await expect(owner.button(/^👍, 1/)).toHaveAttribute('title', '👍: 小明');
  await owner.button(/^👍, 1/).click();
  await expect(ming.button(/^👍, 2/)).toBeVisible();
  await ming.page.keyboard.press('Escape');
  await expect(rows(ming).last()).toBeFocused();
  await ming.page.keyboard.press('Escape');
  await expect(ming.composer).toBeFocused();
});

test('a deleted message leaves its place, for everyone', async ({ owner, someone }) => {
  const ming = await someone('小明');
  await ming.signsUp(owner.invite);
  await owner.opens('general');
  await ming.opens('general');
  await owner.sends('never mind');
  await ming.sees('never mind');
  await rows(owner).last().hover();
  await rows(owner).last().getByRole('button', { name: 'More actions' }).click();
  await owner.page.getByRole('menuitem', { name: 'Delete message' }).click();
  await owner.dialog.getByRole('button', { name: 'Delete', exact: true }).click();
  await ming.seesNot('never mind');
  await ming.sees('This message was deleted.');
});

test('a draft stays with its room, over a reload and in another tab', async ({ owner }) => {
  await owner.makesRoom('other');
  await owner.opens('general');
  await owner.composer.fill('half a thought');
  await owner.opens('other');
  await expect(owner.composer).toHaveValue('');
  await expect(owner.rooms.getByText('Draft')).toBeAttached();
  await owner.opens('general');
  await expect(owner.composer).toHaveValue('half a thought');
  await owner.page.waitForTimeout(700);
  await owner.page.reload();
  await expect(owner.composer).toHaveValue('half a thought');
  const tab = await owner.context.newPage();
  await tab.goto(owner.page.url());
  await expect(tab.locator('[data-composer]')).toHaveValue('half a thought');
  await tab.locator('[data-composer]').fill('a whole one');
  await expect(owner.composer).toHaveValue('a whole one');
});

test('the list is silent; new messages are announced, many at once together', async ({ owner, someone }) => {
  const ming = await someone('小明');
  await ming.signsUp(owner.invite);
  await owner.opens('general');
  await ming.opens('general');
  await ming.sends('hello');
  await owner.sees('hello');
  await expect(owner.page.getByRole('log')).toHaveAttribute('aria-live', 'off');
  const spoken = owner.page.locator('[data-announcer=polite]');
  await ming.sends('are you there?');
  await expect(spoken).toContainText('小明: are you there?');
  await fill(ming, openRoom(ming), 5);
  await expect(spoken).toHaveText(/new messages/);
});

test('someone who types is named, and forgotten when they stop', async ({ owner, someone }) => {
  const ming = await someone('小明');
  await ming.signsUp(owner.invite);
  await owner.opens('general');
  await ming.opens('general');
  await ming.composer.pressSequentially('hm');
  await expect(owner.page.getByText('小明 is typing…')).toBeVisible();
  await ming.composer.press('Enter');
  await owner.sees('hm');
  await expect(owner.page.getByText('小明 is typing…')).toBeHidden();
});

test('markup in a message is inert', async ({ owner }) => {
  await owner.opens('general');
  await owner.sends('start');
  for (const body of [
    '<script>window.hacked = 1</script>',
    '<img src=x onerror="window.hacked = 1">',
    '[click](javascript:window.hacked=1)',
    '<p style="position:fixed;inset:0">x</p>',
    `${'>'.repeat(500)} deep`,
  ]) {
    await owner.composer.fill(body);
    await owner.composer.press('Enter');
  }
  await expect(rows(owner)).toHaveCount(6);
  expect(await owner.page.evaluate(() => 'hacked' in window)).toBe(false);
  await expect(
    owner.page.locator('article .markdown :is(script, img, [style], [href^=javascript])'),
  ).toHaveCount(0);
});
