// Builds the client with Vite and a few small plugins of our own.
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { ahead } from './build/ahead.ts';
import { chunkName } from './build/chunks.ts';
import { className } from './build/classes.ts';
import { compressed } from './build/compressed.ts';
import { emojiData } from './build/emojiData.ts';
import { icons } from './build/icons.ts';
import { parts } from './build/parts.ts';
import { serviceWorker } from './build/serviceWorker.ts';

const own = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const server = 'http://127.0.0.1:3000';

export default defineConfig({
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  plugins: [icons(), emojiData(), ahead(), serviceWorker(), parts(), compressed()],
  css: { modules: { generateScopedName: className } },
  build: {
    outDir: 'dist/app',
    emptyOutDir: true,
    target: 'es2022',
    // For older targets Vite would replace light-dark() and break the theme setting.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    manifest: true,
    assetsInlineLimit: 0,
    modulePreload: {
      polyfill: false,
      // The names of the scripts that each chunk imports would be 860 bytes of a room, for a round trip less, once.
      resolveDependencies: (_file, files) => files.filter((file) => file.endsWith('.css')),
    },
    rolldownOptions: {
      input: { index: 'index.html', sw: 'src/sw/sw.ts' },
      // What is fetched ahead, as the question before a deletion, is also a part of what is fetched later.
      checks: { ineffectiveDynamicImport: false },
      output: {
        codeSplitting: {
          includeDependenciesRecursively: false,
          groups: [
            {
              name: chunkName(
                own('src/main.tsx'),
                own('src/features/shell/Shell.tsx'),
                own('src/features/entry/SignIn.tsx'),
                own('src/later.ts'),
              ),
              debugName: 'parts',
            },
          ],
        },
        // The first load has the names of all that is fetched later, and their hashes do not compress: seven characters
        // tell versions of a file apart well enough.
        entryFileNames: (chunk) => (chunk.name === 'sw' ? 'sw.js' : 'assets/[name]-[hash:7].js'),
        chunkFileNames: 'assets/[name]-[hash:7].js',
        assetFileNames: 'assets/[name]-[hash:7][extname]',
      },
    },
  },
  server: {
    proxy: {
      '/api': server,
      '/ws': { target: server, ws: true },
    },
  },
  test: { include: ['test/*.test.ts'], environment: 'node' },
});
