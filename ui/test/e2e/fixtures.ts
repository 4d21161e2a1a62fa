// What every browser test starts with: its own server, and people with a browser each.
import {
  type BrowserContext,
  type BrowserContextOptions,
  test as base,
  expect,
  type Page,
} from '@playwright/test';
import { plainHost } from '../../playwright.config';
import { Account } from './account';
import { Guest } from './guest';
import { Line } from './line';
import { Person } from './person';
import { ParleyServer } from './server';

export type { Account } from './account';
export { isAccessible } from './axe';
export type { Guest } from './guest';
export { Person, password } from './person';
export { expect };

interface Fixtures {
  /** Settings of the server, as on its command line. */
  flags: readonly string[];
  /** The name that browsers know the server by. */
  hostname: string;
  server: ParleyServer;
  /** The same server under a name over plain http: not a secure context. */
  plain: (link: string) => string;
  /** Makes a new line to the server. */
  lines: () => Promise<Line>;
  /** Gives a person a new browser. At the end no console may contain an error. */
  visits: <P extends Person>(
    make: (context: BrowserContext, page: Page) => P,
    options?: BrowserContextOptions,
  ) => Promise<P>;
  /** Makes a person with a new browser. */
  someone: (name: string, options?: BrowserContextOptions) => Promise<Person>;
  /** The owner of a server that is set up, and the link that lets others in. */
  owner: Person & { invite: string };
  /** The owner over the API; takes the first run, so not together with `owner`. */
  host: Account;
  /** Makes an account over the API. */
  account: (name: string) => Promise<Account>;
  /** Signs a person in without the forms, by name or with an account, and opens / or a path. */
  guest: (who: string | Account, path?: string, options?: BrowserContextOptions) => Promise<Guest>;
}

/** Chromium's message that it ignores a header on plain http. */
export const untrusted = /Cross-Origin-Opener-Policy header has been ignored/;

export const test = base.extend<Fixtures>({
  flags: [[], { option: true }],
  hostname: ['127.0.0.1', { option: true }],

  server: async ({ hostname, flags }, use) => {
    const server = await ParleyServer.start(hostname, flags);
    await use(server);
    await server.stop();
  },

  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures from here.
  plain: async ({}, use) => {
    await use((link) => link.replace('127.0.0.1', plainHost));
  },

  lines: async ({ server }, use) => {
    const all: Line[] = [];
    await use(async () => {
      const line = await Line.to(server.port);
      all.push(line);
      return line;
    });
    for (const line of all) {
      line.close();
    }
  },

  visits: async ({ browser, contextOptions, hostname, lines }, use, info) => {
    // Closes the browsers before their lines and the server.
    void lines;
    const everyone: Person[] = [];
    await use(async (make, options = {}) => {
      const context = await browser.newContext({ ...info.project.use, ...contextOptions, ...options });
      const person = make(context, await context.newPage());
      if (hostname === plainHost) {
        person.expected.push(untrusted);
      }
      everyone.push(person);
      return person;
    });
    for (const person of everyone) {
      const unexpected = person.complaints.filter((line) => !person.expected.some((one) => one.test(line)));
      expect.soft(unexpected, `console of ${person.name}`).toEqual([]);
      await person.context.close();
    }
  },

  someone: async ({ visits }, use) => {
    await use((name, options) => visits((context, page) => new Person(name, context, page), options));
  },

  owner: async ({ server, someone }, use) => {
    const owner = await someone('Ada Lovelace');
    const invite = await owner.setsUp(server.setupLink);
    await use(Object.assign(owner, { invite }));
  },

  host: async ({ server }, use) => {
    await use(await Account.setsUp(server, 'Ada Lovelace'));
  },

  account: async ({ server, host }, use) => {
    const invite = await host.invites();
    await use((name) => Account.registers(server, invite, name));
  },

  guest: async ({ account, visits, lines }, use) => {
    await use(async (who, path, options) => {
      const one = typeof who === 'string' ? await account(who) : who;
      const line = await lines();
      const guest = await visits((context, page) => new Guest(one, line, context, page), options);
      await guest.arrives(path);
      return guest;
    });
  },
});
