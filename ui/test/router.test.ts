import { expect, test } from 'vitest';
import { parse, pathOf, type Route } from '../src/router';

const routes: [string, string, Route][] = [
  ['/', '', { name: 'list' }],
  ['/r/7', '', { name: 'room', room: 7 }],
  ['/r/7/10', '', { name: 'room', room: 7, seq: 10 }],
  ['/settings', '', { name: 'settings', section: '' }],
  ['/settings/profile', '', { name: 'settings', section: 'profile' }],
  ['/server/invites', '', { name: 'server', section: 'invites' }],
  ['/notifications', '', { name: 'notifications' }],
  ['/sign-in', '', { name: 'sign-in' }],
  ['/register', '', { name: 'register' }],
  ['/setup', '#abc', { name: 'setup', code: 'abc' }],
  ['/invite', '#a-b_c', { name: 'invite', code: 'a-b_c' }],
];

test.each(routes)('%s%s', (path, hash, route) => {
  expect(parse(path, hash)).toEqual(route);
  expect(pathOf(route)).toBe(path + hash);
});

test.each(['people', 'rooms', 'reports', 'audit'])('/%s was a page, and is a section', (section) => {
  expect(parse(`/${section}`)).toEqual({ name: 'server', section });
  expect(pathOf(parse(`/${section}`))).toBe(`/server/${section}`);
});

test.each([
  '/nowhere',
  '/people/1',
  '/r',
  '/r/x',
  '/r/0',
  '/r/1/x',
  '/r/1/2/3',
  '/settings/a/b',
  '/sign-in/x',
  '/notifications/1',
])('%s is nothing', (path) => {
  expect(parse(path)).toEqual({ name: 'not-found' });
});

test('a fragment that cannot be decoded is used unchanged', () => {
  expect(parse('/invite', '#50%')).toEqual({ name: 'invite', code: '50%' });
  expect(parse('/r/1', '#%E0')).toEqual({ name: 'room', room: 1 });
});
