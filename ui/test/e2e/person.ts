// A person with a browser. The methods read as sentences.
import { type BrowserContext, expect, type Locator, type Page } from '@playwright/test';

export const password = 'correct horse battery';

export class Person {
  readonly page: Page;
  readonly context: BrowserContext;
  readonly name: string;
  /** Console errors, page errors and reports of the content security policy. */
  readonly complaints: string[];
  /** Console lines that a test expects, such as the 401 of a wrong password. */
  readonly expected: RegExp[] = [];

  constructor(name: string, context: BrowserContext, page: Page, tabOf?: Person) {
    this.complaints = tabOf?.complaints ?? [];
    this.name = name;
    this.context = context;
    this.page = page;
    this.#watch(page);
  }

  #watch(page: Page): void {
    page.on('console', (line) => {
      if (line.type() === 'error' || /content security|trusted type/i.test(line.text())) {
        this.complaints.push(line.text());
      }
    });
    page.on('pageerror', (error) => this.complaints.push(String(error)));
  }

  get composer(): Locator {
    return this.page.locator('[data-composer]');
  }

  get rooms(): Locator {
    return this.page.locator('[data-region="rooms"]');
  }

  get log(): Locator {
    return this.page.getByRole('log');
  }

  /** The texts of the open room's messages. */
  get texts(): Locator {
    return this.log.locator('.markdown');
  }

  /** The newest row with a text. */
  row(text: string | RegExp): Locator {
    return this.page.getByRole('article').filter({ hasText: text }).last();
  }

  /** Points at the newest message of a text until its tools are there: while the list moves, it may move away again. */
  async pointsAt(text: string | RegExp, options: Parameters<Locator['hover']>[0] = {}): Promise<Locator> {
    const row = this.row(text);
    await expect(async () => {
      await row.hover(options);
      await expect(row.getByRole('toolbar')).toBeVisible({ timeout: 1_000 });
    }).toPass();
    return row;
  }

  /** Taps the newest message of a text: its words, since the middle of its row may be the name of a person. */
  async taps(text: string | RegExp): Promise<void> {
    await this.log.getByText(text, { exact: true }).last().tap();
  }

  /** The heading of the open page. */
  title(name: string | RegExp): Locator {
    return this.page.getByRole('heading', { level: 1, name });
  }

  get dialog(): Locator {
    return this.page.locator('dialog[open]');
  }

  /** The question that is asked over everything else. */
  get question(): Locator {
    return this.dialog.last();
  }

  /**
   * Waits until the history has taken back the entries of what was closed, a step in which takes effect later, and has
   * only those of what is `open`.
   */
  async hasSettled(open = 0): Promise<void> {
    await expect.poll(() => this.page.evaluate(() => history.state?.depth ?? 0)).toBe(open);
  }

  /** Says yes to a question, and waits until it is gone. */
  async answers(act: string): Promise<void> {
    const open = await this.dialog.count();
    await this.question.getByRole('button', { name: act, exact: true }).click();
    await expect(this.dialog).not.toHaveCount(open);
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole('button', { name, exact: typeof name === 'string' });
  }

  /** Goes through the first run, and returns the invite link. */
  async setsUp(link: string, server = 'Acme'): Promise<string> {
    await this.page.goto(link);
    await this.page.getByLabel('Name of the server').fill(server);
    await this.page.getByLabel('Your name').fill(this.name);
    await this.page.getByLabel('Password').fill(password);
    await this.button('Set up').click();
    const invite = await this.page.getByRole('textbox', { name: 'Invite link' }).inputValue();
    await this.button('Done').click();
    await expect(this.page.locator('[data-region]').first()).toBeVisible();
    return invite;
  }

  async signsUp(invite: string): Promise<void> {
    await this.page.goto(invite);
    await this.page.getByLabel('Your name').fill(this.name);
    await this.page.getByLabel('Password').fill(password);
    await this.button('Create account').click();
    await expect(this.rooms).toBeVisible();
  }

  async signsIn(url: string, login: string, word = password): Promise<void> {
    await this.page.goto(url);
    await this.page.getByLabel('Sign-in name').fill(login);
    await this.page.getByLabel('Password').fill(word);
    await this.button('Sign in').click();
  }

  async opens(room: string): Promise<void> {
    await this.rooms.getByRole('link', { name: room }).click();
    await expect(this.page.getByRole('heading', { level: 1, name: room })).toBeVisible();
  }

  /** `shown` is what to look for when the text has markup, which is rendered at a moment of its own. */
  async sends(text: string, shown = text): Promise<void> {
    await this.composer.fill(text);
    await this.composer.press('Enter');
    await this.sees(shown);
  }

  /** Waits until the server has stored every own message. */
  async hasSent(): Promise<void> {
    await expect(this.log.locator('[data-row="pending"]')).toHaveCount(0);
  }

  async sees(text: string | RegExp): Promise<void> {
    await expect(this.log.getByText(text).first()).toBeVisible();
  }

  async seesNot(text: string | RegExp): Promise<void> {
    await expect(this.log.getByText(text)).toHaveCount(0);
  }

  async makesRoom(name: string): Promise<void> {
    await this.button('Create a room').click();
    await this.page.getByRole('menuitem', { name: 'Create a room' }).click();
    await this.dialog.getByLabel('Name').fill(name);
    await this.dialog.getByRole('button', { name: 'Create', exact: true }).click();
    await expect(this.page.getByRole('heading', { level: 1, name })).toBeVisible();
  }

  /**
   * The controls that are smaller than so many pixels. Links inside a text do not count, nor does the name of an author
   * beside a picture that is large enough and does the same.
   */
  smallTargets(least: number): Promise<string[]> {
    return this.page.evaluate((least) => {
      const targets = document.querySelectorAll<HTMLElement>(
        'button, a[href], input, select, textarea, [role="menuitem"], [role="option"], [data-person]:not(bdi)',
      );
      // What is pressed may be larger than what is seen.
      const boxOf = (one: HTMLElement) => {
        const { width, height } = one.getBoundingClientRect();
        const around = getComputedStyle(one, '::after');
        const px = (side: string) => Math.max(0, -Number.parseFloat(around.getPropertyValue(side)) || 0);
        return around.position === 'absolute' && around.content === '""'
          ? { width: width + px('left') + px('right'), height: height + px('top') + px('bottom') }
          : { width, height };
      };
      return [...targets].flatMap((one) => {
        // A box or a button to pick one has its whole line as a target.
        const line = one.matches('[type="radio"], [type="checkbox"]') ? one.closest('label') : null;
        const box = boxOf(line ?? one);
        const shown = one.checkVisibility({ visibilityProperty: true, opacityProperty: true });
        const inText = one.localName === 'a' && one.closest('p, .markdown');
        if (!shown || inText || one.closest('.hidden') || one.matches(':disabled')) {
          return [];
        }
        const small = box.width < least - 0.5 || box.height < least - 0.5;
        const name = one.getAttribute('aria-label') ?? one.textContent ?? '';
        return small ? [`${one.localName} ${name}: ${box.width.toFixed()}×${box.height.toFixed()}`] : [];
      });
    }, least);
  }

  /**
   * What does not fit: a page that scrolls sideways, words outside the window, text cut off without an
   * ellipsis.
   */
  cutOff(): Promise<string[]> {
    return this.page.evaluate(() => {
      const found: string[] = [];
      const wide = document.documentElement.scrollWidth - innerWidth;
      if (wide > 0) {
        found.push(`the page is ${wide} px too wide`);
      }
      const open = document.querySelector('dialog[open]') ?? document.body;
      for (const one of open.querySelectorAll<HTMLElement>('*')) {
        const style = getComputedStyle(one);
        const own = [...one.childNodes].some((node) => node instanceof Text && node.data.trim());
        const inside =
          one.closest('pre, table, .hidden, [class*="scrim"]') ?? one.querySelector('pre, table');
        if (
          inside ||
          [one, one.parentElement ?? one].some((box) => getComputedStyle(box).textOverflow === 'ellipsis') ||
          !one.checkVisibility({ visibilityProperty: true })
        ) {
          continue;
        }
        const box = one.getBoundingClientRect();
        const name = `${one.localName}.${one.className} “${(one.textContent ?? '').slice(0, 30)}”`;
        if (own && box.width && (box.right > innerWidth + 1 || box.left < -1)) {
          found.push(`${name} from ${box.left.toFixed()} to ${box.right.toFixed()}`);
        }
        if (own && style.overflowX !== 'visible' && one.scrollWidth > one.clientWidth + 1) {
          found.push(`${name} is cut by ${one.scrollWidth - one.clientWidth} px`);
        }
      }
      return found;
    });
  }
}
