// The tokens of programs on a phone.
import { expect, isAccessible, test } from './fixtures';
import { Program } from './program';

test('a token is made by thumb, and nothing is cut off', async ({ host, guest }) => {
  const club = await host.makesRoom('a-room-with-a-name-that-is-rather-long');
  await Program.madeBy(host, {
    bot: 'builds-of-every-night',
    name: 'the machine in the basement beside the boiler',
    scopes: ['read', 'post', 'notify', 'admin'],
    room_ids: [club.id, (await host.room('general')).id],
    expires_in: 86_400,
  });
  const ada = await guest(host, '/server/programs');
  for (const width of [360, 320]) {
    await ada.page.setViewportSize({ width, height: 740 });
    await expect(ada.page.locator('[data-token]')).toHaveCount(1);
    expect(await ada.cutOff(), `settings, ${width} px`).toEqual([]);
    await ada.button('Make a token').tap();
    await ada.dialog.getByText('Only some rooms').tap();
    await expect(ada.dialog.getByRole('checkbox', { name: 'general' })).toBeVisible();
    expect(await ada.cutOff(), `form, ${width} px`).toEqual([]);
    await ada.dialog.getByRole('button', { name: 'Cancel' }).tap();
  }
  await ada.button('Make a token').tap();
  await ada.dialog.getByLabel('Login name of the program').fill('shop');
  await ada.dialog.getByText('Notify').first().tap();
  await ada.dialog.getByRole('button', { name: 'Make a token' }).tap();
  await expect(ada.page.getByRole('textbox', { name: 'Token' })).toHaveValue(/^parley_/);
  expect(await ada.cutOff(), 'secret').toEqual([]);
  await isAccessible(ada.page, 'secret on a phone');
});
