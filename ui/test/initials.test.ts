import { expect, test } from 'vitest';
import { initials } from '../src/kit/initials';

test('first and last word', () => {
  expect(initials('Ada Lovelace')).toBe('AL');
  expect(initials('ann')).toBe('A');
  expect(initials('Jean-Luc van der Berg')).toBe('JB');
  expect(initials('ann_lee')).toBe('AL');
});

test('Chinese names end with the given name', () => {
  expect(initials('小明')).toBe('小明');
  expect(initials('王小明')).toBe('小明');
  expect(initials('王小明', 1)).toBe('明');
  expect(initials('李 (Li)')).toBe('李');
});

test('emoji and signs are skipped, unless there is nothing else', () => {
  expect(initials('🎉 Zoë')).toBe('Z');
  expect(initials('🎉')).toBe('🎉');
  expect(initials('!?')).toBe('?');
  expect(initials('')).toBe('?');
});
