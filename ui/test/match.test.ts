import { expect, test } from 'vitest';
import { bestFit, fitOf } from '../src/kit/match';
import { pinyinInitials } from '../src/kit/pinyin';

test.each([
  ['小明', 'xm'],
  ['王芳', 'wf'],
  ['李雷', 'll'],
  ['韩梅梅', 'hmm'],
  ['张伟', 'zw'],
  ['欧阳娜娜', 'oynn'],
  ['阿依古丽', 'aygl'],
  ['赵子龙', 'zzl'],
  ['陈晨 2', 'cc2'],
  ['技术讨论', 'jstl'],
  ['设计', 'sj'],
  ['林梦', 'lm'],
  ['任三', 'rs'],
  ['大厅', 'dt'],
  ['general', ''],
])('%s has the initials %s', (name, initials) => {
  expect(pinyinInitials(name)).toBe(initials);
});

test('a Chinese name is found by a character and by its initials', () => {
  expect(fitOf('小', '小明')).toBeGreaterThan(0);
  expect(fitOf('明', '小明')).toBeGreaterThan(0);
  expect(fitOf('xm', '小明')).toBeGreaterThan(0);
  expect(fitOf('xz', '小明')).toBe(0);
});

test('a beginning rates higher than a middle, and a middle higher than scattered letters', () => {
  const order = ['design', 'web-design', 'redesign', 'decision-log'].map((name) => fitOf('desi', name));
  expect(order).toEqual([...order].sort((a, b) => b - a));
  expect(new Set(order).size).toBe(order.length);
});

test('accents and width do not matter', () => {
  expect(fitOf('zoe', 'Zoë')).toBe(7);
  expect(fitOf('ａｎｎ', 'ann')).toBe(7);
});

test('the best fit of several names counts', () => {
  expect(bestFit('ada', ['Lovelace', 'ada'])).toBe(7);
  expect(bestFit('x', ['Lovelace', 'ada'])).toBe(0);
});
