// One evening with Parley, from the first run to the next morning, without an error in any console.
import { expect, test } from './fixtures';

test('a group sets up, talks in every kind of room, corrects itself and comes back', async ({
  server,
  someone,
}) => {
  const ada = await someone('Ada Lovelace');
  const invite = await ada.setsUp(server.setupLink, 'Repair Café');
  const bo = await someone('Bo');
  await bo.signsUp(invite);

  // Both see the same order without a reload.
  await ada.opens('general');
  await bo.opens('general');
  const said = ['Good evening', 'Hi Ada!', 'The toaster is back', 'Does it toast?', 'It does'];
  for (const [at, text] of said.entries()) {
    const [by, other] = at % 2 ? [bo, ada] : [ada, bo];
    await by.sends(text);
    await other.sees(text);
  }
  await expect(ada.texts).toHaveText(said);
  await expect(bo.texts).toHaveText(said);

  // One person types, and the other sees it.
  await expect(async () => {
    await bo.composer.press('m');
    await expect(ada.page.getByText('Bo is typing…')).toBeVisible({ timeout: 5_000 });
  }).toPass();
  await ada.button(/^Show members/).click();
  const panel = ada.page.getByRole('complementary', { name: 'Members' });
  await expect(panel.getByText('2 · 2 online')).toBeVisible();
  await panel.getByRole('button', { name: 'Close' }).click();

  // A private room.
  await ada.button('Create a room').click();
  await ada.page.getByRole('menuitem', { name: 'Create a room' }).click();
  await ada.dialog.getByLabel('Name').fill('surprise');
  await ada.dialog.getByRole('radio', { name: /Only members/ }).check();
  await ada.dialog.getByRole('button', { name: 'Create', exact: true }).click();
  await expect(ada.title('surprise')).toBeVisible();
  await ada.sends('Cake for Bo on Friday');
  await expect(bo.rooms.getByRole('link', { name: 'surprise' })).toHaveCount(0);

  // Announcements are for everyone to read and for few to write.
  await ada.opens('announcements');
  await ada.sends('We meet on **Friday** at eight', 'at eight');
  await expect(bo.rooms.getByRole('link', { name: /announcements/ })).toHaveText(/1 unread message/);
  await bo.opens('announcements');
  await bo.sees('Friday');
  await expect(bo.log.locator('strong')).toHaveText('Friday');
  await expect(bo.page.getByText('Only Ada Lovelace can post here.')).toBeVisible();
  await expect(bo.composer).toHaveCount(0);

  // A direct room.
  await bo.button('New conversation').first().click();
  await bo.dialog.getByText('Ada Lovelace').click();
  await bo.dialog.getByRole('button', { name: 'Start' }).click();
  await bo.sends('Shall I bring cups?');
  await expect(ada.rooms.getByRole('link', { name: /Bo/ })).toHaveText(/1 unread message/);
  await expect(ada.page).toHaveTitle(/^\(1\)/);
  await ada.opens('Bo');
  await ada.sees('Shall I bring cups?');
  await expect(ada.page).not.toHaveTitle(/^\(/);
  await ada.sends('Pleese do');
  await bo.sees('Pleese do');
  await ada.hasSent();

  // An edit, a deletion, and a reaction.
  await ada.composer.press('ArrowUp');
  await ada.page.getByLabel('Edit your message').fill('Please do');
  await ada.page.keyboard.press('Enter');
  await bo.sees('Please do');
  await expect(bo.row('Please do').getByText('edited')).toBeVisible();
  await bo.pointsAt('Please do');
  await bo
    .row('Please do')
    .getByRole('button', { name: /^React with/ })
    .first()
    .click();
  await expect(ada.row('Please do').getByRole('button', { name: /1 reaction/ })).toBeVisible();
  await bo.sends('I mean glasses');
  await bo.pointsAt('I mean glasses');
  await bo.row('I mean glasses').getByRole('button', { name: 'More actions' }).click();
  await bo.page.getByRole('menuitem', { name: 'Delete message' }).click();
  await bo.dialog.getByRole('button', { name: 'Delete' }).click();
  await expect(ada.row('This message was deleted.')).toBeVisible();
  await ada.seesNot('I mean glasses');

  // The next morning nothing has changed.
  for (const one of [ada, bo]) {
    await one.page.reload();
    await one.sees('Please do');
    await expect(one.row('Please do').getByRole('button', { name: /1 reaction/ })).toBeVisible();
    await expect(one.row('This message was deleted.')).toBeVisible();
    await one.opens('general');
    await expect(one.texts).toHaveText(said);
  }
  // Bo's draft is still there.
  await expect(bo.composer).toHaveValue(/^m+$/);
});
