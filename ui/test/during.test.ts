import { expect, test } from 'vitest';
import type { User } from '../src/net/types';
import { during, endSession, sameSession } from '../src/perSession';
import { people } from '../src/store/people';
import { change } from '../src/sync/model';

const user = (id: number) => ({ id, name: `p${id}` }) as User;
const withPerson = (id: number) => () =>
  change((model) => ({ ...model, people: new Map([...model.people, [id, user(id)]]) }));

test('an answer is taken as long as the session is the one that asked', () => {
  const current = sameSession();
  expect(during(withPerson(1))()).toBe(true);
  expect(current()).toBe(true);
  expect([...people.peek().keys()]).toEqual([1]);
});

test('the answer to the account before is not written into the next one', () => {
  const current = sameSession();
  const take = during(withPerson(2));
  endSession();
  expect(take()).toBe(false);
  expect(current()).toBe(false);
  expect([...people.peek().keys()]).toEqual([]);
  expect(during(withPerson(3))()).toBe(true);
  expect([...people.peek().keys()]).toEqual([3]);
});
