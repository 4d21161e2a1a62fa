import { call, openRoom } from './fill';
import { expect, type Person, test } from './fixtures';

const texts = (person: Person) => person.page.locator('article .markdown').allInnerTexts();
const away = [/ERR_INTERNET_DISCONNECTED/, /ERR_CONNECTION_REFUSED/, /WebSocket/, /Failed to load resource/];

test('what is written offline outlives a reload and arrives once, in order', async ({ owner, someone }) => {
  const ming = await someone('小明');
  await ming.signsUp(owner.invite);
  await ming.opens('general');
  await owner.opens('general');
  owner.expected.push(...away);
  await owner.sends('zero');
  await owner.page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await owner.page.waitForTimeout(1_500);
  await owner.context.setOffline(true);
  for (const text of ['one', 'two', 'three']) {
    await owner.sends(text);
  }
  await owner.page.waitForTimeout(300);
  await owner.page.reload();
  await owner.sees('three');
  expect(await texts(owner)).toEqual(['zero', 'one', 'two', 'three']);
  await owner.context.setOffline(false);
  await ming.sees('three');
  expect((await texts(ming)).map((text) => text.trim())).toEqual(['zero', 'one', 'two', 'three']);
  await expect(owner.page.getByText('Waiting to be sent')).toHaveCount(0);
});

test('a server that restarts: a bar after a while, then everything that was missed', async ({
  owner,
  someone,
  server,
}) => {
  const ming = await someone('小明');
  await ming.signsUp(owner.invite);
  await ming.opens('general');
  await owner.opens('general');
  await ming.sends('before');
  await owner.sees('before');
  owner.expected.push(...away);
  ming.expected.push(...away);
  await server.pause();
  await owner.sends('while it is down');
  await expect(owner.page.getByText('Reconnecting…')).toBeVisible();
  await server.resume();
  await ming.sees('while it is down');
  await ming.sends('after');
  await owner.sees('after');
  await expect(owner.page.getByText('Reconnecting…')).toBeHidden();
  await expect
    .poll(async () => (await texts(owner)).map((text) => text.trim()))
    .toEqual(['before', 'while it is down', 'after']);
});

test('one client_id sent twice is one message', async ({ owner }) => {
  await owner.opens('general');
  const path = `/rooms/${openRoom(owner)}/messages`;
  const message = { client_id: crypto.randomUUID(), body: 'only once' };
  const first = await call(owner, 'POST', path, message);
  expect(await call(owner, 'POST', path, message)).toEqual(first);
  await owner.sees('only once');
  await expect(owner.page.locator('article')).toHaveCount(1);
});

test('a refused message stays, says why, and can be sent again', async ({ owner, someone }) => {
  const ming = await someone('小明');
  await ming.signsUp(owner.invite);
  await ming.makesRoom('club');
  const room = openRoom(ming);
  await owner.page.goto(ming.page.url());
  await owner.button('Join room').click();
  await owner.sends('in');
  owner.expected.push(...away);
  const me = ((await call(owner, 'GET', '/me')) as { user: { id: number } }).user.id;
  await owner.context.setOffline(true);
  await owner.sends('too late');
  await call(ming, 'DELETE', `/rooms/${room}/members/${me}`);
  await owner.context.setOffline(false);
  await expect(owner.page.locator('[data-announcer=assertive]')).toContainText('Not sent');
  await owner.button('Join room').click();
  await expect(owner.page.getByText('Not sent:').first()).toBeVisible();
  await owner.button('Retry').click();
  await ming.sees('too late');
});

test('two tabs on plain http send one after the other', async ({ owner, plain, server, someone }) => {
  const ada = await someone('Ada on plain http');
  await ada.signsIn(plain(server.url), 'ada-lovelace');
  await ada.opens('general');
  const tab = await ada.context.newPage();
  await tab.goto(ada.page.url());
  const other = tab.locator('[data-composer]');
  await other.waitFor();
  ada.expected.push(...away);
  await ada.context.setOffline(true);
  await ada.sends('a1');
  await other.fill('b1');
  await other.press('Enter');
  await ada.sees('b1');
  await ada.sends('a2');
  await ada.context.setOffline(false);
  await owner.opens('general');
  await owner.sees('a2');
  await expect
    .poll(() => texts(owner).then((all) => all.map((text) => text.trim()).sort()))
    .toEqual(['a1', 'a2', 'b1']);
});
