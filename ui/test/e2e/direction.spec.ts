// Text from right to left, and text that is larger than its row.
import { expect, test } from './fixtures';

const shots = process.env.DIRECTION_SHOTS;
const hebrew = 'שלום לכולם, נפגש ב־8:00 בגינה (ליד השער) עם Parley!';
const list = '- פריט ראשון\n- פריט שני\n  1. אחד\n  2. שניים\n- [x] נעשה';
const quote = '> ציטוט של **מישהו**\n\nתשובה';
const table = '| שם | כמות |\n| --- | --: |\n| תפוחים | 3 |\n| agas | 4 |';
const mixed = '**مرحبا** Bo, see `code --flag`\n\nHello مرحبا';
const name = 'דנה לוי';

test('messages, fields and names from right to left', async ({ host, account, guest }) => {
  const dana = await account('Dana');
  await dana.ask('PATCH', '/me', { display_name: name });
  const room = await host.makesRoom('club', { topic: 'נושא החדר: גינה' });
  await host.adds(room, dana);
  await dana.postsAll(room, ['Hello', hebrew, list, quote, table, mixed]);
  const ada = await guest(host, `/r/${room.id}`);
  await ada.sees('Hello مرحبا');
  const text = (has: string, of = 'p') => ada.log.locator(`.markdown ${of}`, { hasText: has }).first();
  const way = (has: string, of?: string) =>
    text(has, of).evaluate((one) => {
      const { direction } = getComputedStyle(one);
      const range = document.createRange();
      range.selectNodeContents(one);
      const [words, box] = [range.getBoundingClientRect(), one.getBoundingClientRect()];
      const { paddingLeft: left, paddingRight: right } = getComputedStyle(one);
      const start = words.left - box.left - Number.parseFloat(left);
      const end = box.right - words.right - Number.parseFloat(right);
      return `${direction}, ${Math.abs(direction === 'rtl' ? end : start) < 3 ? 'from its start' : 'elsewhere'}`;
    });
  expect(await way('Hello')).toBe('ltr, from its start');
  expect(await way('שלום')).toBe('rtl, from its start');
  expect(await way('פריט ראשון', 'li')).toBe('rtl, from its start');
  expect(await way('תשובה')).toBe('rtl, from its start');
  expect(await way('מישהו', 'blockquote p')).toBe('rtl, from its start');
  expect(await way('code --flag', 'code')).toBe('ltr, from its start');
  expect(await way('Bo, see')).toBe('rtl, from its start');
  expect(await way('Hello مرحبا')).toBe('ltr, from its start');
  // The bar of a quote and the bullets of a list are where the text begins.
  const sides = (of: string, property: string) =>
    ada.log
      .locator(`.markdown ${of}`)
      .first()
      .evaluate(
        (one, property) =>
          ['Left', 'Right'].filter((side) => {
            const style = getComputedStyle(one) as unknown as Record<string, string>;
            return Number.parseFloat(style[property.replace('*', side)] ?? '') > 0;
          }),
        property,
      );
  expect(await sides('blockquote', 'border*Width')).toEqual(['Right']);
  expect(await sides('ul', 'padding*')).toEqual(['Right']);
  const cells = await ada.log
    .locator('.markdown th')
    .evaluateAll((all) => all.map((one) => one.getBoundingClientRect().left));
  expect(cells[0]).toBeGreaterThan(cells[1] ?? Infinity);

  // Fields.
  await ada.composer.fill('שלום');
  await expect(ada.composer).toHaveCSS('direction', 'rtl');
  await ada.composer.fill('Hello');
  await expect(ada.composer).toHaveCSS('direction', 'ltr');
  if (shots) {
    await ada.page.screenshot({ path: `${shots}/direction.png` });
  }
  await ada.composer.fill('');
  await ada.page.keyboard.press('Control+k');
  await ada.page.keyboard.type('דנה');
  await expect(ada.dialog.getByRole('combobox')).toHaveCSS('direction', 'rtl');
  await ada.page.keyboard.press('Escape');

  // A name does not turn the sentence around it, and stands where other names stand.
  await ada.pointsAt(hebrew);
  const head = ada.log.getByRole('article').locator('bdi').first();
  await expect(head).toHaveCSS('direction', 'rtl');
  const label = await ada.row(hebrew).getAttribute('aria-label');
  expect(label).toContain(`\u2068${name}\u2069`);
  await ada.button(/^Show members/).click();
  const panel = ada.page.locator('[data-region="panel"]');
  await expect(panel.locator('li bdi')).toHaveCount(2);
  const starts = await panel.locator('li bdi').evaluateAll((all) =>
    all.map((one) => {
      const range = document.createRange();
      range.selectNodeContents(one);
      return Math.round(range.getBoundingClientRect().left);
    }),
  );
  expect(starts).toHaveLength(2);
  expect(starts[0]).toBe(starts[1]);
  if (shots) {
    await ada.page.screenshot({ path: `${shots}/direction-panel.png` });
  }
});

test('what is larger than its row is clipped to it, and what is wider scrolls by itself', async ({
  host,
  account,
  guest,
}) => {
  const bo = await account('Bo');
  const room = await host.makesRoom('club');
  await host.adds(room, bo);
  const zalgo = `Z${'\u0300\u0301\u0302\u0303'.repeat(40)}a${'\u0316\u0317\u0318\u0319'.repeat(40)}lgo`;
  const wide = `| ${'column | '.repeat(24)}\n|${'---|'.repeat(24)}\n| ${'cell | '.repeat(24)}`;
  await bo.postsAll(room, [
    'Above',
    zalgo,
    'Below',
    wide,
    '\ufdfd'.repeat(3),
    '꧅'.repeat(40),
    'x'.repeat(3_000),
  ]);
  await bo.posts(room, `\`\`\`\n${'long line '.repeat(80)}\n\`\`\``);
  const ada = await guest(host, `/r/${room.id}`);
  const { page, log } = ada;
  await expect(log.locator('.markdown pre')).toBeVisible();
  // Whatever a row paints is inside its text's box, which is inside the list.
  const boxes = await log.locator('.markdown').evaluateAll((all) =>
    all.map((one) => {
      const [box, list] = [one.getBoundingClientRect(), one.closest('[role="log"]')?.getBoundingClientRect()];
      return getComputedStyle(one).overflow === 'clip' && box.right <= (list?.right ?? 0);
    }),
  );
  expect(boxes).toEqual(boxes.map(() => true));
  for (const part of ['table', 'pre']) {
    const box = log.locator(`.markdown ${part}`);
    const sizes = await box.evaluate((one) => [one.scrollWidth, one.clientWidth]);
    expect(sizes[0], part).toBeGreaterThan(sizes[1] ?? 0);
    // With the keyboard alone.
    await log
      .getByRole('article')
      .filter({ has: page.locator(part) })
      .focus();
    for (let tabs = 0; tabs < 8 && !(await box.evaluate((one) => one === document.activeElement)); tabs++) {
      await page.keyboard.press('Tab');
    }
    await expect(box, part).toBeFocused();
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => box.evaluate((one) => one.scrollLeft), part).toBeGreaterThan(0);
  }
  // A column is at least as wide as a word.
  const cell = await log.locator('.markdown td').first().boundingBox();
  expect(cell?.width).toBeGreaterThan(40);
  expect(await log.evaluate((one) => one.scrollWidth - one.clientWidth)).toBe(0);
  if (shots) {
    await page.screenshot({ path: `${shots}/overflow.png` });
  }
});
