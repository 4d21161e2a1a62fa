// Tests of the names that people are shown by.
import { beforeEach, expect, test } from 'vitest';
import type { User } from '../src/net/types';
import { displayNameOf, nameOf, people, titleOf } from '../src/store/people';
import { me } from '../src/store/session';
import { room } from './known';

const person = (id: number, name: string, display: string, more: Partial<User> = {}): User => ({
  id,
  name,
  display_name: display,
  role: 'member',
  created_at: 0,
  ...more,
});

const know = (...all: User[]) => {
  people.value = new Map(all.map((one) => [one.id, one]));
};

beforeEach(() => {
  me.value = undefined;
  know();
});

test('who shares a display name is shown with the login name', () => {
  know(person(1, 'bo', 'Bo'), person(2, 'bo2', 'Bo'), person(3, 'ann', 'Ann'));
  expect([1, 2, 3].map(nameOf)).toEqual(['Bo (@bo)', 'Bo (@bo2)', 'Ann']);
  expect(displayNameOf(1)).toBe('Bo');
  expect(titleOf(room({ kind: 'direct', member_ids: [2, 3] }), (names) => names.join(', '))).toBe(
    'Bo (@bo2), Ann',
  );
  know(person(1, 'bo', 'Bo'), person(2, 'bo2', 'Bob'));
  expect([1, 2].map(nameOf)).toEqual(['Bo', 'Bob']);
});

test('names that look the same are the same', () => {
  for (const other of ['BO', 'Ｂｏ', 'B\u200bo', 'Bo\ufeff', '\u202eBo', 'B\u3164o']) {
    know(person(1, 'bo', 'Bo'), person(2, 'bo2', other));
    expect(nameOf(1), other).toBe('Bo (@bo)');
  }
  know(person(1, 's', 'Strasse'), person(2, 's2', 'Straße'));
  expect(nameOf(2)).toBe('Straße (@s2)');
  know(person(1, 'bo', 'Bo Li'), person(2, 'bo2', 'Bo \u00a0 Li'));
  expect(nameOf(1)).toBe('Bo Li (@bo)');
});

test('letters of other scripts that look the same are the same', () => {
  for (const [one, other] of [
    ['Bo', 'Во'], // Cyrillic
    ['Bo', 'Bо'], // the second letter
    ['Owner', 'Оwnеr'],
    ['Max', 'МАХ'],
    ['Noël', 'Nоёl'],
    ['Kato', 'Κατο'], // Greek
    ['Хор', 'Χορ'], // Cyrillic and Greek
  ] as const) {
    know(person(1, 'one', one), person(2, 'other', other));
    expect([1, 2].map(nameOf), other).toEqual([`${one} (@one)`, `${other} (@other)`]);
  }
  for (const [one, other] of [
    ['Иван', 'Ivan'],
    ['Юля', 'Юлия'],
    ['Лев', 'Lev'],
    ['小明', '小明a'],
    ['Noel', 'Noël'],
  ] as const) {
    know(person(1, 'one', one), person(2, 'other', other));
    expect([1, 2].map(nameOf), other).toEqual([one, other]);
  }
});

test('who takes the login name of somebody else into the display name is shown with their own', () => {
  for (const display of ['Ann (@ann)', 'Ann (＠ann)', 'Ann (﹫ann)', '@ann', 'ann@home', 'ann', 'АNN']) {
    know(person(1, 'ann', 'Ann Li'), person(2, 'eve', display));
    expect([1, 2].map(nameOf), display).toEqual(['Ann Li', `${display} (@eve)`]);
  }
  know(person(1, 'ann', 'Ann'), person(2, 'eve', 'Eve'));
  expect([1, 2].map(nameOf)).toEqual(['Ann', 'Eve']);
});

test('who is deactivated is told apart from who has that name now', () => {
  know(person(1, 'bo', 'Bo', { deactivated: true }), person(2, 'bo2', 'Bo'));
  expect([1, 2].map(nameOf)).toEqual(['Bo (@bo)', 'Bo']);
  know(person(1, 'bo', 'Bo'), person(2, 'bo2', 'Bo', { deactivated: true }), person(3, 'bo3', 'Bo'));
  expect([1, 2, 3].map(nameOf)).toEqual(['Bo (@bo)', 'Bo (@bo2)', 'Bo (@bo3)']);
  know(person(1, 'bo', 'Bo', { deactivated: true }), person(2, 'bo2', 'Bo', { deactivated: true }));
  expect([1, 2].map(nameOf)).toEqual(['Bo (@bo)', 'Bo (@bo2)']);
  know(person(1, 'bo', 'Bo', { deactivated: true }), person(2, 'ann', 'Ann'));
  expect([1, 2].map(nameOf)).toEqual(['Bo', 'Ann']);
});

test('a name does not turn the words around it', () => {
  know(
    person(1, 'x', 'a\u202eb'),
    person(2, 'shalom', 'שלום'),
    person(3, 'm', 'محمد'),
    person(4, 'm4', 'محمد'),
  );
  expect(nameOf(1)).toBe('ab');
  expect(nameOf(2)).toBe('\u2068שלום\u2069');
  expect(nameOf(4)).toBe('\u2068محمد\u2069 (@m4)');
  expect(nameOf(9)).toBe('…');
});
