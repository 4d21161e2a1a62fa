import { expect, test } from 'vitest';
import { en } from '../src/i18n/en';
import { enLater } from '../src/i18n/en-later';
import { pickLocale } from '../src/i18n/index';
import { zhHans, zhHansLater } from '../src/i18n/zh-Hans';

const english = { ...en, ...enLater };
const chinese = { ...zhHans, ...zhHansLater };

function shape(value: unknown, path = ''): string[] {
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value).flatMap(([key, inner]) => shape(inner, `${path}.${key}`));
  }
  return [`${path} ${typeof value}`];
}

test('both catalogs have the same keys', () => {
  expect(shape(zhHans).sort()).toEqual(shape(en).sort());
  expect(shape(zhHansLater).sort()).toEqual(shape(enLater).sort());
  expect(Object.keys(en).filter((key) => key in enLater)).toEqual([]);
});

test('no text is empty, and no Chinese text is left in English', () => {
  const same: string[] = [];
  for (const [key, value] of Object.entries(chinese)) {
    const other = (english as Record<string, unknown>)[key];
    if (typeof value === 'string') {
      expect(value, key).not.toBe('');
      // One word without a Chinese character is a name or a sign.
      if (value === other && /[a-z]{2}.* /i.test(value)) {
        same.push(key);
      }
    }
  }
  expect(same).toEqual([]);
});

test('the language is the first of the browser that there is', () => {
  expect(pickLocale('system', ['fr', 'zh-CN', 'en'])).toBe('zh-Hans');
  expect(pickLocale('system', ['en-GB', 'zh'])).toBe('en');
  expect(pickLocale('system', ['fr'])).toBe('en');
  expect(pickLocale('zh-Hans', ['en'])).toBe('zh-Hans');
});
