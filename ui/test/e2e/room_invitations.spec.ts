// Being asked before others add one to a room.
import { expect, isAccessible, test } from './fixtures';

const shots = process.env.ASKING_SHOTS;

test('a person wants to be asked, accepts one room and declines another', async ({
  host,
  account,
  guest,
}) => {
  const bo = await account('Bo Chen');
  const cai = await account('Cai Wen');
  await host.makesRoom('board', { kind: 'private', topic: 'Minutes' });
  await host.makesRoom('party', { kind: 'private' });
  const bos = await guest(bo, '/settings/invitations');
  const phone = await guest(bo, '/settings/invitations');
  await bos.page.getByLabel('Ask me first').check();
  await expect(bos.page.getByText('Saved')).toBeVisible();
  await expect(phone.page.getByLabel('Ask me first')).toBeChecked();
  await isAccessible(bos.page, 'the settings');
  if (shots) {
    await bos.page.getByLabel('Ask me first').scrollIntoViewIfNeeded();
    await bos.page.screenshot({ path: `${shots}/asking-settings-en.png` });
  }

  const ada = await guest(host);
  for (const [room, people, said] of [
    ['board', ['Bo Chen', 'Cai Wen'], '1 person added · Waiting for Bo Chen to accept.'],
    ['party', ['Bo Chen'], 'Waiting for Bo Chen to accept.'],
  ] as const) {
    await ada.opens(room);
    await ada.button(/^Show members/).click();
    await ada.page.getByRole('complementary').getByRole('button', { name: 'Add people' }).click();
    for (const name of people) {
      await ada.dialog.getByLabel(name).check();
    }
    await ada.dialog.getByRole('button', { name: 'Add', exact: true }).click();
    await expect(ada.page.getByText(said, { exact: true })).toBeVisible();
    const waiting = ada.page.getByRole('region', { name: 'Asked, not here yet' });
    await expect(waiting.getByRole('listitem')).toHaveText([/Bo Chen/]);
    await isAccessible(ada.page, 'members and who is asked');
    if (shots && room === 'board') {
      await ada.page.screenshot({ path: `${shots}/asking-add-en.png` });
    }
    await ada.page.keyboard.press('Escape');
    await expect(ada.page.getByRole('complementary', { name: 'Members' })).toHaveCount(0);
  }
  await ada.opens('board');
  await ada.sends('Not for Bo yet');

  const asked = (one: typeof bos) => one.rooms.getByRole('region', { name: 'Invitations to rooms' });
  await expect(asked(bos).getByRole('listitem')).toHaveCount(2);
  await expect(asked(bos).getByText('Ada Lovelace asks you to join')).toHaveCount(2);
  await expect(bos.rooms.getByRole('link', { name: 'board' })).toHaveCount(0);
  await isAccessible(bos.page, 'invitations');
  for (const colorScheme of ['light', 'dark'] as const) {
    await bos.page.emulateMedia({ colorScheme });
    await isAccessible(bos.page, `invitations, ${colorScheme}`);
    if (shots) {
      await bos.page.screenshot({ path: `${shots}/asking-invitations-${colorScheme}-en.png` });
    }
  }

  // Nobody but a member can take it back, so it asks.
  await bos.button('Decline: do not join party').press('Enter');
  await bos.question.getByRole('button', { name: 'Cancel' }).press('Enter');
  await expect(bos.button('Decline: do not join party')).toBeFocused();
  await expect(asked(bos).getByRole('listitem')).toHaveCount(2);
  await bos.button('Decline: do not join party').press('Enter');
  await expect(bos.question).toContainText('you must be asked again');
  await bos.answers('Decline');
  await expect(bos.page.getByText('Declined. Nobody is told.')).toBeVisible();
  await expect(asked(bos).locator(':focus')).toHaveCount(1);
  await expect(asked(phone).getByRole('listitem')).toHaveCount(1);
  await bos.page.reload();
  await expect(asked(bos).getByRole('listitem')).toHaveCount(1);
  await bos.button('Accept: join board').press('Enter');
  await expect(bos.title('board')).toBeVisible();
  await bos.sees('Not for Bo yet');
  await bos.sends('Here I am');
  await ada.sees('Here I am');
  for (const one of [bos, phone]) {
    await expect(asked(one)).toHaveCount(0);
    await expect(one.rooms.getByRole('link', { name: 'board' })).toBeVisible();
  }

  await ada.button('New conversation').first().click();
  await ada.dialog.getByLabel('Bo Chen').check();
  await ada.dialog.getByLabel('Cai Wen').check();
  await ada.dialog.getByRole('button', { name: 'Start' }).click();
  await expect(ada.page.getByText('Waiting for Bo Chen to accept.').last()).toBeVisible();
  await ada.sends('For three');
  await bos.button('Accept: join Ada Lovelace and Cai Wen').click();
  await bos.sees('For three');
  void cai;
});
