// The next version of the program: another client, whose files have other names, in a binary with another version.
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'vite';

const ui = join(dirname(fileURLToPath(import.meta.url)), '../..');
const run = promisify(execFile);
let made: Promise<string> | undefined;

/** Builds it once. Returns the path of the binary. */
export function nextVersion(): Promise<string> {
  made ??= make();
  return made;
}

async function make(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'parley-next-'));
  const app = join(folder, 'app');
  await build({
    root: ui,
    configFile: join(ui, 'vite.config.ts'),
    logLevel: 'error',
    build: { outDir: app },
    plugins: [
      {
        name: 'next-version',
        // Everything imports the first chunk, so another first chunk gives all chunks other names.
        transform: (code, id) =>
          id.endsWith('/src/main.tsx') ? `${code}\ndocument.documentElement.dataset.build = 'next';` : null,
      },
    ],
  });
  // What the binary has inside instead of ui/dist/app.
  const dist = join(ui, 'dist/app');
  const replaced: Record<string, string> = {};
  for (const [from, to] of [
    [dist, () => ''],
    [app, (name: string) => join(app, name)],
  ] as const) {
    for (const file of await readdir(from, { recursive: true, withFileTypes: true })) {
      if (file.isFile()) {
        const name = join(file.parentPath, file.name).slice(from.length + 1);
        replaced[join(dist, name)] = to(name);
      }
    }
  }
  const overlay = join(folder, 'overlay.json');
  await writeFile(overlay, JSON.stringify({ Replace: replaced }));
  const binary = join(folder, 'parley');
  // As the Makefile builds it, so that only what differs is compiled anew.
  const flags = ['-trimpath', '-buildvcs=false', '-ldflags', '-s -w -X main.version=next'];
  await run('go', ['build', ...flags, '-overlay', overlay, '-o', binary, '.'], {
    cwd: join(ui, '..'),
    env: { ...process.env, CGO_ENABLED: '0', GOFLAGS: '' },
  });
  return binary;
}
