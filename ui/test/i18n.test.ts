import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { computed } from '@preact/signals';
import { describe, expect, test, vi } from 'vitest';
import { hoursOf, type Locale, locale, pickLocale, setLocale, texts, textsReady } from '../src/i18n/index';

type Catalog = Record<string, unknown>;

const root = join(import.meta.dirname, '../src');
const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) => /\.tsx?$/.test(file));

/** The folders that have texts, with the texts in both languages. */
const catalogs = await Promise.all(
  files
    .filter((file) => file.endsWith('texts.en.ts'))
    .map(async (file) => {
      const folder = dirname(file);
      const { en } = (await import(join(root, file))) as { en: Catalog };
      const { zhHans } = (await import(join(root, folder, 'texts.zh-Hans.ts'))) as { zhHans: Catalog };
      return { folder, en, zhHans };
    }),
);

function shape(value: unknown, path = ''): string[] {
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value).flatMap(([key, inner]) => shape(inner, `${path}.${key}`));
  }
  return [`${path} ${typeof value}`];
}

/** The code of each file, read once: there are hundreds of texts. */
const code = files
  .filter((file) => !/texts\.(en|zh-Hans)\.ts$/.test(file))
  .map((file) => [dirname(file), readFileSync(join(root, file), 'utf8')] as const);

/** The folders whose code uses a text. */
function said(key: string): Set<string> {
  const use = new RegExp(`(\\bd|\\w+\\(\\))\\.${key}\\b`);
  return new Set(
    code.filter(([, text]) => text.includes(`.${key}`) && use.test(text)).map(([folder]) => folder),
  );
}

/** What stands for a value in a text. What a text takes is known to the compiler alone, so each is tried as each. */
const values = (at: number) => [`⟦${at}⟧`, 4_000_321 + at, [`⟦${at}⟧`], undefined];

/** A text as it is said in a language, with each choice of values; a choice that it cannot take is empty. */
function saidIn(language: Locale, text: unknown): string[] {
  if (typeof text !== 'function') {
    return [String(text)];
  }
  locale.value = language;
  const choices = Array.from({ length: text.length }, (_, at) => values(at)).reduce<unknown[][]>(
    (all, next) => all.flatMap((chosen) => next.map((one) => [...chosen, one])),
    [[]],
  );
  try {
    return choices.map((chosen) => {
      try {
        return String(text(...chosen));
      } catch {
        return '';
      }
    });
  } finally {
    locale.value = 'en';
  }
}

/** The values that a text shows, with the marks of their language. */
const shown = (text: string): string[] => [...new Set(text.match(/⟦\d⟧|4,000,\d{3}/g))].sort();

/** Each text of a catalog in both languages, also those in a group. */
function pairs(en: object, zhHans: object, path = ''): [path: string, en: unknown, zhHans: unknown][] {
  return Object.entries(en).flatMap(([key, value]) => {
    const other = (zhHans as Catalog)[key];
    return typeof value === 'object' && typeof other === 'object' && value && other
      ? pairs(value, other, `${path}${key}.`)
      : [[path + key, value, other] as [string, unknown, unknown]];
  });
}

/** What stands in a Chinese text as it does in an English one: addresses, commands, headers, keys, units, names. */
const sameInBoth =
  /https?:|\/ws\b|docs\/operations\.md|“Behind a proxy”|WebSocket|Upgrade 和 Connection|例如 builds|\/join\b|parley host add|--[a-z-]+|\b(Enter|Esc|KB|Parley)\b/g;

/** The English words of a text, without the values that it cannot show. */
const englishIn = (text: string): string[] =>
  text
    .replace(sameInBoth, '')
    .replace(/NaN|undefined/g, '')
    .match(/[a-z]{2,}/gi) ?? [];

describe('the texts of a feature', () => {
  test('exist in many folders', () => {
    expect(catalogs.length).toBeGreaterThan(15);
  });

  test.each(catalogs)('$folder: both languages have the same keys', ({ en, zhHans }) => {
    expect(shape(zhHans).sort()).toEqual(shape(en).sort());
  });

  test.each(catalogs)('$folder: nobody is told to click, who may have no mouse', ({ en }) => {
    const all = JSON.stringify(en, (_, value) => (typeof value === 'function' ? String(value) : value));
    expect(all).not.toMatch(/\bclick/i);
  });

  test.each(catalogs)('$folder: both languages show the same values', ({ en, zhHans }) => {
    for (const [key, one, other] of pairs(en, zhHans)) {
      expect(saidIn('zh-Hans', other).map(shown), key).toEqual(saidIn('en', one).map(shown));
    }
  });

  test.each(catalogs)('$folder: no text is empty, and nothing was left in English', ({ en, zhHans }) => {
    for (const [key, one, other] of pairs(en, zhHans)) {
      const [english, chinese] = [saidIn('en', one), saidIn('zh-Hans', other)];
      expect([one, other], key).not.toContain('');
      expect(chinese.flatMap(englishIn), `${key}: ${chinese[0]}`).toEqual([]);
      if (english.flatMap(englishIn).length > 0) {
        expect(chinese.join(''), key).toMatch(/\p{Script=Han}/u);
      }
    }
  });

  test.each(catalogs)(
    '$folder: each text of a group is said, or looked up by what the server says',
    ({ en }) => {
      const named = (what: string) => code.some(([, text]) => text.includes(what));
      const lonely = pairs(en, en).filter(([path]) => {
        const group = path.split('.')[0];
        return path !== group && !named(`.${path}`) && !named(`.${group}[`);
      });
      expect(lonely).toEqual([]);
    },
  );

  test.each(catalogs)(
    '$folder: each text is said in this folder, or by those that build on it',
    ({ folder, en }) => {
      const shared = ['kit', 'features/words', 'features/account', 'features/invites'];
      for (const key of Object.keys(en)) {
        const by = said(key);
        expect([...by], key).not.toEqual([]);
        expect(shared.includes(folder) || by.has(folder), key).toBe(true);
      }
    },
  );

  test('no key is in two folders that are read together', () => {
    const common = catalogs.filter(({ folder }) => /kit|words|account/.test(folder));
    for (const { folder, en } of catalogs) {
      for (const other of common.filter((one) => one.folder !== folder)) {
        expect(Object.keys(en).filter((key) => key in other.en)).toEqual([]);
      }
    }
  });

  test('every text of features/words is used by more than one feature', () => {
    const words = catalogs.find(({ folder }) => folder === 'features/words')?.en ?? {};
    const lonely = Object.keys(words).filter((key) => !key.startsWith('fail') && said(key).size < 2);
    expect(lonely).toEqual([]);
  });
});

describe('the time', () => {
  const at = (browser: readonly string[], language: string) =>
    new Intl.DateTimeFormat(language, {
      hour: 'numeric',
      minute: '2-digit',
      timeZone: 'UTC',
      hourCycle: hoursOf(browser),
    })
      .format(Date.UTC(2026, 10, 23, 19, 6))
      .replace(/\s/g, ' ');

  test.each([
    [['en-US'], 'en', '7:06 PM'],
    [['en-GB', 'en'], 'en', '19:06'],
    [['de-DE', 'de', 'en'], 'en', '19:06'],
    [['en', 'de-DE'], 'en', '19:06'],
    [['en-DE'], 'en', '19:06'],
    [['en-AU'], 'en', '7:06 PM'],
    [['zh-CN'], 'zh-Hans', '19:06'],
    [['zh-Hans-CN', 'en-US'], 'en', '19:06'],
    [['en-US-u-hc-h23'], 'en', '19:06'],
    [['fr-FR'], 'zh-Hans', '19:06'],
  ])('in a browser for %j reads in %s as %s', (browser, language, text) => {
    expect(at(browser, language)).toBe(text);
  });

  describe('in Chinese', () => {
    // The time zone is that of this machine.
    const evening = +new Date(2026, 10, 23, 19, 6);

    test.each([
      [['zh-CN'], '19:06', '2026年11月23日 19:06'],
      [['en-US'], '下午7:06', '2026年11月23日 下午7:06'],
      [['zh-TW'], '下午7:06', '2026年11月23日 下午7:06'],
    ])('in a browser for %j: hours, dates and both', async (languages, time, both) => {
      vi.stubGlobal('navigator', { languages });
      vi.resetModules();
      const { formatDate, formatDateTime, formatDay, formatTime, locale } = await import(
        '../src/i18n/format'
      );
      locale.value = 'zh-Hans';
      expect(formatTime(evening)).toBe(time);
      expect(formatDateTime(evening)).toBe(both);
      expect(formatDay(evening)).toBe('2026年11月23日星期一');
      expect(formatDate(evening)).toBe('2026年11月23日');
      locale.value = 'en';
      expect(formatDate(evening)).toBe('Nov 23, 2026');
      vi.unstubAllGlobals();
    });
  });

  test('is that of the system when no language has a region', () => {
    const { hourCycle } = new Intl.DateTimeFormat(undefined, { hour: 'numeric' }).resolvedOptions();
    expect(hoursOf(['eo'])).toBe(hourCycle);
    expect(hoursOf([])).toBe(hourCycle);
  });
});

describe('a language', () => {
  test("is the first of the browser's languages that has texts", () => {
    expect(pickLocale('system', ['fr', 'zh-CN', 'en'])).toBe('zh-Hans');
    expect(pickLocale('system', ['en-GB', 'zh'])).toBe('en');
    expect(pickLocale('system', ['fr'])).toBe('en');
    expect(pickLocale('zh-Hans', ['en'])).toBe('zh-Hans');
  });

  test('changes in all features at once', async () => {
    vi.stubGlobal('document', { documentElement: {} });
    const one = texts({ yes: 'yes' }, async () => ({ zhHans: { yes: '是' } }));
    const two = texts({ no: 'no' }, async () => ({ zhHans: { no: '不' } }), one);
    const seen: string[] = [];
    const both = computed(() => `${two().yes} ${two().no} ${locale.value}`);
    both.subscribe((now) => seen.push(now));
    await setLocale('zh-Hans');
    await setLocale('en');
    expect(seen).toEqual(['yes no en', '是 不 zh-Hans', 'yes no en']);
  });

  test('is fetched for a feature that loads later, before it shows', async () => {
    vi.stubGlobal('document', { documentElement: {} });
    await setLocale('zh-Hans');
    const late = texts({ yes: 'yes' }, async () => ({ zhHans: { yes: '是' } }));
    await textsReady();
    expect(late().yes).toBe('是');
    await setLocale('en');
    expect(late().yes).toBe('yes');
  });

  test('that cannot be fetched leaves the feature in English', async () => {
    vi.stubGlobal('document', { documentElement: {} });
    const lost = texts({ yes: 'yes' }, () => Promise.reject(new Error('offline')));
    await setLocale('zh-Hans');
    expect(lost().yes).toBe('yes');
    await setLocale('en');
  });

  test('is the one chosen last, even if the texts of another arrive later', async () => {
    vi.stubGlobal('document', { documentElement: {} });
    let come: () => void = () => undefined;
    const arrived = new Promise<void>((done) => {
      come = done;
    });
    const slow = texts({ yes: 'yes' }, async () => {
      await arrived;
      return { zhHans: { yes: '是' } };
    });
    const chinese = setLocale('zh-Hans');
    await setLocale('en');
    come();
    await chinese;
    expect(slow().yes).toBe('yes');
    expect(locale.value).toBe('en');
  });
});
