// Messages written without a connection: none is lost or doubled, and the order stays.
import { figure } from './figure';
import { expect, test } from './fixtures';

test('three messages written offline survive a reload and arrive once and in order', async ({
  host,
  guest,
  hostname,
}) => {
  const ada = await guest(host);
  const bo = await guest('Bo');
  await ada.sends('Before');
  await ada.hasSent();
  await ada.goesOffline();
  await ada.writes('First.', 'Second.', 'Third.');
  await expect(ada.page.getByText('Waiting to be sent')).toHaveCount(3);
  // An unknown outcome is not called a failure.
  await expect(ada.page.getByText('Not sent')).toHaveCount(0);
  await bo.sends('Meanwhile.');

  // Only a secure context has the service worker that starts the client without the network.
  if (hostname === '127.0.0.1') {
    await ada.page.reload();
    await ada.sees('Third.');
    await expect(ada.page.getByText('Waiting to be sent')).toHaveCount(3);
  } else {
    await ada.isBack();
    await ada.page.reload();
  }
  await ada.isBack();
  const all = ['Before', 'Meanwhile.', 'First.', 'Second.', 'Third.'];
  await expect(bo.texts).toHaveText(all);
  await expect(ada.texts).toHaveText(all);
  await ada.hasSent();
  await expect(ada.page.getByText(/^Offline/)).toHaveCount(0);
  const stored = await host.history(await host.room('general'));
  expect(stored.map((message) => message.body)).toEqual(all);
});

test('that the server was killed is said after three seconds; after its return nothing is missing or doubled', async ({
  server,
  host,
  guest,
}) => {
  const ada = await guest(host);
  const bo = await guest('Bo');
  ada.expectsTrouble();
  bo.expectsTrouble();
  await ada.sends('One.');
  await bo.sends('Two.');
  await ada.sees('Two.');
  await ada.composer.fill('Three.');
  const banner = ada.page.getByText('Reconnecting…').first();
  const since = Date.now();
  await Promise.all([ada.composer.press('Enter'), server.kill()]);
  await ada.sees('Three.');
  await expect(banner).toBeVisible();
  const told = Date.now() - since;
  expect(told).toBeGreaterThanOrEqual(3_000);
  await expect(ada.page.locator('[data-announcer="assertive"]')).toHaveText('Connection lost. Reconnecting.');
  // Reading and writing still work.
  await ada.writes('Four.', 'Five.');
  await bo.writes('Six.');

  await server.resume();
  await host.posts(await host.room('general'), 'Seven.');
  for (const one of [ada, bo]) {
    await expect(banner).toHaveCount(0);
    await one.sees('Seven.');
    await one.sees('Five.');
    await one.sees('Six.');
    await one.hasSent();
    await expect(one.texts).toHaveCount(7);
  }
  const stored = (await host.history(await host.room('general'))).map((message) => message.body);
  expect(new Set(stored).size).toBe(7);
  expect(stored.filter((body) => ['Three.', 'Four.', 'Five.'].includes(body))).toEqual([
    'Three.',
    'Four.',
    'Five.',
  ]);
  await expect(ada.texts).toHaveText(stored);
  await expect(bo.texts).toHaveText(stored);
  figure('from the kill to the banner', told, 'ms');
});

test('edits, deletions and reactions that were missed show after reconnecting', async ({ host, guest }) => {
  const room = await host.room('general');
  await host.postsAll(room, ['Stays', 'Is editd', 'Is deleted', 'Is liked']);
  const bo = await guest('Bo');
  await bo.sees('Is liked');
  await bo.goesOffline();
  await host.ask('PATCH', `/rooms/${room.id}/messages/2`, { body: 'Is edited' });
  await host.ask('DELETE', `/rooms/${room.id}/messages/3`);
  await host.ask('PUT', `/rooms/${room.id}/messages/4/reactions/${encodeURIComponent('👍')}`);
  await host.posts(room, 'Is new');
  await bo.isBack();
  await bo.sees('Is new');
  await expect(bo.texts).toHaveText(['Stays', 'Is edited', 'Is liked', 'Is new']);
  await expect(bo.page.getByText('This message was deleted.')).toHaveCount(1);
  await expect(bo.row('Is liked').getByRole('button', { name: /1 reaction/ })).toBeVisible();
});

test('a refused message keeps its text, says why once, and can be sent again', async ({
  host,
  account,
  guest,
}) => {
  const bob = await account('Bo');
  const club = await host.makesRoom('club');
  await host.adds(club, bob);
  const bo = await guest(bob, `/r/${club.id}`);
  await bo.sends('I am in');
  await bo.hasSent();
  // Written offline, and removed before it could be sent.
  await bo.goesOffline();
  await bo.writes('Am I still in?');
  const spoken = await bo.page.evaluateHandle(() => {
    const said: string[] = [];
    const region = document.querySelector('[data-announcer="assertive"]') as HTMLElement;
    new MutationObserver(() => {
      if (region.textContent) {
        said.push(region.textContent);
      }
    }).observe(region, { childList: true, subtree: true, characterData: true });
    return said;
  });
  await host.ask('DELETE', `/rooms/${club.id}/members/${bob.user.id}`);
  bo.expected.push(/403/); // said by the browser when the answer comes over HTTP, before the socket is back
  await bo.isBack();
  await expect(bo.log.getByText(/^Not sent/)).toBeVisible();
  await bo.sees('Am I still in?');
  await expect
    .poll(async () => (await spoken.jsonValue()).filter((line) => /not sent/i.test(line)).length)
    .toBe(1);

  await bo.button('Join room').click();
  await expect(bo.composer).toBeVisible();
  await bo.button('Retry').click();
  await expect(bo.log.getByText(/^Not sent/)).toHaveCount(0);
  await bo.hasSent();
  await expect(bo.texts).toHaveText(['I am in', 'Am I still in?']);
  expect((await host.history(club)).map((message) => message.body)).toEqual(['I am in', 'Am I still in?']);
});
