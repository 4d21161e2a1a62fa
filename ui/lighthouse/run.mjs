// Lighthouse against the real server named by PARLEY_BIN: the sign-in page on a phone and on a desktop, and a room.
// Prints the medians of three runs and fails below the bars.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import lighthouse, { desktopConfig } from 'lighthouse';
import puppeteer from 'puppeteer-core';

const runs = 3;
const categories = ['performance', 'accessibility', 'best-practices', 'seo'];
const debian = '/usr/bin/chromium';
const chrome = process.env.CHROME_PATH ?? (existsSync(debian) ? debian : undefined);
const binary = process.env.PARLEY_BIN;
if (!binary) {
  throw new Error('PARLEY_BIN must name the server to measure');
}

const account = { name: 'ada', display_name: 'Ada Lovelace', password: 'correct horse battery' };

async function freePort() {
  const probe = createServer().listen(0, '127.0.0.1');
  await new Promise((ready) => probe.once('listening', ready));
  const { port } = probe.address();
  probe.close();
  return port;
}

async function start() {
  const data = await mkdtemp(join(tmpdir(), 'parley-lighthouse-'));
  const url = `http://127.0.0.1:${await freePort()}`;
  const server = spawn(binary, ['--listen', new URL(url).host, '--data', data], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const code = await new Promise((found, failed) => {
    let said = '';
    server.once('exit', () => failed(new Error(`the server ended: ${said}`)));
    server.stdout.on('data', (text) => {
      said += text;
      const link = said.match(/\/setup#(\S+)/);
      if (link) {
        found(link[1]);
      }
    });
  });
  const stop = async () => {
    server.removeAllListeners('exit');
    server.kill();
    await new Promise((ended) => server.once('exit', ended));
    await rm(data, { recursive: true, force: true });
  };
  return { url, code, stop };
}

/** A JSON request of the set-up; a token stands for the cookie of a browser. */
async function ask(url, method, path, body, token) {
  const answer = await fetch(`${url}/api${path}`, {
    method,
    headers: {
      'Content-Type': 'application/json',
      Origin: url,
      ...(token && { Authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(body),
  });
  if (!answer.ok) {
    throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  }
  return answer.status === 204 ? undefined : answer.json();
}

async function furnish(url, code) {
  await ask(url, 'POST', '/setup', { code, server_name: 'Acme', ...account });
  const { token } = await ask(url, 'POST', '/login', {
    name: account.name,
    password: account.password,
    token: true,
  });
  const room = await ask(
    url,
    'POST',
    '/rooms',
    { kind: 'public', name: 'design', topic: 'Shapes and colors' },
    token,
  );
  for (let n = 1; n <= 45; n++) {
    const body =
      n % 5 ? `Message ${n}, **short** and to the point.` : `- one\n- two\n\nand \`some code\` in ${n}`;
    await ask(url, 'POST', `/rooms/${room.id}/messages`, { client_id: crypto.randomUUID(), body }, token);
  }
  return room.id;
}

async function signIn(page, url) {
  await page.goto(url);
  await page.waitForSelector('input[name="username"]');
  await page.type('input[name="username"]', account.name);
  await page.type('input[name="password"]', account.password);
  await page.click('button[type="submit"]');
  await page.waitForSelector('[data-region]');
}

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
];

async function measure(url, { config, signedIn, path = '/' }) {
  const browser = await puppeteer.launch({
    executablePath: chrome,
    headless: true,
    args: [...flags, '--disable-component-update', '--disable-sync'],
  });
  try {
    const page = await browser.newPage();
    if (signedIn) {
      await signIn(page, url);
    }
    const { lhr } = await lighthouse(
      url + path,
      { output: 'json', onlyCategories: categories, disableStorageReset: Boolean(signedIn) },
      config,
      page,
    );
    const failed = Object.values(lhr.audits).filter((audit) => audit.score !== null && audit.score < 0.9);
    return {
      scores: categories.map((name) => Math.round((lhr.categories[name].score ?? 0) * 100)),
      failed: failed.map((audit) => `${audit.id} ${audit.displayValue ?? ''}`.trim()),
    };
  } finally {
    await browser.close();
  }
}

const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];

const { url, code, stop } = await start();
let below = false;
try {
  const room = await furnish(url, code);
  const pages = [
    { name: 'sign-in, phone', bar: [100, 100, 100, 100] },
    { name: 'sign-in, desktop', config: desktopConfig, bar: [100, 100, 100, 100] },
    { name: 'room, phone', signedIn: true, path: `/r/${room}`, bar: [95, 100, 100, 100] },
  ];
  console.log(`${'page'.padEnd(20)}${categories.map((name) => name.padStart(16)).join('')}`);
  for (const page of pages) {
    const results = [];
    for (let run = 0; run < runs; run++) {
      results.push(await measure(url, page));
    }
    const medians = categories.map((_, i) => median(results.map((one) => one.scores[i])));
    const low = medians.some((score, i) => score < page.bar[i]);
    below ||= low;
    console.log(
      `${page.name.padEnd(20)}${medians.map((score) => String(score).padStart(16)).join('')}${low ? '  below' : ''}`,
    );
    if (low) {
      console.log(`  ${[...new Set(results.flatMap((one) => one.failed))].join('\n  ')}`);
    }
  }
} finally {
  await stop();
}
process.exit(below ? 1 : 0);
