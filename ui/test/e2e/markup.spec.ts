// The server makes the markup of messages. Nothing that a person writes becomes other markup.
import { expect, isAccessible, test } from './fixtures';

const corpus = [
  '<script>window.hit = 1</script>',
  '<img src=x onerror="window.hit = 2">',
  '<svg onload="window.hit = 3"><script>window.hit = 4</script></svg>',
  '[a link](javascript:window.hit=5)',
  '[another](JaVaScRiPt&colon;window.hit=6)',
  '<a href="javascript:window.hit=7">x</a>',
  '<b style="position:fixed;inset:0;background:red">all over the page</b>',
  '<iframe src="javascript:parent.hit=8"></iframe>',
  '<form action="https://example.org"><input name=q><button>go</button></form>',
  '<math><mtext><table><mglyph><style><img src=x onerror="window.hit=9">',
  '![pixel](https://example.org/pixel.png)',
  '![x](data:image/svg+xml;base64,PHN2Zy8+)',
  '<details open ontoggle="window.hit=10">x</details>',
  '`<script>window.hit=11</script>`',
  '```html\n<script>window.hit=12</script>\n```',
  '[data](data:text/html,<script>window.hit=13</script>)',
  '<div id="app" class="hidden" data-composer data-row="1">clobber</div>',
  '<a name="body" id="documentElement">clobber</a>',
  '> '.repeat(300) + 'deep quote',
  '- '.repeat(300) + 'deep list',
  '**'.repeat(2000) + 'stars',
  '['.repeat(2000) + '](x)',
  '| a | b |\n|---|---|\n| `|` | <script>window.hit=14</script> |',
  '\u202Eright to left override\u202C and \uFFFF',
  'Z\u0351\u036B\u0343\u036A\u0302\u036B'.repeat(40),
  'x'.repeat(5000),
  'https://example.org/?q=<script>window.hit=15</script>',
];

test('hostile markup is inert, and the policy has nothing to report', async ({ host, guest }) => {
  const room = await host.room('general');
  await host.postsAll(room, corpus);
  await host.posts(room, 'The *end* of it');
  const bo = await guest('Bo', '/r/1');
  const reports: string[] = [];
  await bo.page.exposeFunction('report', (directive: string) => reports.push(directive));
  await bo.page.evaluate(() => {
    addEventListener('securitypolicyviolation', (event) => {
      void (globalThis as unknown as { report: (text: string) => void }).report(event.effectiveDirective);
    });
  });
  await bo.sees('The end of it');
  await bo.opens('announcements');
  await bo.opens('general');
  await bo.sees('The end of it');

  const found = await bo.page.evaluate(() => {
    const log = document.querySelector('[role="log"]') as HTMLElement;
    const bodies = [...log.querySelectorAll('.markdown')];
    const all = bodies.flatMap((one) => [...one.querySelectorAll('*')]);
    return {
      messages: bodies.length,
      hit: (globalThis as { hit?: number }).hit,
      tags: [...new Set(all.map((one) => one.localName))],
      handlers: all.flatMap((one) =>
        [...one.attributes].filter((a) => /^on|^style$|^id$|^data-/.test(a.name)),
      ).length,
      links: all.flatMap((one) => (one instanceof HTMLAnchorElement ? [one.protocol] : [])),
      classes: [...new Set(all.map((one) => one.className).filter(Boolean))],
      apps: document.querySelectorAll('#app').length,
      wide: log.scrollWidth - log.clientWidth,
      page: document.documentElement.scrollWidth - innerWidth,
    };
  });
  expect(found.messages).toBe(corpus.length + 1);
  expect(found.hit).toBeUndefined();
  expect(found.handlers).toBe(0);
  expect(found.apps).toBe(1);
  expect(found.wide).toBe(0);
  expect(found.page).toBe(0);
  const never = [
    'script',
    'style',
    'svg',
    'math',
    'iframe',
    'form',
    'input',
    'object',
    'embed',
    'img',
    'base',
    'meta',
  ];
  expect(found.tags.filter((tag) => never.includes(tag))).toEqual([]);
  expect(found.links.filter((protocol) => !['http:', 'https:', 'mailto:'].includes(protocol))).toEqual([]);
  expect(found.classes.filter((name) => /hidden/.test(name))).toEqual([]);
  expect(reports).toEqual([]);
});

for (const [locale, table, code] of [
  ['en-US', 'Table, scrolls sideways', 'Code, scrolls sideways'],
  ['zh-CN', '表格，可横向滚动', '代码，可横向滚动'],
] as const) {
  test(`keys scroll what is wider than its message, and nothing else is a stop: ${locale}`, async ({
    host,
    guest,
  }) => {
    const room = await host.room('general');
    await host.posts(
      room,
      [
        `| ${'column | '.repeat(60)}\n|${'---|'.repeat(60)}\n| ${'cell | '.repeat(60)}`,
        `\`\`\`\n${'long '.repeat(200)}\n\`\`\``,
        '| a | b |\n|---|---|\n| 1 | 2 |',
        '```\nshort\n```',
      ].join('\n\n'),
    );
    const ada = await guest(host, `/r/${room.id}`, { locale });
    const { keyboard } = ada.page;
    await ada.log.locator('article').last().focus();
    await expect(ada.log.locator('.markdown [tabindex="0"]')).toHaveCount(2);
    for (const [role, name] of [
      ['table', table],
      ['group', code],
    ] as const) {
      const box = ada.log.getByRole(role, { name });
      await box.focus();
      await keyboard.press('ArrowRight');
      await expect.poll(() => box.evaluate((one) => one.scrollLeft)).toBeGreaterThan(0);
      await expect(box).toBeFocused();
    }
    await isAccessible(ada.page, 'wide boxes');
  });
}
