// The shell: rooms, people, the switcher, dialogs, settings.
import { stands } from './axe';
import { expect, password, test } from './fixtures';

test('one person makes a room; another finds it, looks into it and joins', async ({ owner, someone }) => {
  const bo = await someone('Bo');
  await bo.signsUp(owner.invite);
  await owner.makesRoom('design');
  await owner.sends('The first sketch');

  await bo.button('Browse rooms').click();
  await bo.dialog.getByRole('searchbox').fill('des');
  await bo.dialog.getByRole('button', { name: 'Open design' }).click();
  await bo.sees('The first sketch');
  await expect(bo.rooms.getByRole('link', { name: 'design' })).toHaveCount(0);
  await bo.button('Browse rooms').click();
  await bo.dialog.getByRole('button', { name: 'Join room design' }).click();
  await expect(bo.rooms.getByRole('link', { name: 'design' })).toBeVisible();
});

test('a taken room name shows an error at its field', async ({ owner }) => {
  owner.expected.push(/409/);
  await owner.button('Create a room').click();
  await owner.page.getByRole('menuitem', { name: 'Create a room' }).click();
  await owner.dialog.getByLabel('Name').fill('General');
  await owner.dialog.getByRole('button', { name: 'Create', exact: true }).click();
  await expect(owner.dialog.getByText('That name is taken.')).toBeVisible();
  await owner.page.keyboard.press('Escape');
  await expect(owner.dialog).toHaveCount(0);
});

test('the switcher finds rooms in two keys and Chinese names by pinyin', async ({ owner, someone }) => {
  const ming = await someone('小明');
  await ming.signsUp(owner.invite);
  await owner.makesRoom('design');
  await owner.opens('general');

  await owner.page.keyboard.press('Control+k');
  await owner.page.keyboard.type('de');
  await expect(owner.dialog.getByRole('option').first()).toHaveText(/design/);
  await owner.page.keyboard.press('Enter');
  await expect(owner.page.getByRole('heading', { level: 1, name: 'design' })).toBeVisible();

  for (const typed of ['小', 'xm']) {
    await owner.page.keyboard.press('Control+k');
    await owner.page.keyboard.type(typed);
    const first = owner.dialog.getByRole('option').first();
    await expect(first).toHaveText(/小明/);
    await expect(first).toHaveAttribute('aria-selected', 'true');
    await owner.page.keyboard.press('Escape');
    await expect(owner.dialog).toHaveCount(0);
  }
  await owner.page.keyboard.press('Control+k');
  await owner.page.keyboard.type('xm');
  await owner.page.keyboard.press('Enter');
  await expect(owner.page.getByRole('heading', { level: 1, name: '小明' })).toBeVisible();
  // Only the person who began it sees an empty direct room.
  await owner.opens('general');
  await expect(owner.rooms.getByRole('link', { name: '小明' })).toBeVisible();
  await expect(ming.rooms.getByRole('link', { name: /Ada/ })).toHaveCount(0);
});

test('nothing in the switcher moves while somebody chooses', async ({ host, account, guest }) => {
  const bo = await account('Bo');
  for (const name of ['one', 'two', 'three']) {
    await host.adds(await host.makesRoom(name), bo);
  }
  const one = await guest(bo, `/r/${(await host.room('general')).id}`);
  await one.page.keyboard.press('Control+k');
  const options = one.dialog.getByRole('option');
  await expect(options.last()).toHaveText(/Ada Lovelace/);
  const before = await options.locator('bdi:first-of-type').allInnerTexts();
  await one.page.keyboard.press('ArrowDown');
  const last = before.filter((name) => /^(one|two|three)$/.test(name)).at(-1) ?? '';
  await host.posts(await host.room(last), 'Hello');
  await expect(options.filter({ hasText: last })).toHaveText(/1 unread message/);
  await expect(options.locator('bdi:first-of-type')).toHaveText(before);
  await one.page.keyboard.press('Enter');
  await expect(one.page.getByRole('heading', { level: 1, name: before[1] })).toBeVisible();
});

test('unread rooms are bold with a dot, unread people have a number', async ({ owner, someone }) => {
  const bo = await someone('Bo');
  await bo.signsUp(owner.invite);
  await owner.makesRoom('design');
  await bo.opens('general');
  await bo.sends('One');
  const general = owner.rooms.getByRole('link', { name: /general/ });
  await expect(general).toHaveText(/1 unread message/);
  await expect(general).toHaveCSS('font-weight', '600');

  await bo.button('New conversation').first().click();
  await bo.dialog.getByText('Ada Lovelace').click();
  await bo.dialog.getByRole('button', { name: 'Start' }).click();
  await expect(bo.title('Ada Lovelace')).toBeVisible();
  await bo.sends('Psst');
  await bo.sends('Are you there?');
  await expect(owner.rooms.getByRole('link', { name: /Bo/ })).toHaveText(/2 unread messages/);
  await expect(owner.page).toHaveTitle(/^\(2\)/);

  await owner.page.keyboard.press('Alt+Shift+ArrowDown');
  await expect(owner.page.getByRole('heading', { level: 1, name: /Bo|general/ })).toBeVisible();
});

test('members: add, make owner, remove, write to, leave', async ({ owner, someone }) => {
  const bo = await someone('Bo');
  await bo.signsUp(owner.invite);
  await owner.makesRoom('design');
  await owner.button(/Show members/).click();
  const panel = owner.page.getByRole('complementary', { name: 'Members' });
  await panel.getByRole('button', { name: 'Add people' }).click();
  await owner.dialog.getByText('Bo', { exact: true }).click();
  await owner.dialog.getByRole('button', { name: 'Add', exact: true }).click();
  await expect(bo.rooms.getByRole('link', { name: 'design' })).toBeVisible();
  await expect(panel.getByText('2 · 2 online')).toBeVisible();

  await panel.getByRole('button', { name: /Bo/ }).click();
  const card = owner.page.getByRole('dialog', { name: 'More about Bo' });
  await card.getByRole('button', { name: 'Make owner of the room' }).click();
  await expect(owner.dialog).toContainText('Make Bo an owner of design?');
  await owner.dialog.getByRole('button', { name: 'Cancel' }).click();
  await expect(panel.getByRole('button', { name: /Bo/ })).not.toContainText('Owner');
  await panel.getByRole('button', { name: /Bo/ }).click();
  await card.getByRole('button', { name: 'Make owner of the room' }).click();
  await owner.dialog.getByRole('button', { name: 'Make owner of the room' }).click();
  await expect(panel.getByRole('button', { name: /Bo/ })).toContainText('Owner');
  await panel.getByRole('button', { name: /Bo/ }).click();
  await expect(card.getByRole('button', { name: 'Make member' })).toBeVisible();
  await card.getByRole('button', { name: 'Make member' }).click();
  await card.getByRole('button', { name: 'Remove from room' }).click();
  await owner.dialog.getByRole('button', { name: 'Remove from room' }).click();
  await expect(bo.rooms.getByRole('link', { name: 'design' })).toHaveCount(0);

  owner.expected.push(/409/);
  await panel.getByRole('button', { name: 'Leave room' }).click();
  await owner.dialog.getByRole('button', { name: 'Leave room' }).click();
  await expect(owner.rooms.getByRole('link', { name: 'design' })).toHaveCount(0);
});

test('the room settings rename a room for everyone', async ({ owner, someone }) => {
  const bo = await someone('Bo');
  await bo.signsUp(owner.invite);
  await owner.makesRoom('design');
  await owner.button(/Show members/).click();
  await owner.button('Room settings').click();
  await owner.dialog.getByLabel('Name').fill('designers');
  await owner.dialog.getByLabel(/Topic/).fill('Shapes and colors');
  await owner.dialog.getByRole('button', { name: 'Save' }).click();
  await expect(owner.page.getByRole('heading', { level: 1, name: 'designers' })).toBeVisible();
  await expect(owner.rooms.getByRole('link', { name: 'designers' })).toBeVisible();
});

test('invite links are made and revoked', async ({ owner, someone }) => {
  await owner.button('Acme: menu').click();
  await owner.page.getByRole('menuitem', { name: 'Invite people' }).click();
  await owner.dialog.getByRole('button', { name: 'Take back' }).click();
  await owner.answers('Take back');
  await expect(owner.dialog.getByText('No invite links')).toBeVisible();
  await owner.dialog.getByRole('button', { name: 'Make a link' }).click();
  const link = await owner.dialog.getByRole('textbox', { name: 'Invite link' }).inputValue();
  const bo = await someone('Bo');
  await bo.signsUp(link);

  const late = await someone('Late');
  late.expected.push(/404/);
  await late.page.goto(owner.invite);
  await expect(late.page.getByRole('heading', { name: 'This invite no longer works' })).toBeVisible();
});

test('profile and password', async ({ server, owner, someone }) => {
  const bo = await someone('Bo');
  await bo.signsUp(owner.invite);
  await bo.button('Settings').click();
  await bo.page.getByLabel('Your name').fill('Bo Chen');
  await bo.button('Save').click();
  await expect(bo.rooms.getByText('Bo Chen')).toBeVisible();

  bo.expected.push(/401/);
  await bo.page.getByRole('link', { name: 'Password' }).click();
  await bo.page.getByLabel('Current password').fill('wrong wrong');
  await bo.page.getByLabel('New password').fill('another long one');
  await bo.button('Change password').click();
  await expect(bo.page.getByText('That is not your current password.')).toBeVisible();
  await bo.page.getByLabel('Current password').fill(password);
  await bo.button('Change password').click();
  await expect(bo.page.getByText(/Password changed/)).toBeVisible();

  const again = await someone('Bo again');
  await again.signsIn(server.url, 'bo', 'another long one');
  await expect(again.rooms).toBeVisible();
});

test('the owner names the server, opens it, and makes admins', async ({ server, owner, someone }) => {
  const bo = await someone('Bo');
  await bo.signsUp(owner.invite);
  await owner.button('Acme: menu').click();
  await owner.page.getByRole('menuitem', { name: 'Server settings' }).click();
  await owner.page.getByRole('link', { name: 'General', exact: true }).click();
  await owner.page.getByLabel('Name', { exact: true }).fill('Acme Labs');
  await owner.button('Save').click();
  await expect(bo.button('Acme Labs: menu')).toBeVisible();
  const anyone = owner.page.getByRole('radio', { name: /Anyone/ });
  await owner.page.getByRole('radio', { name: /People with an invite/ }).press('ArrowDown');
  await owner.dialog.getByRole('button', { name: 'Cancel' }).click();
  await expect(anyone).not.toBeChecked();
  await expect(owner.page.getByRole('radio', { name: /People with an invite/ })).toBeChecked();
  await anyone.click();
  await owner.dialog.getByRole('button', { name: 'Let anyone in' }).click();
  await expect(anyone).toBeChecked();
  await expect(owner.page.getByText('Saved').first()).toBeVisible();
  await owner.page.getByRole('link', { name: 'People', exact: true }).click();
  await owner.page.getByRole('button', { name: 'Manage Bo' }).click();
  await owner.page.getByLabel('Role on the server').selectOption('admin');
  await bo.button('Acme Labs: menu').click();
  await expect(bo.page.getByRole('menuitem', { name: 'Invite people' })).toBeVisible();

  const cy = await someone('Cy');
  await cy.page.goto(server.url);
  await cy.page.getByRole('link', { name: 'Create an account' }).click();
  await cy.page.getByLabel('Your name').fill('Cy');
  await cy.page.getByLabel('Password').fill(password);
  await cy.button('Create account').click();
  await expect(cy.rooms).toBeVisible();
});

test('an unknown address shows a page that says so', async ({ server, owner }) => {
  await owner.page.goto(`${server.url}/nowhere/at/all`);
  await expect(owner.page.getByRole('heading', { name: 'Not found' })).toBeVisible();
  await owner.page.getByRole('link', { name: 'To the rooms' }).click();
  await expect(owner.rooms).toBeVisible();
});

test("the members are up to date after joining, and a message opens a person's card", async ({
  host,
  guest,
}) => {
  const club = await host.makesRoom('club');
  await host.posts(club, 'For everyone');
  const bo = await guest('Bo', `/r/${club.id}`);
  await bo.button(/^Show members/).click();
  const panel = bo.page.getByRole('complementary', { name: 'Members' });
  await expect(panel.getByRole('listitem')).toHaveText([/Ada Lovelace/]);
  await bo.button('Join room').click();
  await expect(panel.getByRole('listitem')).toHaveText([/Ada Lovelace/, /Bo/]);

  await bo.row('For everyone').getByText('Ada Lovelace').click();
  const card = bo.page.getByRole('dialog', { name: 'More about Ada Lovelace' });
  await expect(card.getByText('@ada-lovelace')).toBeVisible();
  await card.getByRole('button', { name: 'Message' }).click();
  await expect(bo.title('Ada Lovelace')).toBeVisible();
});

test('selecting text past the edge of a dialog does not close it; a click beside it does', async ({
  owner,
}) => {
  await owner.button('Create a room').click();
  await owner.page.getByRole('menuitem', { name: 'Create a room' }).click();
  const name = owner.dialog.getByLabel('Name');
  await name.fill('a-name-to-select');
  await stands(owner.page);
  const field = await name.boundingBox();
  const box = await owner.dialog.boundingBox();
  if (!field || !box) {
    throw new Error('no box');
  }
  const { mouse } = owner.page;
  await mouse.move(field.x + field.width / 2, field.y + field.height / 2);
  await mouse.down();
  await mouse.move(box.x - 60, field.y + field.height / 2, { steps: 5 });
  await mouse.up();
  await expect(owner.dialog).toBeVisible();
  await expect(name).toHaveValue('a-name-to-select');
  await mouse.click(box.x - 60, field.y);
  await expect(owner.dialog).toHaveCount(0);
});
