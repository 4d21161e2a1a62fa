// Tells the service worker which files to keep: every chunk and style of this build, and a version made of
// them.
import { createHash } from 'node:crypto';
import type { Plugin } from 'vite';

export function serviceWorker(): Plugin {
  return {
    name: 'parley:service-worker',
    apply: 'build',
    enforce: 'post',
    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        const files = Object.keys(bundle)
          .filter((name) => /^assets\/.*\.(js|css)$/.test(name))
          .sort();
        const worker = bundle['sw.js'];
        if (worker?.type !== 'chunk') {
          throw new Error('the build has no sw.js');
        }
        // The page has no hash in its name, so its text is part of the version.
        const page = bundle['index.html'];
        const text = page?.type === 'asset' ? String(page.source) : '';
        const version = createHash('sha256').update(files.join()).update(text).digest('hex').slice(0, 12);
        worker.code = worker.code
          .replace('__PRECACHE__', () => JSON.stringify(files.map((name) => `/${name}`)))
          .replace('__VERSION__', () => JSON.stringify(version));
      },
    },
  };
}
