// Tests who may import whom, as docs/client.md says. Biome's noImportCycles finds circles between files.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../src');

interface Import {
  from: string;
  to: string;
  typeOnly: boolean;
}

/** Every import of our own files, as paths from src/. */
const imports: Import[] = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.tsx?$/.test(file))
  .flatMap((from) => importsOf(from, readFileSync(join(root, from), 'utf8')));

function importsOf(from: string, text: string): Import[] {
  const found = text.matchAll(
    /^(?:import|export) (?:(type )?[^'"`;]*? from )?'(\.[^']+)'|import\('(\.[^']+)'\)/gm,
  );
  return [...found]
    .map(([, type, path = '', lazy]) => ({
      from,
      to: relative(root, join(root, dirname(from), lazy ?? path)),
      typeOnly: Boolean(type),
    }))
    .filter(({ to }) => !to.startsWith('..'));
}

/** The files of net/ that contain types only. */
const types = ['net/types', 'net/result'];

/** The layer of a file: its folder in src/, or the name of a file at the top. */
const layer = (file: string) => file.split('/')[0]?.replace(/\.tsx?$/, '') ?? '';
const feature = (file: string) => (layer(file) === 'features' ? (file.split('/')[1] ?? '') : undefined);

/**
 * What each layer may import besides itself. Files that are not listed start the client and may import
 * everything.
 */
const may: Record<string, readonly string[]> = {
  net: [],
  perSession: [],
  trust: ['i18n'],
  i18n: [],
  kit: ['i18n', 'perSession'],
  router: ['kit'],
  store: ['net', 'perSession'],
  sync: ['net', 'store', 'perSession'],
  // What a choice may be is in the kit, such as the one form of an emoji. The kit itself knows no choices.
  prefs: ['i18n', 'kit', 'store'],
  title: ['store'],
  features: ['net', 'store', 'sync', 'kit', 'i18n', 'perSession', 'prefs', 'router', 'title', 'trust'],
};

test('the imports were found', () => {
  expect(imports.length).toBeGreaterThan(400);
});

test('each layer imports only the layers below it', () => {
  const wrong = imports.filter(({ from, to }) => {
    const allowed = may[layer(from)];
    return allowed && layer(from) !== layer(to) && !allowed.includes(layer(to));
  });
  expect(wrong).toEqual([]);
});

test('the kit knows no chat', () => {
  const known = imports.filter(({ from }) => layer(from) === 'kit').map(({ to }) => layer(to));
  expect([...new Set(known)].sort()).toEqual(['i18n', 'kit', 'perSession']);
});

test('components import no sync/, and of net/ only types', () => {
  const wrong = imports.filter(
    ({ from, to, typeOnly }) =>
      from.endsWith('.tsx') &&
      (layer(to) === 'sync' || (layer(to) === 'net' && !(typeOnly && types.includes(to)))),
  );
  expect(wrong).toEqual([]);
});

test('the store imports only types of net/', () => {
  const wrong = imports.filter(
    ({ from, to, typeOnly }) => layer(from) === 'store' && layer(to) === 'net' && !typeOnly,
  );
  expect(wrong).toEqual([]);
});

test('features use each other without a circle, and none uses the shell', () => {
  const uses = new Map<string, Set<string>>();
  for (const { from, to } of imports) {
    const [user, used] = [feature(from), feature(to)];
    if (user && used && user !== used) {
      uses.set(user, (uses.get(user) ?? new Set()).add(used));
    }
  }
  expect([...uses.values()].flatMap((used) => [...used])).not.toContain('shell');
  expect(circle(uses)).toEqual([]);
});

/** The features of a circle, in order; empty when there is none. */
function circle(uses: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  const done = new Set<string>();
  const search = (name: string, path: readonly string[]): string[] => {
    if (path.includes(name)) {
      return [...path.slice(path.indexOf(name)), name];
    }
    if (done.has(name)) {
      return [];
    }
    for (const next of uses.get(name) ?? []) {
      const found = search(next, [...path, name]);
      if (found.length) {
        return found;
      }
    }
    done.add(name);
    return [];
  };
  for (const name of uses.keys()) {
    const found = search(name, []);
    if (found.length) {
      return found;
    }
  }
  return [];
}
