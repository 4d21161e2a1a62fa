// Browser tests. They run the real server: PARLEY_BIN names the binary (make builds it).
import { existsSync } from 'node:fs';
import { defineConfig } from '@playwright/test';

// Debian's packages. The headless shell is the same browser without its own windows: a page costs it a third.
const debian = ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium'];
const executablePath = process.env.CHROME_PATH ?? debian.find((path) => existsSync(path));

/** A name other than localhost. Over http it is no secure context, like a server in a home network. */
export const plainHost = 'parley.test';

const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  `--host-resolver-rules=MAP ${plainHost} 127.0.0.1`,
];

export default defineConfig<{ hostname: string }>({
  testDir: 'test/e2e',
  outputDir: 'test-results',
  workers: 1,
  // Each test has a server of its own, so those of one file may run beside each other: no worker is left alone at the end.
  fullyParallel: true,
  // Nothing here says how fast the client is: a shared build machine may be ten times slower than this one. What does
  // not come at all costs half a minute.
  timeout: 300_000,
  expect: { timeout: 30_000 },
  forbidOnly: Boolean(process.env.CI),
  // On a shared build machine, a test that passes only the second time is listed as flaky at the end.
  retries: process.env.CI ? 1 : 0,
  reporter: [['list']],
  use: {
    launchOptions: { ...(executablePath ? { executablePath } : {}), args },
    locale: 'en-US',
    timezoneId: 'UTC',
    colorScheme: 'light',
    actionTimeout: 30_000,
    screenshot: 'only-on-failure',
  },
  // By the names of files: a pattern of letters would also be looked for in the folders above.
  projects: [
    { name: 'desktop', use: { viewport: { width: 1280, height: 800 } }, testIgnore: '**/phone*.spec.ts' },
    // Without https there are no locks, no service worker and no clipboard. The main features still work.
    {
      name: 'plain',
      use: { viewport: { width: 1280, height: 800 }, hostname: plainHost },
      testMatch: '**/{journey,outbox,tabs}.spec.ts',
    },
    {
      name: 'phone',
      use: { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true },
      testMatch: '**/phone*.spec.ts',
    },
  ],
});
