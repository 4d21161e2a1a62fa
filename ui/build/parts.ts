// Notes what the first load is made of, for the table in docs/client.md: the bytes of each part of src/ and
// of each package, minified and compressed by itself. budget.mjs reads it.
import { gzipSync } from 'node:zlib';
import { minifySync, type Plugin } from 'vite';

export function parts(): Plugin {
  return {
    name: 'parley:parts',
    apply: 'build',
    generateBundle(_options, bundle) {
      const code = new Map<string, string>();
      for (const chunk of Object.values(bundle)) {
        if (chunk.type === 'chunk' && chunk.name === 'index') {
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

/** preact, features/rooms, sync …; what puts the client together is "the top of src". */
function partOf(id: string): string {
  const [, own] = /\/src\/(features\/[^/]+|[^/]+)\//.exec(id) ?? [];
  const [, found] = /\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(id) ?? [];
  return found ?? own ?? 'the top of src';
}

function compressed(text: string): number {
  // Names of others are used here without being declared, which the minifier leaves as they are.
  const { code } = minifySync('part.js', text);
  return code.trim() ? gzipSync(code, { level: 9 }).length : 0;
}
