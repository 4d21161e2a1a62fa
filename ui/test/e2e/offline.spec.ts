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

for (const status of [502, 503, 504]) {
  test(`a proxy that says ${status} while the server is away does not stand in place of the client`, async ({
    host,
    guest,
  }) => {
    const room = await host.room('general');
    await host.posts(room, 'The last word');
    const ada = await guest(host, `/r/${room.id}`);
    await ada.sees('The last word');
    ada.expectsTrouble();
    ada.expected.push(/status of 50\d/);
    // Whoever has no copy of the client is told what the proxy says.
    const stranger = await ada.context.browser()?.newPage();
    await ada.page.evaluate(async () => {
      const ready = await navigator.serviceWorker.ready;
      while (ready.active?.state !== 'activated') {
        await new Promise(requestAnimationFrame);
      }
    });
    ada.cuts(status);
    await stranger?.goto(ada.url);
    await expect(stranger?.locator('h1') ?? ada.log).toHaveText('Bad gateway');
    await stranger?.close();

    await ada.page.reload();
    await expect(ada.title('general')).toBeVisible();
    await ada.writes('Written while it restarts');
    await ada.isBack();
    await ada.hasSent();
    expect((await host.history(room)).map((message) => message.body)).toContain('Written while it restarts');
    await ada.page.reload();
    await ada.sees('Written while it restarts');
  });
}

interface Icon {
  src: string;
  sizes: string;
  purpose?: string;
}

test('the client can be installed', async ({ host, guest }) => {
  const ada = await guest(host);
  const cdp = await ada.context.newCDPSession(ada.page);
  const manifest = await cdp.send('Page.getAppManifest');
  expect(manifest.errors).toEqual([]);
  expect(JSON.parse(manifest.data ?? '{}')).toMatchObject({ display: 'standalone', start_url: '/' });
  // Chromium treats a test's browser context as a private window, and its headless shell does not answer this at all.
  const { installabilityErrors } = await cdp.send('Page.getInstallabilityErrors');
  expect(installabilityErrors.filter((one) => one.errorId !== 'in-incognito')).toEqual([]);
  // So here is what it asks for: a name, and icons of these sizes that are there.
  const { name, icons } = JSON.parse(manifest.data ?? '{}') as { name?: string; icons: Icon[] };
  expect(name).toBeTruthy();
  for (const size of [192, 512]) {
    const icon = icons.find((one) => one.sizes === `${size}x${size}` && one.purpose !== 'maskable');
    const seen = await ada.page.evaluate(async (src) => {
      const image = new Image();
      image.src = src;
      await image.decode();
      return [image.naturalWidth, image.naturalHeight];
    }, icon?.src ?? '');
    expect(seen).toEqual([size, size]);
  }
});
