// Tests of finding people by name.
import { expect, test } from 'vitest';
import { findPeople } from '../src/features/find-people/search';
import type { User } from '../src/net/types';

const person = (id: number, name: string, display: string): User => ({
  id,
  name,
  display_name: display,
  role: 'member',
  created_at: 0,
});
const people = [person(1, 'zoe', 'Zoe'), person(2, 'ann-lee', 'Ann Lee'), person(3, 'lea', 'Lea')];
const ids = (found: readonly User[]) => found.map((one) => one.id);

test('without a query everyone is found, by name', () => {
  expect(ids(findPeople('', people))).toEqual([2, 3, 1]);
});

test('the best fit comes first, by the display name or the sign-in name', () => {
  expect(ids(findPeople('le', people))).toEqual([3, 2]);
  expect(ids(findPeople('ann-', people))).toEqual([2]);
  expect(ids(findPeople('x', people))).toEqual([]);
});

test('another order replaces the fit', () => {
  expect(ids(findPeople('e', people, (a, b) => b.id - a.id))).toEqual([3, 2, 1]);
});
