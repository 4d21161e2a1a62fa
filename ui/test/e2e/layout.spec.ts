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
    await ada.pointsAt('今晚八点', { position: { x: 60, y: 12 } });
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

test('a long name ends in an ellipsis in the empty composer, not in half a letter', async ({
  host,
  guest,
}) => {
  const room = await host.makesRoom('m'.repeat(60));
  const ada = await guest(host, `/r/${room.id}`, { viewport: { width: 390, height: 640 } });
  // Chromium shows no ellipsis in a field with the focus. On a phone it has none at first.
  await ada.composer.blur();
  const png = (await ada.composer.screenshot({ caret: 'hide' })).toString('base64');
  // The page's own policy does not let it read the picture.
  const other = await ada.context.newPage();
  const [letters, end] = await other.evaluate(async (png) => {
    const picture = await createImageBitmap(await (await fetch(`data:image/png;base64,${png}`)).blob());
    const { width, height } = picture;
    const canvas = new OffscreenCanvas(width, height).getContext('2d') as OffscreenCanvasRenderingContext2D;
    canvas.drawImage(picture, 0, 0);
    const { data } = canvas.getImageData(0, 0, width, height);
    const green = (x: number, y: number) => data[4 * (y * width + x) + 1] ?? 0;
    const marks = Array.from(
      { length: width * height },
      (_, at) => [at % width, Math.floor(at / width)] as const,
    ).filter(([x, y]) => Math.abs(green(x, y) - green(1, 1)) > 60);
    const last = Math.max(...marks.map(([x]) => x));
    const top = (some: typeof marks) => Math.min(...some.map(([, y]) => y));
    return [top(marks), top(marks.filter(([x]) => x > last - 3))] as const;
  }, png);
  // The dots stand at the foot of the line.
  expect(end).toBeGreaterThan(letters + 4);
});

test('a text that is being written is in sight at every width', async ({ host, guest }) => {
  const ada = await guest(host);
  await ada.page.setViewportSize({ width: 900, height: 800 });
  await ada.composer.fill(
    'A text of some words that has one line when the page is wide and several when it is not',
  );
  const heights = () =>
    ada.composer.evaluate((field) => ({
      hidden: field.scrollHeight - field.clientHeight,
      height: field.clientHeight,
    }));
  const wide = await heights();
  await ada.page.setViewportSize({ width: 400, height: 800 });
  await expect.poll(async () => (await heights()).hidden).toBeLessThanOrEqual(0);
  await ada.page.setViewportSize({ width: 900, height: 800 });
  await expect.poll(heights).toEqual(wide);
});
