// Divides the client into chunks: one that every page starts with, one each for what the shell and the sign-in page add
// to it, one for what comes once either stands, one for each feature that is fetched later, one for the parts of the kit
// that only those use, and beside each of them its texts in each language but English. The bundler alone would make a
// chunk for each set of features that share a file: dozens of small ones, which compress badly and are all listed in the
// first load.
import type { Rolldown } from 'vite';

const folder = /\/src\/(?:features\/([^/]+)|(kit))\//;
/** What listens to the socket or the session. */
const listens = /\/src\/(sync\/|features\/[^/]+\/listen\.ts$)/;
const translation = /\/texts\.([\w-]+)\.ts$/;

/**
 * Names the chunk of a module. `main` is the file that the page starts with, `shell` that of the window of a signed-in
 * person, `signIn` that of the sign-in page, `later` that of what comes once either stands.
 */
export function chunkName(
  main: string,
  shell: string,
  signIn: string,
  later: string,
): Rolldown.CodeSplittingNameFunction {
  let whole: Map<string, string> | undefined;
  return (id, context) => {
    whole ??= firstSights(context, main, { shell, entry: signIn, later });
    const first = whole.get(id);
    if (first) {
      return first;
    }
    const importers = context.getModuleInfo(id)?.dynamicImporters ?? [];
    const [, language] = (importers.length && translation.exec(id)) || [];
    if (!language) {
      return featureOf(id, context);
    }
    // What comes together has its texts in another language together.
    const users = importers.map((file) => whole?.get(file));
    const name =
      users.includes('index') || users.includes('shell')
        ? 'index'
        : users.includes('entry')
          ? 'entry'
          : featureOf(id, context);
    return `${name}.${language}`;
  };
}

/**
 * The chunk of each file that may be part of what shows first. What two of them need is in the one that all start with, and
 * so are all styles: a sheet more would keep the page waiting.
 */
function firstSights(
  context: Rolldown.ChunkingContext,
  main: string,
  adds: Record<string, string>,
): Map<string, string> {
  const found = new Map(importsOf(main, context).map((file) => [file, 'index']));
  for (const [name, start] of Object.entries(adds)) {
    for (const file of importsOf(start, context)) {
      if (!found.has(file) && listens.test(file)) {
        throw new Error(`start.ts does not import ${file}: what it listens to may come before it`);
      }
      const style = file.includes('.css') && name !== 'later'; // which keeps nothing waiting
      found.set(file, found.has(file) || style ? 'index' : name);
    }
  }
  return found;
}

/** All files that a file imports statically, directly or through others. */
function importsOf(main: string, context: Rolldown.ChunkingContext): string[] {
  const found = new Set([main]);
  for (const id of found) {
    for (const next of context.getModuleInfo(id)?.importedIds ?? []) {
      found.add(next);
    }
  }
  return [...found];
}

/**
 * The feature of a file. An icon of several features goes into the chunk of the kit, which all of them use. Any other
 * file outside the features goes into the chunk of the file that imports it. */
function featureOf(id: string, context: Rolldown.ChunkingContext): string | null {
  const [, feature, kit] = folder.exec(id) ?? [];
  const importers = context.getModuleInfo(id)?.importers ?? [];
  if (id.includes('/lucide/')) {
    const users = new Set(importers.map((importer) => featureOf(importer, context)));
    return users.size === 1 ? ([...users][0] ?? null) : 'kit';
  }
  const [importer] = importers;
  return feature ?? kit ?? (importer ? featureOf(importer, context) : null);
}
