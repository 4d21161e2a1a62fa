// Narrow windows and large letters.
import { expect, test } from './fixtures';

const looks = [
  { width: 320, height: 640, text: 100 },
  { width: 320, height: 640, text: 200 },
  { width: 1280, height: 800, text: 200 },
  { width: 800, height: 600, text: 100 },
];

for (const { width, height, text } of looks) {
  test(`nothing is cut off at ${width} px with letters of ${text} %`, async ({ host, account, guest }) => {
    const bob = await account('Maximiliane von und zu Hohenheim-Schwarzenberg');
    const room = await host.makesRoom('donaudampfschifffahrtsgesellschaft', {
      topic: 'A topic that goes on for a while, and then some more, until it is too long for any header',
    });
    await host.adds(room, bob);
    await bob.postsAll(room, [
      'Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz'.repeat(3),
      '```\nA line of code that is much longer than a phone is wide and must scroll by itself only\n```',
      `| ${'column | '.repeat(12)}\n|${'---|'.repeat(12)}\n| ${'cell | '.repeat(12)}`,
      'https://example.org/a/very/long/address/that/has/no/place/to/break/at/all/and/goes/on',
      '今晚八点我们在社区花园见面，请带上手套和一点好心情。'.repeat(3),
    ]);
    const ada = await guest(host, `/r/${room.id}`, { viewport: { width, height } });
    await ada.page.evaluate((size) => {
      document.documentElement.style.fontSize = `${size}%`;
    }, text);
    await ada.sees('今晚八点');
    expect(await ada.cutOff()).toEqual([]);
    await expect(ada.composer).toBeInViewport({ ratio: 1 });
    await expect(ada.button('Send')).toBeInViewport({ ratio: 1 });
    await ada.row('今晚八点').hover({ position: { x: 60, y: 12 } });
    await expect(ada.row('今晚八点').getByRole('toolbar')).toBeVisible();
    expect(await ada.cutOff()).toEqual([]);
    await ada.button(/^Show members/).click();
    await expect(ada.page.locator('[data-region="panel"]').getByRole('listitem')).toHaveCount(2);
    expect(await ada.cutOff()).toEqual([]);
    await ada.page.locator('[data-region="panel"]').getByRole('button', { name: 'Close' }).click();
    await ada.page.keyboard.press('Control+k');
    await expect(ada.dialog).toBeVisible();
    expect(await ada.cutOff()).toEqual([]);
  });
}

test('the head of a room keeps its name at 320 px with letters of 200 %', async ({ host, guest }) => {
  const room = await host.makesRoom('design', {
    topic: 'Shapes, and colors, and everything that has an edge',
  });
  const ada = await guest(host, `/r/${room.id}`, { viewport: { width: 320, height: 640 } });
  await ada.page.evaluate(() => {
    document.documentElement.style.fontSize = '200%';
  });
  const title = ada.title('design');
  await expect(title).toBeInViewport({ ratio: 1 });
  const box = await title.boundingBox();
  expect(box?.width).toBeGreaterThan(60);
  expect(box?.height).toBeGreaterThan(20);
  const sideways = () => ada.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  expect(await sideways()).toBeLessThanOrEqual(0);
});
