// Screen readers, contrast, reduced motion, and the size of targets.
import { expect, isAccessible, test } from './fixtures';

const languages = [
  {
    locale: 'en-US',
    members: /^Show members/,
    react: 'Add a reaction',
    more: 'More actions',
    remove: 'Delete message',
  },
  { locale: 'zh-CN', members: /^显示成员/, react: '添加表情回应', more: '更多操作', remove: '删除消息' },
];

for (const { locale, members, react, more, remove } of languages) {
  for (const colorScheme of ['light', 'dark'] as const) {
    test(`axe finds nothing in the room, its panel, its picker and its question: ${locale}, ${colorScheme}`, async ({
      host,
      account,
      guest,
    }) => {
      const bob = await account('小明');
      const room = await host.room('general');
      await host.postsAll(room, [
        'Some **bold** words, `code` and a [link](https://example.org)',
        '> a quote\n\n- a list\n- of two',
        '```js\nconst answer = 42;\n```',
        '| a | b |\n|---|---|\n| 1 | 2 |',
        'Gone soon',
      ]);
      await host.ask('DELETE', `/rooms/${room.id}/messages/5`);
      await host.ask('PUT', `/rooms/${room.id}/messages/1/reactions/${encodeURIComponent('👍')}`);
      await bob.posts(room, '今晚八点见');
      await bob.posts(room, 'And one more');
      await host.reads(room, 6);
      const ada = await guest(host, `/r/${room.id}`, { locale, colorScheme });
      await ada.sees('And one more');
      await isAccessible(ada.page, 'room');
      const row = await ada.pointsAt('Some bold words');
      await isAccessible(ada.page, 'row with its toolbar');
      await row.getByRole('button', { name: react }).click();
      await expect(ada.page.getByRole('grid')).toBeVisible();
      await isAccessible(ada.page, 'picker');
      await ada.page.keyboard.press('Escape');
      await row.getByRole('button', { name: more }).click();
      await isAccessible(ada.page, 'menu');
      await ada.page.getByRole('menuitem', { name: remove }).click();
      await expect(ada.dialog).toBeVisible();
      await isAccessible(ada.page, 'delete dialog');
      await ada.page.keyboard.press('Escape');
      await expect(ada.dialog).toHaveCount(0);
      await ada.composer.press('ArrowUp');
      await expect(ada.log.locator('textarea')).toBeFocused();
      await isAccessible(ada.page, 'editing');
      await ada.page.keyboard.press('Escape');
      await ada.button(members).click();
      await expect(ada.page.locator('[data-region="panel"]').getByRole('listitem')).toHaveCount(2);
      await isAccessible(ada.page, 'members panel');
    });
  }
}

test('screen readers hear each new message once from the announcer, and many together; the list is silent', async ({
  host,
  guest,
}) => {
  const room = await host.room('general');
  await host.postsAll(room, ['Old one', 'Old two']);
  const bo = await guest('Bo', `/r/${room.id}`);
  await bo.sees('Old two');
  await expect(bo.log).toHaveAttribute('aria-live', 'off');
  const spoken = await bo.page.evaluateHandle(() => {
    const said: string[] = [];
    const region = document.querySelector('[data-announcer="polite"]') as HTMLElement;
    new MutationObserver(() => {
      const text = region.textContent ?? '';
      if (text && said.at(-1) !== text) {
        said.push(text);
      }
    }).observe(region, { childList: true, subtree: true, characterData: true });
    return said;
  });
  await host.posts(room, 'Something *new*');
  await expect.poll(() => spoken.jsonValue()).toEqual(['Ada Lovelace: Something *new*']);
  // Own messages are not announced.
  await bo.sends('My own words');
  await host.postsAll(
    room,
    Array.from({ length: 12 }, (_, n) => `Quick ${n}`),
  );
  await bo.sees('Quick 11');
  await expect.poll(async () => (await spoken.jsonValue()).length).toBeGreaterThan(1);
  const said = (await spoken.jsonValue()).slice(1);
  expect(said.length).toBeLessThanOrEqual(4);
  expect(said.join(' ')).not.toContain('My own words');
  // Scrolling through the history announces nothing.
  const before = (await spoken.jsonValue()).length;
  await bo.opens('announcements');
  await bo.opens('general');
  await bo.sees('Quick 11');
  await host.posts(room, 'The last one');
  await expect.poll(async () => (await spoken.jsonValue()).at(-1)).toContain('The last one');
  expect((await spoken.jsonValue()).slice(before).join(' ')).not.toContain('Old');
});

test('with reduced motion nothing moves', async ({ host, guest }) => {
  const room = await host.room('general');
  await host.postsAll(room, ['One', 'Two']);
  const ada = await guest(host, `/r/${room.id}/1`, { reducedMotion: 'reduce' });
  await ada.sees('Two');
  const moving = () => ada.page.evaluate(() => document.getAnimations().length);
  const slow = () =>
    ada.page.evaluate(
      () =>
        [...document.querySelectorAll('*')].filter((one) => {
          const { transitionDuration, animationName } = getComputedStyle(one);
          return (
            animationName !== 'none' ||
            transitionDuration.split(',').some((time) => Number.parseFloat(time) > 0)
          );
        }).length,
    );
  expect(await slow()).toBe(0);
  await ada.pointsAt('One');
  await ada.composer.fill('Three');
  await ada.composer.press('Enter');
  expect(await moving()).toBe(0);
  await ada.button(/^Show members/).click();
  expect(await moving()).toBe(0);
  await ada.page.keyboard.press('Control+k');
  await expect(ada.dialog).toBeVisible();
  expect(await moving()).toBe(0);
  expect(await slow()).toBe(0);
});

test('every target in the room is 24 px or more', async ({ host, guest }) => {
  const room = await host.room('general');
  await host.postsAll(room, ['One', 'Two']);
  await host.ask('PUT', `/rooms/${room.id}/messages/1/reactions/${encodeURIComponent('👍')}`);
  const ada = await guest(host, `/r/${room.id}`);
  await ada.pointsAt('Two');
  await expect(ada.row('Two').getByRole('toolbar')).toBeVisible();
  expect(await ada.smallTargets(24)).toEqual([]);
  await ada.button(/^Show members/).click();
  await expect(ada.page.locator('[data-region="panel"]').getByRole('listitem')).toHaveCount(1);
  expect(await ada.smallTargets(24)).toEqual([]);
});
