// Measures what a first visit fetches, gzipped, and fails above the ceilings.
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const folder = new URL('dist/app/', import.meta.url);
const manifest = JSON.parse(readFileSync(new URL('.vite/manifest.json', folder), 'utf8'));
const size = (file) => gzipSync(readFileSync(new URL(file, folder)), { level: 9 }).length;

const chunks = new Map(Object.values(manifest).map((chunk) => [chunk.file, chunk]));

/** A chunk's files, with those of everything it imports before it runs. */
function filesOf(file, seen = new Set()) {
  const chunk = chunks.get(file);
  if (!chunk || seen.has(file)) {
    return seen;
  }
  seen.add(file);
  for (const css of chunk.css ?? []) {
    seen.add(css);
  }
  for (const imported of chunk.imports ?? []) {
    filesOf(manifest[imported].file, seen);
  }
  return seen;
}

const total = (files, end) =>
  [...files].filter((file) => file.endsWith(end)).reduce((sum, file) => sum + size(file), 0);

/** What the page names by itself: the script and the style it starts with. */
const page = readFileSync(new URL('index.html', folder), 'utf8');
const named = [...page.matchAll(/(?:src|href)="\/(assets\/[^"]+)"/g)].map(([, file]) => file);
const first = new Set([...named, ...named.flatMap((file) => [...filesOf(file)])]);
/** The Chinese texts that the first load asks for before it shows anything. */
const texts = [...first]
  .flatMap((file) => chunks.get(file)?.dynamicImports ?? [])
  .map((name) => manifest[name].file)
  .filter((file) => file.includes('zh-Hans'));
const chinese = new Set([...first, ...texts.flatMap((file) => [...filesOf(file)])]);
const lazy = Object.values(manifest).filter((chunk) => chunk.isDynamicEntry || !chunk.isEntry);
const rows = [
  ['first load, JavaScript', total(first, '.js'), 48_000],
  ['first load, styles', total(first, '.css'), 9_000],
  ['first load', total(first, '.js') + total(first, '.css'), 60_000],
  ['Chinese catalog', total(chinese, '.js') - total(first, '.js'), 8_000],
  ['first load in Chinese', total(chinese, '.js') + total(chinese, '.css'), 60_000],
  ...lazy
    .filter((chunk) => chunk.file.endsWith('.js') && !first.has(chunk.file))
    .map((chunk) => [`lazy ${chunk.file}`, size(chunk.file), 20_000]),
];

let over = false;
for (const [what, bytes, ceiling] of rows) {
  over ||= bytes > ceiling;
  console.log(`${bytes > ceiling ? 'OVER' : 'ok  '} ${String(bytes).padStart(7)} of ${ceiling}  ${what}`);
}
process.exit(over ? 1 : 0);
