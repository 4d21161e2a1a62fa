// Imports each icon from its own file. The package's list of all icons would bring those that only features
// fetched later show into the first load.
import { readFileSync } from 'node:fs';
import type { Plugin } from 'vite';

const list = new URL('../node_modules/lucide/dist/esm/iconsAndAliases.mjs', import.meta.url);

/** The file of each icon, by its names. */
function filesOfIcons(): Map<string, string> {
  const files = new Map<string, string>();
  for (const [, names = '', file = ''] of readFileSync(list, 'utf8').matchAll(
    /export \{([^}]+)\} from '\.\/(icons\/[^']+)'/g,
  )) {
    for (const [, name = ''] of names.matchAll(/default as (\w+)/g)) {
      files.set(name, file);
    }
  }
  return files;
}

export function icons(): Plugin {
  const files = filesOfIcons();
  return {
    name: 'parley:icons',
    apply: 'build',
    enforce: 'pre',
    transform(code, id) {
      if (!id.endsWith('.tsx') && !id.endsWith('.ts')) {
        return null;
      }
      // Names that are types have no file and stay.
      const out = code.replace(/import \{([^}]+)\} from 'lucide';/g, (_all, names: string) =>
        names
          .split(',')
          .map((name) => name.trim())
          .filter(Boolean)
          .map((name) => {
            const file = files.get(name);
            return file
              ? `import ${name} from 'lucide/dist/esm/${file}';`
              : `import { ${name} } from 'lucide';`;
          })
          .join(' '),
      );
      return out === code ? null : { code: out, map: null };
    },
  };
}
