// Tests that nothing of a session is left for the next one.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Signal } from '@preact/signals';
import { expect, test } from 'vitest';
import type { User } from '../src/net/types';
import { during, endSession, perSession, sameSession, sessionSignal } from '../src/perSession';
import { people } from '../src/store/people';
import { change } from '../src/sync/model';

const root = join(import.meta.dirname, '../src');
const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) => /\.tsx?$/.test(file));

/** The state that outlives a session, and the reason. */
const outlives: Record<string, string> = {
  'perSession.ts session': 'counts the sessions',
  'perSession.ts renewals': 'the list of what is per session',
  'store/session.ts session': 'says whether there is one',
  'store/session.ts connection': 'of the socket, which the next session uses too',
  'store/session.ts server': 'the server is the same, and known before signing in',
  'store/session.ts endedBecause': 'is told after the session has ended',
  'store/prefs.ts prefs': 'choices of this browser',
  'store/rooms.ts last': 'what sections last answered: worked out of the rooms, empty when they are',
  'sync/ids.ts lastTime': 'ids must never repeat',
  'sync/ids.ts counter': 'ids must never repeat',
  'sync/db.ts db': 'opened for a user when a session begins, closed when it ends',
  'sync/db.ts openFor': 'the same',
  'sync/model.ts servers': 'who registered at the start',
  'sync/socket.ts checks': 'who registered at the start',
  'sync/socket.ts acts': 'who registered at the start',
  'sync/socket.ts states': 'who registered at the start',
  'sync/socket.ts ask': 'who registered at the start',
  'net/api.ts answered': 'who registered at the start',
  'sync/sender.ts refusedHook': 'who registered at the start',
  'sync/read.ts checkAgain': 'of the list on the screen, which takes it back when it goes',
  'sync/presence.ts state': 'of the page: it is hidden or not, whoever is signed in',
  'sync/presence.ts stateTimer': 'the same',
  'features/emoji/emoji.ts cache': 'the emoji of a language are the same for everyone',
  'features/messages/DaySeparator.tsx now': 'the day',
  'features/messages/jump.ts lastID': 'only counts',
  'features/messages/listView.ts touched': 'when somebody last touched the page',
  'kit/announce.ts lastID': 'only counts',
  'kit/toasts.ts lastID': 'only counts',
  'kit/toasts.ts toasts': 'one may say that a new version is ready; the others leave after seconds',
  'kit/lazy.tsx missed': 'what is shown without its code; each leaves when it is gone',
  'kit/lazy.tsx quiet': 'the page loads once',
  'kit/lazy.tsx wantedAhead': 'code to fetch',
  'kit/byKey.ts moves': 'names of keys',
  'kit/focus.ts asked': 'an element of the page',
  'kit/held.ts kept': 'what is typed in a moment: handed over or dropped within a second',
  'kit/held.ts holders': 'only counts',
  'kit/keepFocus.ts last': 'what had the focus; let go when the shell ends',
  'kit/keepFocus.ts gone': 'the same',
  'kit/keepFocus.ts before': 'the same',
  'kit/keepFocus.ts waiting': 'whether a look is due',
  'kit/layers.ts layers': 'each lets go when it is closed',
  'kit/layers.ts at': 'of the history of the browser',
  'kit/layers.ts depth': 'the same',
  'kit/layers.ts address': 'the address of the page',
  'kit/layers.ts waiting': 'written within a moment',
  'kit/layers.ts travelling': 'whether a step in the history is under way',
  'kit/layers.ts onPage': 'who registered at the start',
  'kit/pinyin.ts sorter': 'the order of characters',
  'router.ts route': 'the address of the page',
  'router.ts visits': 'only counts',
  'router.ts focusBefore': 'an element of the page',
  'title.ts page': 'the name of the page that is shown; the next page sets its own',
  'features/away/away.tsx words': 'code that was fetched',
  'features/no-socket/watch.ts network': 'of the machine',
  'i18n/index.ts catalogs': 'the texts of each feature',
  'i18n/index.ts chosen': 'the language of the page',
  'i18n/index.ts coming': 'the language of the page',
  'i18n/format.ts locale': 'the language of the page',
  'i18n/format.ts cache': 'formatters of a language',
};

/**
 * Matches a variable of a file that can change: `let`, or a map, set, list or signal.
 */
const changing =
  /^(?:export )?(?:let (\w+)|const (\w+)(?:: ([^=]|=>)+)? = (?:new (?:Map|Set|WeakMap)\b|signal\b|\[\]))/gm;
/** Matches a constant list that stays empty, because it is readonly. */
const empty = /^const \w+: readonly [^=]+ = \[\];/;

test('state is declared per session, or is on the list of what outlives one', () => {
  const found = files.flatMap((file) => {
    const text = readFileSync(join(root, file), 'utf8');
    return [...text.matchAll(changing)]
      .filter(({ index }) => !empty.test(text.slice(index)))
      .map(([, variable, constant]) => `${file} ${variable ?? constant}`);
  });
  expect(found.sort()).toEqual(Object.keys(outlives).sort());
});

test('every signal of the store gets its first value back', async () => {
  const first = new Map<string, unknown>();
  const signals = new Map<string, Signal<unknown>>();
  for (const file of files.filter((one) => one.startsWith('store/'))) {
    const known = (await import(join(root, file))) as Record<string, unknown>;
    for (const [name, value] of Object.entries(known)) {
      if (value instanceof Signal && !(`${file} ${name}` in outlives) && !isComputed(value)) {
        first.set(name, value.peek());
        signals.set(name, value);
      }
    }
  }
  expect([...signals.keys()]).toEqual(
    expect.arrayContaining(['me', 'rooms', 'segments', 'drafts', 'inbox', 'places']),
  );
  for (const one of signals.values()) {
    one.value = 'left behind';
  }
  endSession();
  for (const [name, one] of signals) {
    expect(one.peek(), name).toBe(first.get(name));
  }
});

/** A computed signal throws when it is set. */
function isComputed(one: Signal<unknown>): boolean {
  try {
    one.value = one.peek();
    return false;
  } catch {
    return true;
  }
}

test('a new session has a new object, which holders of the old one cannot reach', () => {
  const state = perSession(() => ({ list: [1], timer: 0 }));
  const old = state.now;
  old.list.push(2);
  endSession();
  old.list.push(3);
  expect(state.now).toEqual({ list: [1], timer: 0 });
});

test('a timer of an ended session does nothing', () => {
  const told = sessionSignal('');
  const late = during(() => {
    told.value = 'late';
  });
  endSession();
  expect(late()).toBe(false);
  expect(told.peek()).toBe('');
});

const user = (id: number) => ({ id, name: `p${id}` }) as User;
const withPerson = (id: number) => () =>
  change((model) => ({ ...model, people: new Map([...model.people, [id, user(id)]]) }));

test('an answer is stored while the session that asked still runs', () => {
  endSession();
  const current = sameSession();
  expect(during(withPerson(1))()).toBe(true);
  expect(current()).toBe(true);
  expect([...people.peek().keys()]).toEqual([1]);
});

test('an answer to an ended session is not stored in the next one', () => {
  const current = sameSession();
  const take = during(withPerson(2));
  endSession();
  expect(take()).toBe(false);
  expect(current()).toBe(false);
  expect([...people.peek().keys()]).toEqual([]);
  expect(during(withPerson(3))()).toBe(true);
  expect([...people.peek().keys()]).toEqual([3]);
});
