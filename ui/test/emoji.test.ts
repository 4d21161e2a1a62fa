// Tests that the client knows an emoji by the form that the server stores.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { trimmed } from '../build/emojiData';
import { oneEmoji } from '../src/kit/oneEmoji';

test.each([
  ['⚪\ufe0f', '⚪'],
  ['⚪', '⚪'],
  ['❤', '❤\ufe0f'],
  ['❤\ufe0f', '❤\ufe0f'],
  ['☝\ufe0f🏽', '☝🏽'],
  ['1\u20e3', '1\ufe0f\u20e3'],
  ['#\ufe0f\u20e3', '#\ufe0f\u20e3'],
  ['🏳\u200d🌈', '🏳\ufe0f\u200d🌈'],
  ['👁\u200d🗨', '👁\ufe0f\u200d🗨\ufe0f'],
  ['👍', '👍'],
  ['ℹ', 'ℹ\ufe0f'],
])('the one form of %j', (written, one) => {
  expect(oneEmoji(written)).toBe(one);
});

test('what is text without U+FE0F is the same for the server', () => {
  const source = readFileSync(join(import.meta.dirname, '../../actions/emoji.go'), 'utf8');
  const list = /const textFirst = ([\s\S]*?)\n\n/.exec(source)?.[1] ?? '';
  const known = new Set(list.replace(/["\s+]/g, ''));
  const ours = Array.from({ length: 0x1ffff }, (_, n) => String.fromCodePoint(n))
    .filter((one) => oneEmoji(one) === `${one}\ufe0f`)
    .sort();
  expect(ours).toEqual([...known].sort());
});

test('the picker offers each emoji in its one form', () => {
  const data = join(import.meta.dirname, '../node_modules/emojibase-data/en/data.json');
  const offered = trimmed(JSON.parse(readFileSync(data, 'utf8')))
    .flat()
    .map(([emoji]) => emoji);
  expect(offered.length).toBeGreaterThan(1_000);
  expect(offered.filter((one) => oneEmoji(one) !== one)).toEqual([]);
});
