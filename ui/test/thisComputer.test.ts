import { expect, test } from 'vitest';
import { leadsHere } from '../src/kit/thisComputer';

test('names of this computer are known, whatever the port', () => {
  for (const host of [
    'localhost:3000',
    'LOCALHOST',
    'chat.localhost',
    'localhost.',
    '127.0.0.1:3000',
    '127.1',
    '[::1]:80',
  ]) {
    expect(leadsHere(`http://${host}/invite#x`), host).toBe(true);
  }
  for (const host of [
    '192.168.1.20:3000',
    'chat.example.com',
    'localhost.example.com',
    '[2001:db8::1]',
    '128.0.0.1',
  ]) {
    expect(leadsHere(`http://${host}/invite#x`), host).toBe(false);
  }
});
