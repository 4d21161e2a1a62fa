// Divides the client into chunks: one for the first load, one for what the sign-in page adds to it, one for each
// feature that is fetched later, one for the parts of the kit that only those use, and beside each of them its
// texts in each language but English. The bundler alone would make a chunk for each set of features that share a file: dozens of small
// ones, which compress badly and are all listed in the first load.
import type { Rolldown } from 'vite';

const folder = /\/src\/(?:features\/([^/]+)|(kit))\//;
const translation = /\/texts\.([\w-]+)\.ts$/;

/** Names the chunk of a module. `main` is the file that the page starts with, `signIn` that of the sign-in page. */
export function chunkName(main: string, signIn: string): Rolldown.CodeSplittingNameFunction {
  let whole: Map<string, string> | undefined;
  return (id, context) => {
    whole ??= new Map([
      // Its few styles are in the sheet of the first load: a sheet more would keep the page waiting.
      ...importsOf(signIn, context).map((file) => [file, file.includes('.css') ? 'index' : 'entry'] as const),
      ...importsOf(main, context).map((file) => [file, 'index'] as const),
    ]);
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
    const name = users.includes('index')
      ? 'index'
      : users.includes('entry')
        ? 'entry'
        : featureOf(id, context);
    return `${name}.${language}`;
  };
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
