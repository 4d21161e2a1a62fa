// Builds the client with Vite and a few small plugins of our own.
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { chunkName } from './build/chunks.ts';
import { compressed } from './build/compressed.ts';
import { emojiData } from './build/emojiData.ts';
import { parts } from './build/parts.ts';
import { serviceWorker } from './build/serviceWorker.ts';

const server = 'http://127.0.0.1:3000';

export default defineConfig({
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  plugins: [emojiData(), serviceWorker(), parts(), compressed()],
  build: {
    outDir: 'dist/app',
    emptyOutDir: true,
    target: 'es2022',
    // For older targets Vite would replace light-dark() and break the theme setting.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    manifest: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: { index: 'index.html', sw: 'src/sw/sw.ts' },
      output: {
        codeSplitting: {
          includeDependenciesRecursively: false,
          groups: [{ name: chunkName(fileURLToPath(new URL('src/main.tsx', import.meta.url))) }],
        },
        entryFileNames: (chunk) => (chunk.name === 'sw' ? 'sw.js' : 'assets/[name]-[hash].js'),
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
