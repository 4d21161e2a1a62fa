// Signing out, also without a connection.
import { expect, password, test } from './fixtures';

test('signing out offline survives a reload, and the server is told later', async ({ host, guest }) => {
  const ada = await guest(host);
  await expect(ada.composer).toBeVisible();
  await ada.page.evaluate(async () => {
    const ready = await navigator.serviceWorker.ready;
    while (ready.active?.state !== 'activated') {
      await new Promise(requestAnimationFrame);
    }
  });
  const cookie = (await ada.context.cookies()).map((one) => `${one.name}=${one.value}`).join('; ');
  const works = async () => (await fetch(`${host.server.api}/api/me`, { headers: { Cookie: cookie } })).ok;
  await ada.goesOffline();
  await ada.button('Acme: menu').click();
  await ada.page.getByRole('menuitem', { name: 'Sign out' }).click();
  await expect(ada.button('Sign in')).toBeVisible();
  await ada.hasSettled();
  await ada.page.reload();
  await expect(ada.button('Sign in')).toBeVisible();
  await expect(ada.composer).toHaveCount(0);
  expect(await works()).toBe(true);

  await ada.isBack();
  await expect.poll(works).toBe(false);
  await ada.page.reload();
  await expect(ada.title('Sign in to Acme')).toBeVisible();
});

test('signing out asks first while messages wait', async ({ host, guest }) => {
  const ada = await guest(host);
  await ada.opens('general');
  await ada.goesOffline();
  await ada.writes('Not sent yet', 'Nor this');
  const leave = async () => {
    await ada.button('Acme: menu').click();
    await ada.page.getByRole('menuitem', { name: 'Sign out' }).click();
    await expect(ada.dialog).toContainText('2 messages are not sent yet and would be lost.');
  };
  await leave();
  await ada.dialog.getByRole('button', { name: 'Cancel' }).click();
  await ada.sees('Not sent yet');
  await leave();
  await ada.dialog.getByRole('button', { name: 'Sign out' }).click();
  await expect(ada.button('Sign in')).toBeVisible();
});

test('the next person in the same tab sees nothing of the one before', async ({ host, guest, account }) => {
  const cai = await account('Cai Wen');
  const ada = await guest(host);
  await ada.opens('general');
  await ada.sends('Only Ada edits this');
  await ada.button(/^Show members/).click();
  await expect(ada.page.getByRole('complementary', { name: 'Members' })).toBeVisible();
  await ada.composer.press('ArrowUp');
  await expect(ada.page.getByRole('textbox', { name: 'Edit your message' })).toBeVisible();
  await ada.composer.fill('A draft of Ada');
  await ada.button('Acme: menu').click();
  await ada.page.getByRole('menuitem', { name: 'Sign out' }).click();
  await expect(ada.dialog).toContainText('1 draft would be lost');
  await ada.answers('Sign out');
  await expect(ada.button('Sign in')).toBeVisible();

  await ada.page.getByLabel('Sign-in name').fill(cai.user.name);
  await ada.page.getByLabel('Password').fill(password);
  await ada.button('Sign in').click();
  await expect(ada.composer).toHaveValue('');
  await ada.sees('Only Ada edits this');
  await expect(ada.page.getByRole('complementary', { name: 'Members' })).toHaveCount(0);
  await expect(ada.page.getByRole('textbox', { name: 'Edit your message' })).toHaveCount(0);
  await expect(ada.page.getByTitle('Draft')).toHaveCount(0);
  await expect(ada.page.getByRole('navigation')).toContainText('Cai Wen');
});
