import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { computed } from '@preact/signals';
import { describe, expect, test, vi } from 'vitest';
import { hoursOf, locale, pickLocale, setLocale, texts, textsReady } from '../src/i18n/index';

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
const code = files.map((file) => [dirname(file), readFileSync(join(root, file), 'utf8')] as const);

/** The folders whose code uses a text. */
function said(key: string): Set<string> {
  const use = new RegExp(`(\\bd|\\w+\\(\\))\\.${key}\\b`);
  return new Set(
    code.filter(([, text]) => text.includes(`.${key}`) && use.test(text)).map(([folder]) => folder),
  );
}

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

  test.each(catalogs)('$folder: no text is empty, and none was left in English', ({ en, zhHans }) => {
    const same = Object.entries(zhHans).filter(([key, value]) => {
      expect(value, key).not.toBe('');
      // One word without a Chinese character is a name or a sign.
      return typeof value === 'string' && value === en[key] && /[a-z]{2}.* /i.test(value);
    });
    expect(same).toEqual([]);
  });

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
