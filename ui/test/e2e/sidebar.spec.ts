// The list of rooms: closed sections, favorites, and what is unread out of sight.
import { crowdFlags } from './crowd';
import { expect, isAccessible, type Person, test } from './fixtures';
import { moves } from './still';

test.use({ flags: crowdFlags });

test('a closed section shows the open room and what is unread, and stays closed', async ({
  host,
  account,
  guest,
}) => {
  const bo = await account('Bo');
  const design = await host.makesRoom('design');
  await host.adds(design, bo);
  await host.makesRoom('empty');
  const general = await host.room('general');
  const ada = await guest(host, `/r/${general.id}`);
  const link = (name: string) => ada.rooms.getByRole('link', { name: new RegExp(`^${name}`) });
  await expect(link('design')).toBeVisible();
  const fold = ada.rooms.getByRole('button', { name: 'Rooms', exact: true });
  await fold.click();
  await expect(fold).toHaveAttribute('aria-expanded', 'false');
  await expect(link('design')).toHaveCount(0);
  await expect(link('general')).toBeVisible();
  await isAccessible(ada.page, 'closed section');
  await ada.page.reload();
  await expect(link('general')).toBeVisible();
  await expect(link('design')).toHaveCount(0);
  await bo.posts(design, 'Look at this');
  await expect(link('design')).toBeVisible();
  await expect(link('empty')).toHaveCount(0);
  await fold.click();
  await expect(link('empty')).toBeVisible();
});

const inFavorites = (one: Person) => one.rooms.getByRole('region', { name: 'Favorites' }).getByRole('link');

const chooses = async (one: Person, item: string) => {
  await one.page.getByRole('main').getByRole('button', { name: 'More actions' }).first().click();
  await one.page.getByRole('menuitem', { name: item }).click();
};

test('favorites stand first', async ({ host, account, guest }) => {
  const bo = await account('Bo');
  const talk = await host.writesTo(bo);
  await bo.posts(talk, 'Hello');
  const zoo = await host.makesRoom('zoo');
  const ada = await guest(host, `/r/${zoo.id}`);
  const first = ada.rooms.locator('[data-room]').first();
  await expect(first).toHaveText('announcements');
  const choose = (item: string) => chooses(ada, item);
  await choose('Add to favorites');
  await expect(first).toHaveText('zoo');
  await expect(ada.rooms.getByRole('heading', { name: 'Favorites' })).toBeVisible();
  await ada.opens('Bo');
  await choose('Add to favorites');
  await expect(ada.rooms.getByRole('region', { name: 'Favorites' }).getByRole('link')).toHaveCount(2);
  await ada.page.reload();
  await expect(first).toHaveText('zoo');
  await choose('Remove from favorites');
  await expect(ada.rooms.getByRole('region', { name: 'Favorites' }).getByRole('link')).toHaveCount(1);
});

test('favorites are the same on all devices of a person, at once and after coming back', async ({
  host,
  guest,
}) => {
  const [zoo, den] = [await host.makesRoom('zoo'), await host.makesRoom('den')];
  const [desk, phone] = [await guest(host, `/r/${zoo.id}`), await guest(host, `/r/${den.id}`)];
  await chooses(desk, 'Add to favorites');
  for (const one of [desk, phone]) {
    await expect(inFavorites(one)).toHaveText(['zoo']);
  }
  // The menu of the other device knows it too.
  await phone.opens('zoo');
  await phone.button('More actions').first().click();
  await expect(phone.page.getByRole('menuitem', { name: 'Remove from favorites' })).toBeVisible();
  await phone.page.keyboard.press('Escape');

  await phone.goesOffline();
  await desk.opens('den');
  await chooses(desk, 'Add to favorites');
  await expect(inFavorites(desk)).toHaveText(['den', 'zoo']);
  await desk.opens('zoo');
  await chooses(desk, 'Remove from favorites');
  await expect(inFavorites(desk)).toHaveText(['den']);
  await expect(inFavorites(phone)).toHaveText(['zoo']);
  // What cannot be done now is said, and changes nothing.
  await chooses(phone, 'Remove from favorites');
  await expect(phone.page.getByText('The server cannot be reached.')).toBeVisible();
  await expect(inFavorites(phone)).toHaveText(['zoo']);
  await phone.isBack();
  await expect(inFavorites(phone)).toHaveText(['den']);
});

test('the favorites that a browser has kept move to the server, once', async ({ host, account, guest }) => {
  const bo = await account('Bo');
  const [zoo, den] = [await host.makesRoom('zoo'), await host.makesRoom('den')];
  const theirs = await bo.makesRoom('theirs', { kind: 'private' });
  const old = await guest(host, `/r/${zoo.id}`);
  const marks = [zoo, den, theirs].map((room) => `${host.user.id}:${room.id}`);
  await old.page.evaluate(
    (favorites) => {
      localStorage.setItem('parley.prefs', JSON.stringify({ favorites }));
    },
    [...marks, `${bo.user.id}:${zoo.id}`],
  );
  const other = await guest(host, `/r/${zoo.id}`);
  await expect(inFavorites(other)).toHaveCount(0);
  await old.page.reload();
  for (const one of [old, other]) {
    await expect(inFavorites(one)).toHaveText(['den', 'zoo']);
  }
  const kept = () =>
    old.page.evaluate(() => JSON.parse(localStorage.getItem('parley.prefs') ?? '{}').favorites);
  // Those of somebody else who uses the browser wait until they sign in.
  await expect.poll(kept).toEqual([`${bo.user.id}:${zoo.id}`]);
  await chooses(other, 'Remove from favorites');
  await expect(inFavorites(old)).toHaveText(['den']);
  await old.page.reload();
  await expect(inFavorites(old)).toHaveText(['den']);
  await expect(inFavorites(other)).toHaveText(['den']);
});

test('pills lead to unread rooms above and below what is in sight', async ({ host, account, guest }) => {
  const bo = await account('Bo');
  const made = [];
  for (let n = 10; n < 40; n++) {
    made.push(await host.makesRoom(`room-${n}`));
  }
  const [first, last] = [made[0], made.at(-1)];
  if (!first || !last) {
    throw new Error('no rooms');
  }
  await host.adds(first, bo);
  await host.adds(last, bo);
  const general = await host.room('general');
  const ada = await guest(host, `/r/${general.id}`, { viewport: { width: 1280, height: 600 } });
  const pill = ada.button('More unread');
  await expect(ada.rooms.getByRole('link', { name: 'room-10' })).toBeVisible();
  await expect(pill).toHaveCount(0);
  await bo.posts(last, 'Down here');
  await pill.click();
  await expect(ada.rooms.getByRole('link', { name: /^room-39/ })).toBeInViewport({ ratio: 1 });
  await expect(pill).toHaveCount(0);
  await bo.posts(first, 'Up here');
  await expect(pill).toBeVisible();
  await isAccessible(ada.page, 'pill over the rooms');
  await pill.click();
  await expect(ada.rooms.getByRole('link', { name: /^room-10/ })).toBeInViewport({ ratio: 1 });

  // No row that the keys come to is under it.
  await ada.rooms.getByRole('link', { name: 'general' }).focus();
  await bo.posts(last, 'Down here again');
  await expect(pill).toBeVisible();
  const covered = () =>
    ada.page.evaluate(() => {
      const row = document.activeElement as Element;
      const { x, y, width, height } = row.getBoundingClientRect();
      const hit = document.elementFromPoint(x + width / 2, y + height / 2);
      return hit && !row.contains(hit) ? `${row.textContent} is under ${hit.textContent}` : '';
    });
  for (let row = 0; row < 20; row++) {
    await ada.page.keyboard.press('ArrowDown');
    expect(await covered()).toBe('');
  }
});

const phone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };

for (const [device, options] of Object.entries({ 'a desk': {}, 'a phone': phone })) {
  test(`no row moves, comes or goes while somebody is at the list, on ${device}`, async ({
    host,
    account,
    guest,
  }) => {
    const [bo, cy, dee] = [await account('Bo'), await account('Cy'), await account('Dee')];
    const design = await host.makesRoom('design');
    await host.adds(design, bo);
    const talk = await host.writesTo(bo);
    await bo.posts(talk, 'Hello');
    await cy.posts(await host.writesTo(cy), 'Hello');
    const general = await host.room('general');
    const ada = await guest(host, options === phone ? '/' : `/r/${general.id}`, options);
    const { page } = ada;
    const rows = ada.rooms.locator('[data-room]');
    const names = async () => (await rows.locator('bdi').allTextContents()).join(' ');
    const fold = ada.rooms.getByRole('button', { name: 'Rooms', exact: true });
    await fold.press('Enter');
    await ada.composer
      .or(ada.rooms.getByRole('button', { name: /: menu$/ }))
      .first()
      .press('Shift');
    const open = options === phone ? '' : 'general ';
    await expect.poll(names).toBe(`${open}Cy Bo`);

    const list = ada.rooms.locator('[class*="RoomList_list"]');
    const { x, y, height } = (await list.boundingBox()) ?? { x: 0, y: 0, height: 0 };
    const at = { x: x + 20, y: y + height - 8 };
    const leaves = await moves((step) =>
      options === phone ? page.touchscreen.tap(at.x, at.y + step) : page.mouse.move(at.x, at.y + step),
    );
    await bo.posts(talk, 'Are you there?');
    await bo.posts(design, 'Look at this');
    await dee.posts(await dee.writesTo(host), 'I am new');
    // The badge says that it is here.
    await expect(rows.filter({ hasText: 'Bo' })).toContainText('2');
    await expect(rows.filter({ hasText: 'Cy' })).toContainText('1');
    expect(await names()).toBe(`${open}Cy Bo`);
    await leaves();
    if (options !== phone) {
      await page.mouse.move(900, 300);
    }
    await expect.poll(names).toBe(`${options === phone ? 'design' : 'design general'} Dee Bo Cy`);
  });
}

test('a pointer that rests on the list does not hold it for ever', async ({ host, account, guest }) => {
  const [bo, cy] = [await account('Bo'), await account('Cy')];
  const talk = await host.writesTo(bo);
  await bo.posts(talk, 'Hello');
  await cy.posts(await host.writesTo(cy), 'Hello');
  const ada = await guest(host, `/r/${(await host.room('general')).id}`);
  const names = ada.rooms.locator('[data-room] bdi');
  await expect(names).toHaveText(['announcements', 'general', 'Cy', 'Bo']);
  await names.last().hover();
  await bo.posts(talk, 'Are you there?');
  await expect(names).toHaveText(['announcements', 'general', 'Bo', 'Cy']);
});
