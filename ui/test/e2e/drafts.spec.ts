// Drafts.
import { expect, password, test } from './fixtures';

test('each room keeps its draft when another room opens and after a reload; the list shows a pencil', async ({
  host,
  guest,
}) => {
  await host.makesRoom('design');
  const ada = await guest(host);
  await ada.opens('general');
  await ada.composer.fill('For general');
  await ada.opens('design');
  await expect(ada.composer).toHaveValue('');
  await expect(ada.rooms.getByRole('link', { name: 'general Draft' })).toBeVisible();
  await ada.composer.fill('For design');
  await ada.opens('general');
  await expect(ada.composer).toHaveValue('For general');
  await ada.page.reload();
  await expect(ada.composer).toHaveValue('For general');
  await expect(ada.rooms.getByRole('link', { name: 'design Draft' })).toBeVisible();
  await ada.opens('design');
  await expect(ada.composer).toHaveValue('For design');
  await ada.composer.press('Enter');
  await ada.sees('For design');
  await ada.opens('general');
  await expect(ada.rooms.getByRole('link', { name: 'design' })).not.toHaveText(/Draft/);
  // Sending deletes the draft, also on disk.
  await ada.page.reload();
  await ada.opens('design');
  await expect(ada.composer).toHaveValue('');
});

for (const [when, waits] of [
  ['right after typing', false],
  ['once the write has begun', true],
] as const) {
  test(`a reload ${when} keeps the draft, although the browser drops the write`, async ({ host, guest }) => {
    const ada = await guest(host);
    await ada.opens('general');
    const writes = await ada.page.evaluateHandle(() => {
      const begun = new Promise<void>((begins) => {
        IDBObjectStore.prototype.put = () => {
          begins();
          throw new DOMException('The page goes.', 'AbortError');
        };
      });
      return { begun };
    });
    await ada.composer.fill('Just typed');
    if (waits) {
      await writes.evaluate(({ begun }) => begun);
    }
    await ada.page.reload();
    await expect(ada.composer).toHaveValue('Just typed');
    // Another reload finds it where drafts belong.
    await ada.page.reload();
    await expect(ada.composer).toHaveValue('Just typed');
    expect(await ada.page.evaluate(() => localStorage.getItem('parley.drafts'))).toBeNull();
  });
}

test('a session that ends elsewhere shows the sign-in page and keeps the draft', async ({ host, guest }) => {
  const bo = await guest('Bo');
  await bo.composer.fill('Not finished');
  bo.expected.push(/401/);
  await bo.account.ask('POST', '/me/password', { current: password, new: 'another long one' });
  await expect(bo.title('Sign in to Acme')).toBeVisible();
  await expect(bo.page.getByRole('alert').first()).toHaveText('Your session ended. Sign in again.');
  await bo.page.getByLabel('Sign-in name').fill('bo');
  await bo.page.getByLabel('Password').fill('another long one');
  await bo.button('Sign in').click();
  await expect(bo.composer).toHaveValue('Not finished');
  await bo.composer.press('Enter');
  await bo.sees('Not finished');
  await bo.hasSent();
  expect((await host.history(await host.room('general'))).map((message) => message.body)).toEqual([
    'Not finished',
  ]);
});
