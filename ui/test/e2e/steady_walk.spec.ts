// Every form, dialog and menu: each button is pressed with nothing filled in, with what is wrong, and with what is
// right, and nothing that one may press moves.
import type { Locator } from '@playwright/test';
import { expect, type Guest, type Person, password, test } from './fixtures';
import { keepsStill, settles } from './still';

const touch = { isMobile: true, hasTouch: true };
// Every width, and both languages.
const looks = [
  { viewport: { width: 320, height: 568 }, locale: 'en-US', ...touch },
  { viewport: { width: 390, height: 844 }, locale: 'zh-CN', ...touch },
  { viewport: { width: 1_280, height: 800 }, locale: 'en-US' },
];

/** A person's controls, by what they are and not by their words, which are in two languages. */
class Walk {
  constructor(readonly one: Person) {}

  get page() {
    return this.one.page;
  }

  /** The topmost dialog. */
  get dialog(): Locator {
    return this.page.locator('dialog[open]').last();
  }

  /** The buttons at the end of the topmost dialog: first what gives up, last what does it. */
  get last(): Locator {
    return this.dialog.locator('footer button').last();
  }

  get closes(): Locator {
    return this.dialog.locator('header button');
  }

  get submit(): Locator {
    return this.page.locator('main form button[type="submit"]:visible');
  }

  field(name: string): Locator {
    return this.page.locator(`main input[name="${name}"]:not(.hidden):visible`);
  }

  async press(what: string, button: Locator): Promise<void> {
    await button.scrollIntoViewIfNeeded();
    const underToast = () =>
      button.evaluate((one) => {
        const { x, y, width, height } = one.getBoundingClientRect();
        return Boolean(
          document.elementFromPoint(x + width / 2, y + height / 2)?.closest('[class~="Toast_toast"]'),
        );
      });
    if (await underToast()) {
      await this.page.mouse.move(0, 0); // a toast stays while the pointer is over it
      await expect.poll(underToast).toBe(false);
    }
    await keepsStill(this.page, what, () => button.click());
  }

  async goes(path: string): Promise<void> {
    // As a link in the page does.
    await this.page.evaluate((to) => {
      const link = document.createElement('a');
      link.href = to;
      document.body.append(link);
      link.click();
      link.remove();
    }, path);
    await settles(this.page);
  }

  async item(n: number): Promise<void> {
    const item = this.page.locator(':popover-open [role="menuitem"]').nth(n);
    await this.press(`item ${n} of the menu`, item);
  }

  async gone(): Promise<void> {
    await expect(this.page.locator('dialog[open], :popover-open')).toHaveCount(0);
    await settles(this.page);
  }
}

for (const look of looks) {
  const where = `${look.viewport.width} px, ${look.locale}`;

  test(`before signing in: ${where}`, async ({ server, someone }) => {
    const ada = await someone('Ada', look);
    ada.expected.push(/400|401|403|404|409|422|429/);
    const walk = new Walk(ada);
    const { page } = ada;
    await page.goto(server.setupLink);
    const fields = page.locator('main input');
    await walk.press('set-up, nothing filled in', walk.submit);
    await fields.first().fill('Acme');
    await walk.field('name').fill('Ada');
    await walk.field('username').fill('123');
    await walk.field('password').fill('short');
    await walk.press('set-up, a short password', walk.submit);
    await walk.field('password').fill(password);
    await walk.press('set-up, a name of digits', walk.submit);
    await walk.field('username').fill('ada');
    await walk.submit.click();
    const invite = await page.locator('main input[readonly]').inputValue();
    await walk.press('copying the invite', page.locator('main button').first());
    await page.locator('main button').last().click();
    await expect(page.locator('[data-region]').first()).toBeVisible();

    const bo = await someone('Bo', look);
    bo.expected.push(/400|401|403|404|409|422|429/);
    const second = new Walk(bo);
    await bo.page.goto(invite);
    await second.press('registration, nothing filled in', second.submit);
    await second.field('name').fill('Bo');
    await second.field('username').fill('123');
    await second.field('password').fill('short');
    await second.press('registration, a short password', second.submit);
    await second.field('password').fill(password);
    await second.press('registration, a name of digits', second.submit);
    await second.field('username').fill('ada');
    await second.press('registration, a name that is taken', second.submit);
    await bo.page.goto(server.url);
    await second.press('signing in, nothing filled in', second.submit);
    await second.field('username').fill('ada');
    await second.press('signing in, no password', second.submit);
    await second.field('password').fill('not the password');
    await second.press('signing in, a wrong password', second.submit);
    // Until there were too many.
    const alert = bo.page.getByRole('alert');
    const first = await alert.textContent();
    await keepsStill(bo.page, 'signing in, too often', async () => {
      while ((await alert.textContent()) === first) {
        await second.submit.click();
        await settles(bo.page);
      }
    });
  });

  test(`settings: ${where}`, async ({ host, account, guest }) => {
    const bo = await account('Bo');
    await account('Cleo');
    const room = await host.room('general');
    const said = await bo.posts(room, 'Look at this');
    await host.ask('POST', `/rooms/${room.id}/messages/${said.seq}/report`, { reason: 'It is unkind' });
    const ada: Guest = await guest(host, '/', look);
    ada.expected.push(/400|401|403|404|409|422|429/);
    const walk = new Walk(ada);
    const { page } = ada;
    await settles(page);

    await walk.goes('/settings/profile');
    await walk.field('name').fill('');
    await walk.press('profile, nothing filled in', walk.submit);
    await walk.field('name').fill('Ada L.');
    await walk.press('profile, a name', walk.submit);
    await walk.goes('/settings/password');
    await walk.press('password, nothing filled in', walk.submit);
    await walk.field('current-password').fill('not the password');
    await walk.field('new-password').fill(password);
    await walk.press('password, a wrong one', walk.submit);
    await walk.field('current-password').fill(password);
    await walk.press('password, the right one', walk.submit);
    for (const section of ['appearance', 'accessibility', 'invitations']) {
      await walk.goes(`/settings/${section}`);
      const choices = page.locator('main section input:is([type="radio"], [type="checkbox"]):visible');
      // Not another language.
      for (const choice of (await choices.all()).slice(0, 3)) {
        await walk.press(`${section}: a choice`, choice);
      }
    }

    await walk.goes('/server/general');
    const name = page.locator('main section form input:visible').first();
    await name.fill('');
    await walk.press('the name of the server, nothing', walk.submit);
    await name.fill('Acme & Co');
    await walk.press('the name of the server', walk.submit);
    for (const choice of await page.locator('main section input[type="radio"]:visible').all()) {
      await walk.press('who may join', choice);
      if ((await choice.inputValue()) === 'open') {
        await walk.press('anyone may', walk.last);
        await expect(walk.dialog).toHaveCount(0);
      }
    }

    await walk.goes('/server/people');
    await keepsStill(page, 'Manage opens', () => page.locator(`[data-account="${bo.user.id}"]`).click());
    // With another role the links end.
    await keepsStill(page, 'another role', () => walk.dialog.locator('select').selectOption('admin'));
    const acts = walk.dialog.locator('button:not(header button, [role="status"] button)');
    await walk.press('a link for a new password', acts.nth(0));
    await expect(walk.dialog.locator('input[readonly]')).toHaveValue(/reset#/);
    const reset = await walk.dialog.locator('input[readonly]').inputValue();
    await walk.press('copying it', acts.last());
    for (const n of [1, 2]) {
      await walk.press('a question', acts.nth(n));
      await walk.press('the question is answered by no', walk.dialog.locator('footer button').first());
    }
    await walk.press('signing out everywhere', acts.nth(1));
    await walk.press('yes', walk.last);
    await walk.closes.click();
    await walk.gone();
    const search = page.locator('main section input[type="search"]:visible');
    await keepsStill(page, 'searching for people', () => search.fill('Zo'), 'li');
    await search.fill('');

    await walk.goes('/server/invites');
    await walk.press('a new invite', page.locator('main section button:visible').first());
    await walk.press(
      'the invite is copied',
      walk.dialog.locator('button:not(header button, footer button, [role="status"] button)'),
    );
    await walk.press('the invite is done', walk.last);
    await walk.gone();
    await walk.press('taking a link back', page.locator('main section li button:visible').first());
    await walk.press('yes', walk.last);
    await walk.gone();

    await walk.goes('/server/programs');
    await walk.press('a new token', page.locator('main section button:visible').first());
    await walk.press('a token, nothing filled in', walk.last);
    await walk.dialog.locator('input').first().fill('123');
    await walk.dialog.locator('input[type="checkbox"]').first().check();
    for (const choice of await walk.dialog.locator('input[type="radio"]').all()) {
      await walk.press('where it may be', choice);
    }
    await walk.press('a token, no room', walk.last);
    await walk.dialog.locator('input[type="radio"]').first().check();
    await walk.press('a token, a name of digits', walk.last);
    await walk.dialog.locator('input').first().fill('bo');
    await walk.press('a token, the name of a person', walk.last);
    await walk.dialog.locator('input').first().fill('builds');
    await walk.press('a token', walk.last);
    await walk.gone();
    const done = page.locator('main section button:visible').last();
    await walk.press('the token is done', done);

    await walk.goes('/server/reports');
    await walk.press('a report', page.locator('main section li button:visible').first());
    await settles(page);
    await walk.press('deleting what was reported', walk.dialog.locator('footer button').first());
    await walk.press('no', walk.dialog.locator('footer button').first());
    await walk.press('the report is closed', walk.last);
    await walk.gone();

    await walk.goes('/server/rooms');
    await walk.press('a room', page.locator('main section li button:visible').first());
    await walk.press('it is closed', walk.last);
    await walk.gone();
    await walk.goes('/server/audit');

    // The page behind the link.
    const bos = await guest(bo, '/', look);
    bos.expected.push(/400|401|404|422/);
    await bos.page.goto(reset);
    const chooses = new Walk(bos);
    await chooses.press('a new password, nothing', chooses.submit);
    await chooses.field('new-password').fill('short');
    await chooses.press('a new password, a short one', chooses.submit);
  });

  test(`rooms: ${where}`, async ({ host, account, guest }) => {
    const bo = await account('Bo');
    await account('Cleo');
    const general = await host.room('general');
    await host.makesRoom('design');
    await bo.makesRoom('garden');
    await bo.posts(general, 'From Bo');
    await host.posts(general, 'From Ada');
    const ada = await guest(host, '/', look);
    ada.expected.push(/400|401|403|404|409|422|429/);
    const walk = new Walk(ada);
    const { page } = ada;
    await settles(page);
    const phone = look.viewport.width < 700;
    const rooms = phone ? '/' : `/r/${general.id}`;
    await walk.goes(rooms);

    const head = page.locator('[data-region="rooms"] > header button');
    await walk.press('the menu of the server', head.first());
    await keepsStill(page, 'the menu closes', () => page.keyboard.press('Escape'));
    const plus = page.locator('[data-region="rooms"] [aria-haspopup="menu"]').nth(1);
    await walk.press('the menu of rooms', plus);
    await walk.item(0);
    await walk.press('a room without a name', walk.last);
    await walk.dialog.locator('input').first().fill('general');
    await walk.press('a room with a name that is taken', walk.last);
    await walk.dialog.locator('input').first().fill('123');
    await walk.press('a room with a name of digits', walk.last);
    for (const choice of await walk.dialog.locator('input[type="radio"]').all()) {
      await walk.press('public or private', choice);
    }
    await walk.dialog.locator('input').first().fill('tea');
    await walk.press('a room', walk.last);
    await walk.gone();

    await walk.goes(rooms);
    await walk.press('the menu of rooms', plus);
    await walk.item(1);
    await keepsStill(
      page,
      'searching for rooms',
      async () => {
        await walk.dialog.locator('input').fill('gar');
        await expect(walk.dialog.locator('li')).toHaveCount(1);
      },
      'li',
    );
    await walk.dialog.locator('input').fill('');
    await expect(walk.dialog.locator('li')).not.toHaveCount(1);
    await walk.press('making one instead', walk.last);
    await walk.press('giving up', walk.dialog.locator('footer button').first());
    await walk.gone();

    await walk.press('a conversation', head.last());
    for (const person of await walk.dialog.locator('input[type="checkbox"]').all()) {
      await walk.press('a person is picked', person);
    }
    await walk.press('the last is picked no more', walk.dialog.locator('input[type="checkbox"]').last());
    await keepsStill(
      page,
      'searching for people',
      async () => {
        await walk.dialog.locator('input[type="search"]').fill('Cl');
        await expect(walk.dialog.locator('input[type="checkbox"]')).toHaveCount(1);
      },
      'li',
    );
    await walk.press('the conversation begins', walk.last);
    await walk.gone();

    await walk.goes(`/r/${general.id}`);
    await ada.sees('From Bo');
    const bar = page.locator('main header').first();
    for (const button of await bar.locator('[aria-haspopup="menu"]').all()) {
      await walk.press('the menu of the room', button);
      await keepsStill(page, 'it closes', () => page.keyboard.press('Escape'));
    }
    const members = bar.locator('[aria-expanded]:not([aria-haspopup="menu"]), [aria-pressed]').last();
    await members.click();
    const panel = page.locator('[data-region="panel"]');
    await expect(panel).toBeVisible();
    await walk.press('a member', panel.locator('li button').first());
    await keepsStill(page, 'the card closes', () => page.keyboard.press('Escape'));
    await walk.press('the room is edited', panel.locator('div > button').nth(1));
    await walk.dialog.locator('input').first().fill('');
    await walk.press('without a name', walk.last);
    await walk.dialog.locator('input').first().fill('design');
    await walk.press('with a name that is taken', walk.last);
    await walk.press('archiving and more', walk.dialog.locator('form button').first());
    await walk.closes.click();
    await walk.gone();
    await walk.press('leaving', panel.locator('footer button').last());
    await walk.press('no', walk.dialog.locator('footer button').first());
    await walk.gone();
    await panel.locator('header button').last().click();
    await expect(panel).toHaveCount(0);
  });
}
