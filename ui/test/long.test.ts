import { expect, test } from 'vitest';
import { isLong } from '../src/features/messages/long';

const lines = (count: number) => Array.from({ length: count }, (_, n) => `Line ${n}`).join('\n');

test('thirty lines are shown in full, thirty-one are not', () => {
  expect(isLong('')).toBe(false);
  expect(isLong(lines(30))).toBe(false);
  expect(isLong(lines(31))).toBe(true);
});

test('a long paragraph counts as the lines that it fills', () => {
  expect(isLong('a'.repeat(2_700))).toBe(false);
  expect(isLong('a'.repeat(2_701))).toBe(true);
});

test('Chinese takes twice the room', () => {
  expect(isLong('今'.repeat(1_350))).toBe(false);
  expect(isLong('今'.repeat(1_351))).toBe(true);
});
