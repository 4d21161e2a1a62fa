// Starting without the network.
import { expect, test } from './fixtures';

test('an offline start shows the rooms and the last messages', async ({ host, guest }) => {
  const design = await host.makesRoom('design', { topic: 'Shapes' });
  await host.posts(design, 'The last word');
  const ada = await guest(host, `/r/${design.id}`);
  await ada.sees('The last word');
  await ada.opens('general');
  await ada.sends('In general');
  await ada.hasSent();
  await ada.page.evaluate(async () => {
    const ready = await navigator.serviceWorker.ready;
    while (ready.active?.state !== 'activated') {
      await new Promise(requestAnimationFrame);
    }
  });
  // The client writes to disk a second after a change.
  await expect
    .poll(() =>
      ada.page.evaluate(async (user) => {
        const db = await new Promise<IDBDatabase>((done) => {
          const ask = indexedDB.open(`parley-${user}`);
          ask.onsuccess = () => done(ask.result);
        });
        const pages = await new Promise<{ messages: { body: string }[] }[]>((done) => {
          const all = db.transaction('pages').objectStore('pages').getAll();
          all.onsuccess = () => done(all.result);
        });
        db.close();
        return pages.flatMap((page) => page.messages.map((message) => message.body)).sort();
      }, host.user.id),
    )
    .toEqual(['In general', 'The last word']);
  await ada.goesOffline();
  await ada.page.goto(`${ada.url}/`);
  await expect(ada.title('general')).toBeVisible();
  await ada.sees('In general');
  await ada.opens('design');
  await ada.sees('The last word');
  await ada.writes('Written offline');
  await ada.isBack();
  await ada.hasSent();
  expect((await host.history(design)).map((message) => message.body)).toEqual([
    'The last word',
    'Written offline',
  ]);
});

test('the client can be installed', async ({ host, guest }) => {
  const ada = await guest(host);
  const cdp = await ada.context.newCDPSession(ada.page);
  const manifest = await cdp.send('Page.getAppManifest');
  expect(manifest.errors).toEqual([]);
  expect(JSON.parse(manifest.data ?? '{}')).toMatchObject({ display: 'standalone', start_url: '/' });
  const { installabilityErrors } = await cdp.send('Page.getInstallabilityErrors');
  // Chromium treats a test's browser context as a private window.
  expect(installabilityErrors.map((one) => one.errorId)).toEqual(['in-incognito']);
});
