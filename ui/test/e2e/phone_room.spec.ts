// A room on a phone: touch, and a keyboard on the screen.
import type { Locator } from '@playwright/test';
import { expect, isAccessible, test } from './fixtures';

test('the list, a room and Back; Enter breaks the line and the button sends', async ({ host, guest }) => {
  const room = await host.room('general');
  await host.postsAll(room, ['One', 'Two']);
  const bo = await guest('Bo');
  await expect(bo.rooms).toBeVisible();
  await expect(bo.composer).toHaveCount(0);
  await bo.rooms.getByRole('link', { name: /general/ }).tap();
  await expect(bo.title('general')).toBeVisible();
  await expect(bo.rooms).toHaveCount(0);
  // The keyboard does not open by itself.
  await expect(bo.composer).not.toBeFocused();

  await bo.composer.tap();
  await bo.composer.pressSequentially('First line');
  await bo.composer.press('Enter');
  await bo.composer.pressSequentially('second line');
  await expect(bo.composer).toHaveValue('First line\nsecond line');
  await expect(bo.texts).toHaveCount(2);
  await bo.button('Send').tap();
  await expect(bo.texts).toHaveCount(3);
  await expect(bo.composer).toBeFocused();
  await bo.hasSent();
  expect((await host.history(room)).at(-1)?.body).toBe('First line\nsecond line');

  await bo.page.goBack();
  await expect(bo.rooms).toBeVisible();
  await expect(bo.composer).toHaveCount(0);
  await bo.page.goForward();
  await bo.sees('second line');
  await bo.page.getByRole('link', { name: 'Back to the room list' }).tap();
  await expect(bo.rooms).toBeVisible();
});

test('the composer and the last message stay above a keyboard', async ({ host, guest }) => {
  const room = await host.room('general');
  await host.postsAll(
    room,
    Array.from({ length: 30 }, (_, n) => `Message ${n + 1}.`),
  );
  const bo = await guest('Bo', `/r/${room.id}`);
  await bo.composer.fill('The last word');
  await bo.button('Send').tap();
  await bo.sees('The last word');
  await bo.composer.tap();
  // The keyboard takes the lower part of the window, as interactive-widget=resizes-content asks for.
  await bo.page.setViewportSize({ width: 390, height: 460 });
  await expect(bo.composer).toBeInViewport({ ratio: 1 });
  await expect(bo.button('Send')).toBeInViewport({ ratio: 1 });
  await expect(bo.log.getByText('The last word')).toBeInViewport({ ratio: 1 });
  await bo.composer.fill(Array.from({ length: 20 }, (_, n) => `Line ${n}`).join('\n'));
  await expect(bo.button('Send')).toBeInViewport({ ratio: 1 });
  await expect(bo.title('general')).toBeInViewport({ ratio: 1 });
  await bo.page.setViewportSize({ width: 390, height: 844 });
  await expect(bo.composer).toBeInViewport({ ratio: 1 });
  await expect(bo.log.getByText('The last word')).toBeInViewport({ ratio: 1 });
});

test('the composer and the last message stay above a keyboard that covers the page, as on iOS', async ({
  host,
  guest,
}) => {
  const room = await host.room('general');
  await host.postsAll(
    room,
    Array.from({ length: 30 }, (_, n) => `Message ${n + 1}.`),
  );
  const bo = await guest('Bo');
  const { page } = bo;
  // This browser shrinks the page. What iOS says of the part that is left comes from here.
  await page.addInitScript(() => {
    const view = Object.assign(new EventTarget(), { height: innerHeight, scale: 1 });
    Object.defineProperty(window, 'visualViewport', { value: view });
  });
  const leaves = (height: number, scale = 1) =>
    page.evaluate(
      ([height, scale]) => {
        // iOS has scrolled the page to show the field.
        document.body.style.minHeight = '2000px';
        scrollTo(0, 300);
        const before = scrollY;
        Object.assign(visualViewport ?? new EventTarget(), { height, scale }).dispatchEvent(
          new Event('resize'),
        );
        const after = scrollY;
        document.body.style.minHeight = '';
        return [before, after];
      },
      [height, scale] as const,
    );
  const bottom = async () => (await page.locator('#app').boundingBox())?.height;
  await page.goto(`${bo.url}/r/${room.id}`);
  await bo.sees('Message 30.');
  await bo.composer.tap();
  expect(await leaves(460)).toEqual([300, 0]);
  await expect.poll(bottom).toBe(460);
  const above = async (what: Locator, edge: number) => {
    await expect
      .poll(async () => {
        const { y = -1, height = 0 } = (await what.boundingBox()) ?? {};
        return y >= 0 && y + height <= edge;
      })
      .toBe(true);
  };
  for (const what of [bo.composer, bo.button('Send'), bo.log.getByText('Message 30.'), bo.title('general')]) {
    await above(what, 460);
  }
  await bo.composer.fill(Array.from({ length: 20 }, (_, n) => `Line ${n}`).join('\n'));
  await above(bo.button('Send'), 460);
  await expect(bo.composer).toBeFocused();
  // The keyboard goes.
  await leaves(844);
  await expect.poll(bottom).toBe(844);
  await above(bo.log.getByText('Message 30.'), 844);
  // Two fingers make everything larger, and the bars of the browser come and go: nothing is covered.
  for (const [height, scale] of [
    [422, 2],
    [800, 1],
  ] as const) {
    await leaves(height, scale);
    expect(await bottom()).toBe(844);
  }
});

test('every target is 44 px or more, and nothing is cut off', async ({ host, guest }) => {
  const room = await host.room('general');
  await host.postsAll(room, ['One', 'Two', 'Three']);
  await host.ask('PUT', `/rooms/${room.id}/messages/1/reactions/${encodeURIComponent('👍')}`);
  const ada = await guest(host);
  await expect(ada.rooms).toBeVisible();
  expect(await ada.smallTargets(44)).toEqual([]);
  await ada.rooms.getByRole('link', { name: /general/ }).tap();
  await ada.taps('Three');
  await expect(ada.row('Three').getByRole('toolbar')).toBeVisible();
  expect(await ada.smallTargets(44)).toEqual([]);
  expect(await ada.cutOff()).toEqual([]);
  await ada.row('Three').getByRole('button', { name: 'More actions' }).tap();
  await expect(ada.dialog.getByRole('button', { name: 'Copy text' })).toBeVisible();
  expect(await ada.smallTargets(44)).toEqual([]);
  await ada.page.keyboard.press('Escape');
  await ada.button(/^Show members/).tap();
  await expect(ada.page.locator('[data-region="panel"]').getByRole('listitem')).toHaveCount(1);
  expect(await ada.smallTargets(44)).toEqual([]);
  expect(await ada.cutOff()).toEqual([]);
});

test('a finger that rests on a message opens a sheet of what can be done with it', async ({
  host,
  account,
  guest,
}) => {
  const bob = await account('Bo');
  const room = await host.room('general');
  await bob.postsAll(room, ['From Bo', 'See https://example.org']);
  const ada = await guest(host, `/r/${room.id}`);
  await ada.sees('From Bo');
  const touch = await ada.context.newCDPSession(ada.page);
  const box = (await ada.row('From Bo').boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
  const at = { x: box.x + 80, y: box.y + box.height / 2 };
  await touch.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [at] });
  // No finger rests quite still.
  for (const by of [2, 6, 4]) {
    const touchPoints = [{ x: at.x + by, y: at.y }];
    await touch.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints });
  }
  await expect(ada.dialog).toBeVisible();
  await touch.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });

  // At the lower edge, as wide as the window, and open still.
  const sheet = () =>
    ada.dialog.evaluate((one) => {
      const { left, right, bottom } = one.getBoundingClientRect();
      return [left, innerWidth - right, Math.round(innerHeight - bottom)];
    });
  await expect.poll(sheet).toEqual([0, 0, 0]);
  await expect(ada.dialog.getByText('From Bo')).toBeVisible();
  expect(await ada.smallTargets(44)).toEqual([]);
  await isAccessible(ada.page, 'the sheet of a message');
  await ada.dialog.getByRole('button', { name: 'React with 👍' }).tap();
  await expect(ada.dialog).toHaveCount(0);
  await expect(ada.row('From Bo').getByRole('button', { name: '👍, 1 reaction' })).toBeVisible();

  // A finger that moves on scrolls, and a tap beside the sheet closes it.
  await touch.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [at] });
  await touch.send('Input.dispatchTouchEvent', {
    type: 'touchMove',
    touchPoints: [{ x: at.x, y: at.y + 60 }],
  });
  await touch.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
  await ada.taps('From Bo');
  await ada.row('From Bo').getByRole('button', { name: 'More actions' }).tap();
  await expect(ada.dialog).toHaveCount(1);
  await ada.page.touchscreen.tap(195, 60);
  await expect(ada.dialog).toHaveCount(0);
});

test('the finger that opened the sheet presses nothing of it when it is lifted', async ({ host, guest }) => {
  const room = await host.room('general');
  await host.postsAll(
    room,
    Array.from({ length: 30 }, (_, n) => `Message ${n + 1}.`),
  );
  const ada = await guest(host, `/r/${room.id}`, { viewport: { width: 320, height: 640 } });
  await ada.sees('Message 30.');
  const touch = await ada.context.newCDPSession(ada.page);
  // From the emoji at the top of the sheet to its last row.
  for (const n of [20, 22, 24, 26, 28, 30]) {
    const box = await ada.log.getByText(`Message ${n}.`).boundingBox();
    const at = { x: (box?.x ?? 0) + 20, y: (box?.y ?? 0) + 8 };
    await touch.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [at] });
    await expect(ada.dialog.getByText(`Message ${n}.`)).toBeVisible();
    await touch.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
    // What the finger presses has happened when the next tap has.
    await ada.dialog.getByRole('button', { name: 'Close' }).tap();
    await expect(ada.dialog).toHaveCount(0);
    await expect(ada.row(`Message ${n}.`)).toBeVisible();
    await ada.hasSettled();
  }
  expect((await host.history(room)).flatMap((one) => one.reactions ?? [])).toEqual([]);
  await expect(ada.log.locator('[data-line]')).toHaveCount(0);
});

test('the sheet of a message that is deleted meanwhile edits it no more', async ({
  host,
  account,
  guest,
}) => {
  const bo = await guest(await account('Bo'), '/r/1');
  const { seq } = await bo.account.posts(await host.room('general'), 'Not for long');
  await bo.taps('Not for long');
  await bo.row('Not for long').getByRole('button', { name: 'More actions' }).tap();
  await expect(bo.dialog).toBeVisible();
  await host.ask('DELETE', `/rooms/1/messages/${seq}`);
  await bo.sees('This message was deleted by Ada Lovelace.');
  await bo.dialog.getByRole('button', { name: 'Edit message' }).tap();
  await expect(bo.page.getByText('The message was deleted.').first()).toBeVisible();
  await expect(bo.page.getByLabel('Edit your message')).toHaveCount(0);
});

for (const locale of ['en-US', 'zh-CN']) {
  test(`what opens and folds a long message is a target of 44 px: ${locale}`, async ({ host, guest }) => {
    const room = await host.room('general');
    await host.posts(room, 'Word by word. '.repeat(400));
    const ada = await guest(host, `/r/${room.id}`, { locale });
    const fold = ada.log.locator('button[aria-expanded]');
    for (const open of ['false', 'true']) {
      await expect(fold).toHaveAttribute('aria-expanded', open);
      expect(await ada.smallTargets(44)).toEqual([]);
      await fold.tap();
    }
  });
}

test('the emoji of the sheet stand in one line on the smallest phone', async ({ host, guest }) => {
  const room = await host.room('general');
  await host.posts(room, 'Hi');
  const ada = await guest(host, `/r/${room.id}`, { viewport: { width: 320, height: 568 } });
  await ada.taps('Hi');
  await ada.row('Hi').getByRole('button', { name: 'More actions' }).tap();
  const emoji = ada.dialog.getByRole('button', { name: /^React with|^Add a reaction/ });
  await expect(emoji).toHaveCount(6);
  const boxes = await emoji.evaluateAll((all) => all.map((one) => one.getBoundingClientRect().toJSON()));
  expect(new Set(boxes.map((one) => Math.round(one.top))).size).toBe(1);
  expect(Math.min(...boxes.map((one) => Math.min(one.width, one.height)))).toBeGreaterThanOrEqual(44);
});

for (const width of [320, 390]) {
  test(`every emoji of the picker is a target of 44 px at ${width} px`, async ({ host, guest }) => {
    const room = await host.room('general');
    await host.posts(room, 'Hi');
    const ada = await guest(host, `/r/${room.id}`, { viewport: { width, height: 568 } });
    await ada.taps('Hi');
    await ada.row('Hi').getByRole('button', { name: 'More actions' }).tap();
    await ada.dialog.getByRole('button', { name: 'Add a reaction' }).tap();
    const cells = ada.page.getByRole('gridcell').getByRole('button');
    await expect(cells.first()).toBeVisible();
    const boxes = await cells.evaluateAll((all) =>
      all.slice(0, 40).map((one) => one.getBoundingClientRect().toJSON()),
    );
    expect(Math.min(...boxes.map((one) => Math.min(one.width, one.height)))).toBeGreaterThanOrEqual(44);
    expect(await ada.cutOff()).toEqual([]);
  });
}

test('the mark of a message that waits is in the window, also beside a full line', async ({
  host,
  guest,
}) => {
  const room = await host.room('general');
  const ada = await guest(host, `/r/${room.id}`, { viewport: { width: 320, height: 568 } });
  await ada.goesOffline();
  await ada.composer.fill('word '.repeat(40));
  await ada.button('Send').tap();
  await expect(ada.page.getByTitle('Waiting to be sent')).toBeInViewport({ ratio: 1 });
  await ada.isBack();
  await ada.hasSent();
});

test('a message edited by thumb leaves no keyboard open', async ({ host, guest }) => {
  const room = await host.room('general');
  await host.posts(room, 'Helo');
  const ada = await guest(host, `/r/${room.id}`);
  for (const press of ['Save', 'Cancel']) {
    await ada.taps(/^Hel+o$/);
    await ada.row(/Hel+o/).getByRole('button', { name: 'More actions' }).tap();
    await ada.dialog.getByRole('button', { name: 'Edit message' }).tap();
    await expect(ada.page.getByLabel('Edit your message')).toBeFocused();
    expect(await ada.smallTargets(44)).toEqual([]);
    await ada.page.getByLabel('Edit your message').fill('Hello');
    await ada.button(press).tap();
    await expect(ada.page.getByLabel('Edit your message')).toHaveCount(0);
    await expect(ada.title('general')).toBeFocused();
  }
});

test('the unread bar is one line', async ({ host, account, guest }) => {
  const bob = await account('Bo');
  const room = await host.room('general');
  await host.postsAll(
    room,
    Array.from({ length: 45 }, (_, n) => `Message ${n + 1}.`),
  );
  await bob.reads(room, 5);
  const bo = await guest(bob, `/r/${room.id}`);
  const jump = bo.page.getByRole('button', { name: 'Jump', exact: true });
  await expect(bo.log.locator('[data-line]')).toBeInViewport();
  // Beyond the line, and not as far as the end: there all is read, and the bar goes.
  await bo.log.evaluate((log) => log.scrollBy(0, 400));
  await expect(jump).toBeVisible();
  const bar = await jump.locator('xpath=../..').boundingBox();
  const log = await bo.log.boundingBox();
  expect(bar?.height).toBeLessThanOrEqual(48);
  expect(bar?.width).toBeLessThanOrEqual((log?.width ?? 0) - 16);
  const first = await jump.boundingBox();
  const second = await bo.button('Mark read').boundingBox();
  expect(first?.y).toBe(second?.y);
});

test('Back closes the panel and stays in the room; a person’s card opens from a message', async ({
  host,
  guest,
}) => {
  const room = await host.room('general');
  await host.posts(room, 'Hello');
  const bo = await guest('Bo');
  await bo.rooms.getByRole('link', { name: /general/ }).tap();
  await bo.sees('Hello');
  await bo.row('Hello').getByText('Ada Lovelace').tap();
  const card = bo.page.getByRole('dialog', { name: 'More about Ada Lovelace' });
  await expect(card.getByRole('button', { name: 'Message' })).toBeVisible();
  await bo.page.keyboard.press('Escape');
  await expect(card).toHaveCount(0);
  await bo.button(/^Show members/).tap();
  const panel = bo.page.getByRole('complementary', { name: 'Members' });
  await expect(panel).toBeVisible();
  await bo.page.goBack();
  await expect(panel).toHaveCount(0);
  await expect(bo.title('general')).toBeVisible();
  await bo.page.goBack();
  await expect(bo.rooms).toBeVisible();
});

for (const [height, text] of [
  [180, 100],
  [130, 100],
  [200, 200],
] as const) {
  test(`a phone on its side with its keyboard, ${height} px and ${text} % text: the composer is whole`, async ({
    host,
    guest,
  }) => {
    const room = await host.room('general');
    await host.postsAll(room, ['One', 'The last word']);
    const bo = await guest('Bo', `/r/${room.id}`, { viewport: { width: 844, height: 390 } });
    await bo.sees('The last word');
    await bo.page.evaluate((text) => {
      document.documentElement.style.fontSize = `${text}%`;
    }, text);
    await bo.composer.fill('Line one\nLine two\nLine three');
    await bo.page.setViewportSize({ width: 844, height });
    const composer = bo.page.locator('form:has([data-composer])');
    await expect(composer).toBeInViewport({ ratio: 1 });
    await expect(bo.button('Send')).toBeInViewport({ ratio: 1 });
    if (text === 100) {
      await bo.composer.fill('');
      await expect(bo.log.getByText('The last word')).toBeInViewport({ ratio: 1 });
    }
    await bo.page.setViewportSize({ width: 844, height: 390 });
    await expect(bo.title('general')).toBeVisible();
  });
}

test('the author of a message is pressed by a thumb: 44 px, and nothing of the neighbours', async ({
  host,
  account,
  guest,
}) => {
  const bo = await account('Bo');
  const room = await host.room('general');
  await host.posts(room, 'One');
  await host.ask('PUT', `/rooms/${room.id}/messages/1/reactions/${encodeURIComponent('👍')}`);
  await bo.posts(room, 'https://example.org');
  const ada = await guest(host, `/r/${room.id}`);
  await ada.sees('https://example.org');
  expect(await ada.smallTargets(44)).toEqual([]);
  /** Who or what is pressed so far from the middle of it. */
  const hits = (of: string, points: [number, number][]) =>
    ada.row('https://example.org').evaluate(
      (row, [of, points]) => {
        const { x, y, width, height } = (row.querySelector(of) as Element).getBoundingClientRect();
        return points.map(([right, down]) => {
          const at = document.elementFromPoint(x + width / 2 + right, y + height / 2 + down);
          return at?.closest<HTMLElement>('[data-person]')?.dataset.person ?? at?.localName;
        });
      },
      [of, points] as const,
    );
  const who = String(bo.user.id);
  const corners: [number, number][] = [
    [-21.5, -21.5],
    [21.5, -21.5],
    [-21.5, 21.5],
    [21.5, 21.5],
  ];
  expect(await hits('[data-person] > span', corners)).toEqual([who, who, who, who]);
  expect(await hits('bdi', [[0, -18]])).toEqual([who]);
  // The link below the name, and the reaction above it.
  expect(await hits('.markdown a', [[0, -8]])).toEqual(['a']);
  const chip = ada.row('One').getByRole('button', { name: /1 reaction/ });
  const covered = await chip.evaluate((one) => {
    const { left, right, bottom } = one.getBoundingClientRect();
    return [left + 22, right - 22].map((x) => one.contains(document.elementFromPoint(x, bottom - 1)));
  });
  expect(covered).toEqual([true, true]);
});

test('the picker of reactions opens no keyboard', async ({ host, guest }) => {
  const room = await host.room('general');
  await host.posts(room, 'Hello');
  const ada = await guest(host, `/r/${room.id}`);
  await ada.taps('Hello');
  await ada.row('Hello').getByRole('button', { name: 'More actions' }).tap();
  await ada.dialog.getByRole('button', { name: 'Add a reaction' }).tap();
  const picker = ada.page.getByRole('dialog', { name: 'Pick an emoji' });
  await expect(picker.locator('[data-emoji]').first()).toBeVisible();
  await expect(picker).toBeFocused();
});

test('a reaction that is taken back leaves its place, and the next press hits', async ({
  host,
  account,
  guest,
}) => {
  const bo = await account('Bo');
  const room = await host.room('general');
  await bo.postsAll(room, ['Above', 'Cake?', 'Below']);
  for (const [who, seq, emoji] of [
    [bo, 1, '👍'],
    [host, 2, '👍'],
    [host, 2, '🎉'],
    [bo, 3, '👍'],
  ] as const) {
    await who.ask('PUT', `/rooms/${room.id}/messages/${seq}/reactions/${encodeURIComponent(emoji)}`);
  }
  await host.reads(room, 3);
  const ada = await guest(host, `/r/${room.id}`);
  const chips = (text: string) => ada.row(text).locator('button[aria-pressed]');
  const places = () =>
    ada.log
      .locator('button[aria-pressed]')
      .evaluateAll((all) => all.map((one) => [one.getBoundingClientRect().x, one.getBoundingClientRect().y]));
  await expect(chips('Below')).toHaveCount(1);
  const before = await places();
  expect(before).toHaveLength(4);
  await chips('Cake?').first().tap();
  await expect(chips('Cake?').first()).toHaveAccessibleName('👍, 0 reactions');
  expect(await places()).toEqual(before);
  // Once more gives it again, in the same place.
  await chips('Cake?').first().tap();
  await expect(chips('Cake?').first()).toHaveAccessibleName('👍, 1 reaction');
  for (const n of [0, 1]) {
    await chips('Cake?').nth(n).tap();
    await expect(chips('Cake?').nth(n)).toHaveAccessibleName(/, 0 reactions$/);
  }
  for (const next of ['Above', 'Below']) {
    await chips(next).tap();
    await expect(chips(next)).toHaveAccessibleName('👍, 2 reactions');
  }
  expect(await places()).toEqual(before);
  // It is gone when one comes back to the room.
  await ada.page.goBack();
  await ada.page.goForward();
  await expect(chips('Below')).toHaveCount(1);
  await expect(chips('Cake?')).toHaveCount(0);
});

for (const [locale, archived, heading, offline] of [
  ['en-US', 'This room is archived', 'You were writing here', 'Offline'],
  ['zh-CN', '此房间已归档', '你正在这里写的内容', '离线'],
] as const) {
  test(`what was typed stays when the room is archived, and nothing waits there: ${locale}`, async ({
    host,
    account,
    guest,
  }) => {
    const bo = await account('Bo');
    const room = await host.makesRoom('garden');
    await host.adds(room, bo);
    await host.posts(room, 'Hello');
    const one = await guest(bo, `/r/${room.id}`, {
      locale,
      viewport: { width: 360, height: 640 },
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    await one.sees('Hello');
    await one.composer.tap();
    await one.composer.fill('Half a thought,\nand the other half');
    await host.ask('PATCH', `/rooms/${room.id}`, { archived: true });
    await expect(one.page.getByText(archived)).toBeVisible();
    const kept = one.page.getByRole('region', { name: heading });
    await expect(kept.getByText('and the other half')).toBeInViewport({ ratio: 1 });
    await expect(one.log.getByText('Hello')).toBeInViewport({ ratio: 1 });
    expect(await one.smallTargets(44)).toEqual([]);
    await isAccessible(one.page, 'a draft in an archived room');
    await kept.getByRole('button').first().tap();
    expect(await one.page.evaluate(() => navigator.clipboard.readText())).toBe(
      'Half a thought,\nand the other half',
    );
    await one.goesOffline();
    await expect(one.page.locator('[class~="TypingLine_text"]')).toHaveText(offline);
    await one.isBack();
    await host.ask('PATCH', `/rooms/${room.id}`, { archived: false });
    await expect(one.composer).toHaveValue('Half a thought,\nand the other half');
  });
}
