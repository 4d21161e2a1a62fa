import { expect, test } from 'vitest';
import { nameFrom } from '../src/features/account/nameFrom';

test('words become a name', () => {
  expect(nameFrom('Ada Lovelace')).toBe('ada-lovelace');
  expect(nameFrom(' Zoë! ')).toBe('zoë');
  expect(nameFrom('王 小明')).toBe('王-小明');
  expect(nameFrom('Team 🎉 Room')).toBe('team-room');
  expect(nameFrom('- Bo Jr. -')).toBe('bo-jr');
  expect(nameFrom('a...b')).toBe('a.b');
});
