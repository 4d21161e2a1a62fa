// Writes .br and .gz beside every asset, so that the server compresses nothing while it serves.
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import type { Plugin } from 'vite';

const worthIt = /\.(js|css|json|svg)$/;

export function compressed(): Plugin {
  let folder = '';
  return {
    name: 'parley:compressed',
    apply: 'build',
    configResolved(config) {
      folder = join(config.root, config.build.outDir, 'assets');
    },
    async closeBundle() {
      for (const name of await readdir(folder).catch(() => [])) {
        if (!worthIt.test(name)) {
          continue;
        }
        const path = join(folder, name);
        const text = await readFile(path);
        const br = brotliCompressSync(text, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } });
        await writeFile(`${path}.br`, br);
        await writeFile(`${path}.gz`, gzipSync(text, { level: 9 }));
      }
    },
  };
}
