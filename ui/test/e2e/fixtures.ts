// What every browser test starts with: a server of its own, and people with a browser each.
import { type BrowserContextOptions, test as base, expect } from '@playwright/test';
import { plainHost } from '../../playwright.config';
import { Person } from './person';
import { ParleyServer } from './server';

export { isAccessible } from './axe';
export { Person, password } from './person';
export { expect };

interface Fixtures {
  server: ParleyServer;
  /** The same server under a name over plain http: not a secure context. */
  plain: (link: string) => string;
  /** Someone with a new browser. Nobody's console may hold an error at the end. */
  someone: (name: string, options?: BrowserContextOptions) => Promise<Person>;
  /** The owner of a server that is set up, and the link that lets others in. */
  owner: Person & { invite: string };
}

export const test = base.extend<Fixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures from here.
  server: async ({}, use) => {
    const server = await ParleyServer.start();
    await use(server);
    await server.stop();
  },

  // biome-ignore lint/correctness/noEmptyPattern: the same.
  plain: async ({}, use) => {
    await use((link) => link.replace('127.0.0.1', plainHost));
  },

  someone: async ({ browser, contextOptions }, use, info) => {
    const everyone: Person[] = [];
    await use(async (name, options = {}) => {
      const context = await browser.newContext({ ...info.project.use, ...contextOptions, ...options });
      const person = new Person(name, context, await context.newPage());
      everyone.push(person);
      return person;
    });
    for (const person of everyone) {
      const unexpected = person.complaints.filter((line) => !person.expected.some((one) => one.test(line)));
      expect.soft(unexpected, `console of ${person.name}`).toEqual([]);
      await person.context.close();
    }
  },

  owner: async ({ server, someone }, use) => {
    const owner = await someone('Ada Lovelace');
    const invite = await owner.setsUp(server.setupLink);
    await use(Object.assign(owner, { invite }));
  },
});
