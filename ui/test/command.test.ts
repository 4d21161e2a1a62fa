import { expect, test } from 'vitest';
import { commandOf } from '../src/features/commands/command';

test('a slash and letters alone, or before a space, look like a command', () => {
  expect(commandOf('/me')).toBe('/me');
  expect(commandOf('/join general')).toBe('/join');
  expect(commandOf('/Shrug\nso')).toBe('/Shrug');
});

test('paths, numbers and texts in which the slash is not first are texts', () => {
  for (const text of [
    '/etc/hosts is wrong',
    '/ 3',
    '/',
    '//me',
    ' /me',
    '/2',
    '/a-b',
    '/me: no',
    'a /me',
    '/你好',
    '',
  ]) {
    expect(commandOf(text), text).toBeUndefined();
  }
});
