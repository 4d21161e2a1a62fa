// Looking after rooms: archiving, deleting, taking people out, hiding and leaving.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, isAccessible, type Person, test } from './fixtures';
import { keepsStill } from './still';

/** Where pictures go, for people to look at. */
const shots = process.env.SHOTS;

async function shoots(one: Person, name: string): Promise<void> {
  if (shots) {
    mkdirSync(shots, { recursive: true });
    await one.page.screenshot({ path: join(shots, `rooms-${name}.png`), animations: 'disabled' });
  }
}

test('the owner archives and deletes a room that they do not see, and takes people out', async ({
  host,
  account,
  guest,
}) => {
  const [bo, cy] = [await account('Bo'), await account('Cy')];
  const room = await cy.makesRoom('topsecret', { kind: 'private' });
  await cy.adds(room, bo);
  await cy.posts(room, 'Our plan');
  const member = await guest(bo, `/r/${room.id}`);
  const owner = await guest(host, '/server/rooms');
  const row = owner.page.getByRole('listitem').filter({ hasText: `Room ${room.id}` });
  await expect(row).toContainText('private room · 2 members · 1 message');
  await expect(row).toContainText('Owners: Cy');
  await host.ask('POST', `/users/${cy.user.id}/deactivate`, { messages: 'keep' });
  await expect(row).toContainText('Owners: Cy (deactivated)');
  await expect(owner.page.getByText('topsecret')).toHaveCount(0);
  await isAccessible(owner.page, 'all rooms');
  await shoots(owner, 'all-desktop');

  const look = row.getByRole('button', { name: `Look after Room ${room.id}` });
  await look.press('Enter');
  await expect(owner.dialog.getByText('People in it')).toBeVisible();
  await isAccessible(owner.page, 'looking after a room');
  await shoots(owner, 'look-after-desktop');
  await owner.dialog.getByRole('button', { name: 'Archive' }).click();
  await expect(row).toContainText('Archived');
  await expect(look).toBeFocused();
  await expect(member.page.getByText('This room is archived.')).toBeVisible();
  await expect(member.composer).toHaveCount(0);
  await shoots(member, 'archived-desktop');

  await look.press('Enter');
  await owner.dialog.getByRole('button', { name: 'Take out Bo' }).click();
  await owner.answers('Take out');
  await expect(owner.page.getByText('Bo is no longer in the room.')).toBeVisible();
  await expect(member.page.getByRole('link', { name: /topsecret/ })).toHaveCount(0);

  const remove = owner.dialog.getByRole('button', { name: 'Delete for ever' });
  await expect(remove).toBeDisabled();
  await owner.dialog.getByLabel(`Type ${room.id}`).fill(String(room.id));
  await remove.click();
  await expect(row).toHaveCount(0);
});

test('a room that the owner sees is deleted by its name, and not by a number that stands nowhere', async ({
  host,
  account,
  guest,
}) => {
  const room = await (await account('Bo')).makesRoom('talk');
  const owner = await guest(host, '/server/rooms');
  await owner.button('Look after talk').press('Enter');
  const remove = owner.dialog.getByRole('button', { name: 'Delete for ever' });
  await owner.dialog.getByLabel('Type talk').fill(String(room.id));
  await expect(remove).toBeDisabled();
  await owner.dialog.getByLabel('Type talk').fill('talk');
  await remove.click();
  await expect(owner.page.locator(`[data-kept="${room.id}"]`)).toHaveCount(0);
});

test('the button that closes a room looked after stays while the people in it come', async ({
  host,
  account,
  guest,
}) => {
  const room = await host.room('general');
  await account('Bo');
  const owner = await guest(host, '/server/rooms', { viewport: { width: 390, height: 844 } });
  let come = () => {};
  const held = new Promise<void>((go) => {
    come = go;
  });
  await owner.page.route(`**/api/server/rooms/${room.id}/members*`, (route) =>
    held.then(() => route.continue()),
  );
  await owner.button('Look after general').click();
  await keepsStill(owner.page, 'the people come', async () => {
    come();
    await expect(owner.dialog.getByRole('button', { name: 'Take out Bo' })).toBeAttached();
  });
});

test('the owner names an owner of a room that they are not in, and makes it private', async ({
  host,
  account,
  guest,
}) => {
  const [bo, cy] = [await account('Bo'), await account('Cy')];
  const club = await cy.makesRoom('club');
  await cy.adds(club, bo);
  const owner = await guest(host, '/server/rooms');
  const row = owner.page.getByRole('listitem').filter({ hasText: 'Owners: Cy' });
  await expect(row).toContainText('club');
  await row.getByRole('button', { name: 'Look after club' }).press('Enter');

  await owner.dialog.getByLabel('What Bo is in the room').selectOption('owner');
  await expect(owner.page.getByText('Saved', { exact: true })).toBeVisible();
  await expect.poll(async () => (await bo.room('club')).role).toBe('owner');

  await owner.dialog.getByRole('button', { name: 'Make private' }).click();
  await owner.answers('Make private');
  await expect.poll(async () => (await cy.room('club')).kind).toBe('private');
  await expect(owner.page.getByText('club')).toHaveCount(0); // they are not in it, so its name is not theirs to see
});

test('the owner of a room archives it, brings it back, and deletes it by thumb, in Chinese', async ({
  account,
  guest,
}) => {
  const bo = await account('Bo');
  const room = await bo.makesRoom('项目');
  await bo.posts(room, 'Hello');
  const phone = { viewport: { width: 360, height: 740 }, hasTouch: true, locale: 'zh-CN' };
  const owner = await guest(bo, `/r/${room.id}`, phone);
  owner.expected.push(/404/); // the room that is open is gone
  const keep = async () => {
    await owner.page.getByRole('button', { name: '更多操作' }).tap();
    await owner.page.getByRole('menuitem', { name: '房间设置' }).tap();
  };
  const more = () => owner.dialog.getByRole('button', { name: '归档或删除…' }).tap();
  await keep();
  await shoots(owner, 'settings-phone');
  await more();
  await expect(owner.dialog).toContainText('删除之前请先归档');
  await shoots(owner, 'own-phone');
  await owner.dialog.getByRole('button', { name: '归档' }).tap();
  await expect(owner.page.getByText('此房间已归档，可以阅读，但不能发言。')).toBeVisible();
  await shoots(owner, 'archived-phone');
  await keep();
  await owner.dialog.getByRole('button', { name: '恢复使用' }).tap();
  await expect(owner.composer).toBeVisible();
  await keep();
  await more();
  await owner.dialog.getByRole('button', { name: '归档' }).tap();
  await expect(owner.composer).toHaveCount(0);
  await keep();
  await owner.dialog.getByLabel('输入 项目').fill('项目');
  await shoots(owner, 'delete-phone');
  await owner.dialog.getByRole('button', { name: '永久删除' }).tap();
  await expect(owner.page.getByText('房间已删除。')).toBeVisible();
});

test('a conversation of two is hidden until something new is said; a group is left', async ({
  account,
  guest,
}) => {
  const [bo, cy, di] = [await account('Bo'), await account('Cy'), await account('Di')];
  const pair = await bo.writesTo(cy);
  const group = await bo.writesTo(cy, di);
  await bo.posts(pair, 'Hello Cy');
  await bo.posts(group, 'Hello both');
  const one = await guest(cy, `/r/${pair.id}`);
  await one.page.getByRole('button', { name: /Show members/ }).click();
  await expect(one.page.getByRole('button', { name: 'Leave room' })).toHaveCount(0);
  await one.page.getByRole('button', { name: 'Hide until something new is said' }).click();
  const listed = one.rooms.getByRole('link', { name: /Bo/ });
  await expect(listed.filter({ hasNotText: 'Di' })).toHaveCount(0);
  await bo.posts(pair, 'Are you there?');
  await expect(listed.filter({ hasNotText: 'Di' })).toHaveCount(1);

  await one.rooms.getByRole('link', { name: /Di/ }).click();
  await one.page.getByRole('button', { name: /Show members/ }).click();
  await one.page.getByRole('button', { name: 'Leave room' }).click();
  await expect(one.dialog).toContainText('The others keep the conversation.');
  await one.dialog.getByRole('button', { name: 'Leave room' }).click();
  await expect(one.rooms.getByRole('link', { name: /Di/ })).toHaveCount(0);
});
