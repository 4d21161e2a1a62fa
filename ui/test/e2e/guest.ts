// A person with an account, whose browser is signed in and has its own line to the server.
import { type BrowserContext, expect, type Page } from '@playwright/test';
import type { Account } from './account';
import type { Line } from './line';
import { Person } from './person';

/** The browser's messages when a connection fails, and when the client asks why no WebSocket opens. */
const away = /net::ERR_|WebSocket connection to|status of 426/;

export class Guest extends Person {
  readonly account: Account;
  /** The server, as this person's browser knows it. */
  readonly url: string;
  readonly #line: Line;

  constructor(account: Account, line: Line, context: BrowserContext, page: Page, tabOf?: Guest) {
    super(account.user.display_name, context, page, tabOf);
    this.account = account;
    this.#line = line;
    this.url = `http://${account.server.hostname}:${line.port}`;
  }

  /** Signs in with a cookie and opens a page of the client. */
  async arrives(path = '/'): Promise<void> {
    await this.context.addCookies([{ ...(await this.account.cookie()), url: this.url }]);
    await this.page.goto(this.url + path);
    await expect(this.page.locator('[data-region]').first()).toBeVisible();
  }

  /** The same person in another tab of the same browser. */
  async opensTab(path = '/'): Promise<Guest> {
    const tab = new Guest(this.account, this.#line, this.context, await this.context.newPage(), this);
    await tab.page.goto(this.url + path);
    return tab;
  }

  /** Breaks the connection and tells the browser that there is none. */
  async goesOffline(): Promise<void> {
    // Who has not heard of the room yet has nothing to show of it.
    await expect(this.title(/^(Loading…|正在加载…)$/)).toHaveCount(0);
    this.expected.push(away);
    await this.context.setOffline(true);
    this.cuts();
    // In a room, or under the own name.
    const said = this.page.getByText(/^(Offline(\. |$)|离线$|你已离线)/).filter({ visible: true });
    await expect(said.first()).toBeVisible();
  }

  /** Breaks the connection. With a status, a proxy answers in place of the server. */
  cuts(status?: number): void {
    this.#line.cut(status);
  }

  async isBack(): Promise<void> {
    this.#line.mend();
    await this.context.setOffline(false);
  }

  /**
   * Takes chance out of how long the client waits before it tries to connect again: from the next wait on, that is so
   * many times the longest that it may be.
   */
  async waits(times: number): Promise<void> {
    await this.page.evaluate((times) => {
      Math.random = () => times;
    }, times);
  }

  /** Allows connection errors in the console, because the server will be away. */
  expectsTrouble(): void {
    this.expected.push(away);
  }

  /** Sends several messages, online or offline. */
  async writes(...texts: string[]): Promise<void> {
    for (const text of texts) {
      await this.sends(text);
    }
  }
}
