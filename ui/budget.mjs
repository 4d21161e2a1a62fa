// Measures what a first visit fetches, gzipped, and fails above the limits. It also fails when the table in
// docs/client.md does not say what a room is made of; with --write it writes that table.
import { readFileSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const folder = new URL('dist/app/', import.meta.url);
const read = (file) => readFileSync(new URL(file, folder), 'utf8');
const manifest = JSON.parse(read('.vite/manifest.json'));
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

/** What index.html names for a reader of whom these words are true: see build/ahead.ts. */
function named(...words) {
  const lines = read('index.html')
    .split('\n')
    .filter((line) =>
      (/data-for="([^"]*)"/.exec(line)?.[1] ?? '').split(' ').every((word) => !word || words.includes(word)),
    );
  return new Set(
    [...lines.join('\n').matchAll(/(?:src|href)="\/(assets\/[^"]+|api\/[^"]+)"/g)].map(([, file]) => file),
  );
}

/** The chunks named so, with all that they import: what is fetched before the first page shows. */
const whole = (...names) =>
  new Set(
    [...chunks.values()]
      .filter((chunk) => names.some((name) => new RegExp(`assets/${name}-[^.]+\\.js$`).test(chunk.file)))
      .flatMap((chunk) => [...filesOf(chunk.file)]),
  );

const room = whole('index', 'shell');
const chineseRoom = whole('index', 'shell', 'index.zh-Hans');
const entry = whole('index', 'entry');
const chineseEntry = whole('index', 'entry', 'index.zh-Hans', 'entry.zh-Hans');
const first = new Set([...chineseRoom, ...chineseEntry]);
const lazy = Object.values(manifest).filter((chunk) => chunk.isDynamicEntry || !chunk.isEntry);

const all = (files) => total(files, '.js') + total(files, '.css');
const styles = total(room, '.css');
const rows = [
  ['sign-in page', all(entry), 44_000],
  ['sign-in page in Chinese', all(chineseEntry), 48_000],
  ['room, JavaScript', total(room, '.js'), 51_500],
  ['room, styles', styles, 9_000],
  ['room', all(room), 60_000],
  ['room in Chinese', all(chineseRoom), 60_000],
  ...lazy
    .filter((chunk) => chunk.file.endsWith('.js') && !first.has(chunk.file))
    .map((chunk) => [`lazy ${chunk.file}`, size(chunk.file), 20_000]),
];

let failed = false;
for (const [what, bytes, ceiling] of rows) {
  failed ||= bytes > ceiling;
  console.log(`${bytes > ceiling ? 'OVER' : 'ok  '} ${String(bytes).padStart(7)} of ${ceiling}  ${what}`);
}

// The page names all that its first sight needs, and little else: what only the script asks for comes a round trip
// later. First sights are those of a room, and of the sign-in page, which also needs what the server says of itself.
for (const [what, words, files, most] of [
  ['room', ['signed-in'], room, 4],
  ['room in Chinese', ['signed-in', 'zh-Hans'], chineseRoom, 5],
  ['sign-in page', ['signed-out'], entry, 5],
  ['sign-in page in Chinese', ['signed-out', 'zh-Hans'], chineseEntry, 7],
]) {
  const there = named(...words);
  const late = [...files].filter((file) => !there.has(file));
  failed ||= late.length > 0 || there.size > most;
  console.log(
    `${there.size > most ? 'OVER' : 'ok  '} ${String(there.size).padStart(7)} of ${most}  requests, ${what}`,
  );
  for (const file of late) {
    console.log(`LATE ${file} is not named in the page, and is needed for: ${what}`);
  }
}

// Chunks that import each other in a circle may run in the wrong order.
for (const [file, chunk] of chunks) {
  const others = (chunk.imports ?? []).map((name) => manifest[name].file).filter((one) => !first.has(one));
  if (others.some((one) => filesOf(one).has(file))) {
    failed = true;
    console.log(`CIRCLE ${file} is imported by what it imports`);
  }
}

// Smaller parts share one row: they open features that are fetched later.
const smallest = 320;

/** Each part's share of the script, in proportion to its size when compressed alone. */
function shares() {
  const alone = Object.entries(JSON.parse(read('.vite/parts.json')));
  const sum = alone.reduce((all, [, bytes]) => all + bytes, 0);
  const merged = new Map();
  for (const [part, bytes] of alone) {
    const share = (bytes / sum) * total(room, '.js');
    const name = part.startsWith('@preact/')
      ? 'preact'
      : part.startsWith('features/') && share < smallest
        ? 'features/… fetched later'
        : part;
    merged.set(name, (merged.get(name) ?? 0) + share);
  }
  return [...merged].sort((a, b) => b[1] - a[1]);
}

const what = {
  preact: 'Preact and its signals',
  lucide: 'the icons in use',
  kit: 'buttons, menus, fields, toasts …',
  sync: 'apply, outbox, history, catching up, the copies on disk',
  net: 'socket and HTTP calls',
  store: 'the signals',
  i18n: 'languages, dates, numbers',
  'features/messages': 'the list, a row, the composer',
  'features/rooms': 'the room list, the page of a room',
  'features/shell': 'the window, the sidebar, keys',
  'features/entry': 'the sign-in page',
  'features/words': 'words of several features',
  'features/people': 'badge, presence, icon of a room',
  'features/announcer': 'what screen readers are told',
  'features/inbox-link': 'the way to the notifications',
  'features/account': 'name and password: labels and errors',
  'features/members': 'what opens the panel and a card',
  'features/… fetched later': 'what opens the others',
  'the top of src': 'start, router, addresses, choices, sessions',
};

const number = (bytes) => Math.round(bytes).toLocaleString('en-US');
const table = [
  ['part', 'what', 'bytes'],
  ['---', '---', '--:'],
  ...shares().map(([part, bytes]) => [`\`${part}\``, what[part] ?? '', number(bytes)]),
  ['styles', 'of all these', number(styles)],
  ['**a room**', '', `**${number(all(room))}**`],
  ['**a room in Chinese**', '', `**${number(all(chineseRoom))}**`],
  ['**the sign-in page**', '', `**${number(all(entry))}**`],
  ['**the sign-in page in Chinese**', '', `**${number(all(chineseEntry))}**`],
];

const page = new URL('../docs/client.md', import.meta.url);
const doc = readFileSync(page, 'utf8');
const marked = /(<!-- first load -->\n)([\s\S]*?)(<!-- end -->)/;

if (process.argv.includes('--write')) {
  const lines = table.map((cells) => `| ${cells.join(' | ')} |\n`).join('');
  writeFileSync(
    page,
    doc.replace(marked, (_all, before, _old, after) => before + lines + after),
  );
} else {
  // A row may be wrong by 5 percent or 100 bytes, so that small changes need no new table.
  const told = new Map(
    (marked.exec(doc)?.[2] ?? '')
      .split('\n')
      .map((line) => line.split('|').map((cell) => cell.trim()))
      .map(([, part, , bytes]) => [part, Number(bytes?.replace(/[*,]/g, ''))]),
  );
  const wrong = table.slice(2).filter(([part, , bytes]) => {
    const now = Number(bytes.replace(/[*,]/g, ''));
    return !(Math.abs(now - told.get(part)) <= Math.max(100, now / 20));
  });
  for (const [part, , bytes] of wrong) {
    console.log(`UNTRUE ${part} is ${bytes}; docs/client.md says ${told.get(part) ?? 'nothing'}`);
  }
  if (wrong.length) {
    console.log('run "npm run budget -- --write"');
    failed = true;
  }
}
process.exit(failed ? 1 : 0);
