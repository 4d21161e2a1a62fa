import { expect, test } from 'vitest';
import { linkTo } from '../src/features/inbox/link';

const here = 'https://chat.example.com';

test.each([
  ['https://shop.example.com/orders/17', 'shop.example.com'],
  ['HTTP://shop.example.com:8080/', 'shop.example.com:8080'],
])('%s leads to another server', (address, host) => {
  expect(linkTo(address, here)).toEqual({ href: new URL(address).href, host });
});

test.each([
  ['/r/3/7', '/r/3/7'],
  ['/r/3?a=1#b', '/r/3?a=1#b'],
  ['/../r/3', '/r/3'],
  ['/.//evil.example.com/x', '//evil.example.com/x'],
  ['https://chat.example.com/r/3', '/r/3'],
])('%s stays on this one', (address, path) => {
  expect(linkTo(address, here)).toEqual({ href: here + path });
});

test.each([
  '',
  'javascript:alert(1)',
  'JavaScript:alert(1)',
  ' javascript:alert(1)',
  'java\nscript:alert(1)',
  'data:text/html,x',
  'file:///etc/passwd',
  'mailto:a@b',
  'r/3',
  '//evil.example.com/x',
  '/\\evil.example.com',
  '/\t/evil.example.com',
  'https://',
  'https:evil.example.com',
])('%j is no link', (address) => {
  expect(linkTo(address, here)).toBeUndefined();
});
