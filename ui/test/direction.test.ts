// Tests which way the blocks of a message are written, and that names do not turn a sentence around.
import { expect, test, vi } from 'vitest';
import { directed, isolate } from '../src/i18n/direction';
import { texts } from '../src/i18n/index';

test.each([
  ['<p>Hello</p>', '<p>Hello</p>'],
  ['<p>שלום</p>', '<p dir="rtl">שלום</p>'],
  ['<p>«123» <a href="https://a.example">מרחבא</a> ok</p>', 'rtl'],
  ['<p>&#34;&amp; שלום</p>', 'rtl'],
  ['<p>Ab שלום</p>', 'ltr'],
  ['<ul><li><strong>א</strong></li><li>b</li></ul>', 'rtl rtl ltr'],
  ['<ol start="3"><li>a</li><li>ب</li></ol>', 'ltr ltr rtl'],
  ['<blockquote><p>א</p><blockquote><p>a</p></blockquote></blockquote>', 'rtl rtl ltr ltr'],
  [
    '<table><thead><tr><th class="align-right">א</th></tr></thead><tbody><tr><td>1</td></tr></tbody></table>',
    'rtl rtl ltr',
  ],
  ['<h4>א</h4><pre><code>x</code></pre>', 'rtl'],
])('%s', (html, expected) => {
  const out = directed(html);
  expect(expected.startsWith('<') ? out : [...out.matchAll(/ dir="(...)"/g)].map((m) => m[1]).join(' ')).toBe(
    expected,
  );
  expect(out.replaceAll(/ dir="..."/g, '')).toBe(html);
});

// Counts what is read from its beginning, for a time depends on the machine. What goes on where it was, goes once.
test.each(['<li></li>\n', '<td>1</td>', '<p>', '&#34; '])(
  'reads each piece once: %j again and again',
  (piece) => {
    const html = `${piece.repeat(20_000 / piece.length)}<p>א</p>`;
    const read = vi.spyOn(RegExp.prototype, 'exec');
    const out = directed(html);
    const { calls, contexts } = read.mock;
    read.mockRestore();
    expect(out.replaceAll(/ dir="rtl"/g, '')).toBe(html);
    const given = calls.map(([text], i) => (/[gy]/.test((contexts[i] as RegExp).flags) ? 0 : text.length));
    expect(given.reduce((sum, one) => sum + one)).toBeLessThan(4 * html.length);
  },
);

test('a block without a letter is written as what follows it, however far', () => {
  expect(directed(`<p>1</p>${'<p>2</p>'.repeat(2_000)}<p>א</p>`)).not.toContain('ltr');
});

test('a name from right to left stands apart, alone or among others', () => {
  expect(isolate('Bo')).toBe('Bo');
  expect(isolate('دانا')).toBe('\u2068دانا\u2069');
  expect(isolate(['Bo', 'דנה'])).toEqual(['Bo', '\u2068דנה\u2069']);
  expect(isolate(7)).toBe(7);
});

test('every text does so with what it is given', () => {
  const t = texts(
    {
      by: (name: string, at: number) => `${name} at ${at}`,
      all: (names: readonly string[]) => names.join(', '),
      acts: { add: (name: string) => `added ${name}` },
      word: 'word',
    },
    async () => undefined,
  );
  expect(t().by('דנה', 3)).toBe('\u2068דנה\u2069 at 3');
  expect(t().all(['Bo', 'דנה'])).toBe('Bo, \u2068דנה\u2069');
  expect(t().acts.add('דנה')).toBe('added \u2068דנה\u2069');
  expect(t().word).toBe('word');
});
