// Back at a desk: it closes what lies over the page, as on a phone. A panel beside the room does not lie over it.
import { expect, test } from './fixtures';
import { goesBackOver, hasFocus, isAt, layers } from './layers';

test('menus, the picker, the switcher and a card; a page opened from one has its own entry', async ({
  host,
  account,
  guest,
}) => {
  const bob = await account('Bo');
  const [club, general] = [await host.makesRoom('club'), await host.room('general')];
  await bob.posts(general, 'Hello');
  const ada = await guest(host, `/r/${club.id}`);
  await ada.opens('general');
  const at = `/r/${general.id}`;
  await isAt(ada, 1, at);
  await ada.composer.fill('Half a thought');

  const row = ada.row('Hello');
  for (const name of ['More actions', 'Add a reaction']) {
    await ada.pointsAt('Hello');
    await row.getByRole('button', { name }).click();
    await expect(layers(ada)).toHaveCount(1);
    await isAt(ada, 2, at);
    await goesBackOver(ada);
    await hasFocus(row);
  }
  await row.getByText('Bo', { exact: true }).click();
  await isAt(ada, 2, at);
  await goesBackOver(ada);
  await ada.composer.focus();
  for (const keys of ['Control+k', 'Control+/']) {
    await ada.page.keyboard.press(keys);
    await expect(layers(ada)).toHaveCount(1);
    await isAt(ada, 2, at);
    await goesBackOver(ada);
    await hasFocus(ada.composer);
  }
  await ada.page.keyboard.press('Control+k');
  await ada.page.keyboard.type('club');
  await ada.page.keyboard.press('Enter');
  await expect(ada.title('club')).toBeVisible();
  await isAt(ada, 2, `/r/${club.id}`);
  await ada.page.goBack();
  await expect(ada.title('general')).toBeVisible();
  await expect(ada.composer).toHaveValue('Half a thought');
  await isAt(ada, 1, at);
});

test('the members beside the room have no entry; over it they have one while they are', async ({
  host,
  guest,
}) => {
  const [club, general] = [await host.makesRoom('club'), await host.room('general')];
  const ada = await guest(host, `/r/${club.id}`);
  await ada.opens('general');
  await ada.button(/^Show members/).click();
  await expect(layers(ada)).toHaveCount(1);
  await isAt(ada, 1, `/r/${general.id}`);
  await ada.page.setViewportSize({ width: 900, height: 800 });
  await isAt(ada, 2, `/r/${general.id}`);
  await ada.page.setViewportSize({ width: 1280, height: 800 });
  await isAt(ada, 1, `/r/${general.id}`);
  await ada.page.setViewportSize({ width: 900, height: 800 });
  await isAt(ada, 2, `/r/${general.id}`);
  await goesBackOver(ada);
  await ada.page.goBack();
  await expect(ada.title('club')).toBeVisible();
  await isAt(ada, 0, `/r/${club.id}`);
});

test('an older address of a section leads to it, and Back from there away', async ({ host, guest }) => {
  const general = await host.room('general');
  const ada = await guest(host, `/r/${general.id}`);
  await ada.page.evaluate(() => {
    const link = document.createElement('a');
    link.href = '/people';
    document.body.append(link);
    link.click();
    link.remove();
  });
  await isAt(ada, 1, '/server/people');
  await ada.page.goBack();
  await isAt(ada, 0, `/r/${general.id}`);
  await expect(ada.title('general')).toBeVisible();
});
