// Writes down what is fetched before a room shows, for the table in docs/client.md: the bytes of each part of
// src/ and of each package, minified and compressed by itself. budget.mjs reads it.
import { gzipSync } from 'node:zlib';
import { minifySync, type Plugin } from 'vite';

export function parts(): Plugin {
  return {
    name: 'parley:parts',
    apply: 'build',
    generateBundle(_options, bundle) {
      const code = new Map<string, string>();
      for (const chunk of Object.values(bundle)) {
        if (chunk.type === 'chunk' && ['index', 'shell'].includes(chunk.name)) {
          for (const [id, module] of Object.entries(chunk.modules)) {
            const part = partOf(id);
            code.set(part, (code.get(part) ?? '') + (module.code ?? ''));
          }
        }
      }
      const sizes = [...code]
        .map(([part, text]) => [part, compressed(text)] as const)
        .filter(([, bytes]) => bytes > 0);
      const source = JSON.stringify(Object.fromEntries(sizes));
      this.emitFile({ type: 'asset', fileName: '.vite/parts.json', source });
    },
  };
}

/** The package, the folder of src/, or "the top of src" for files outside the folders. */
function partOf(id: string): string {
  const [, own] = /\/src\/(features\/[^/]+|[^/]+)\//.exec(id) ?? [];
  const [, found] = /\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(id) ?? [];
  return found ?? own ?? 'the top of src';
}

function compressed(text: string): number {
  // The part uses names of other parts without declaring them. The minifier does not change those.
  const { code } = minifySync('part.js', text);
  return code.trim() ? gzipSync(code, { level: 9 }).length : 0;
}
