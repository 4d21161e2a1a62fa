// Tokens of programs, in the server's settings: made, shown once, used, and revoked.
import { expect, type Guest, isAccessible, type Person, test } from './fixtures';
import { Program } from './program';

const rows = (one: Person) => one.page.locator('[data-token]');

/** Opens the form and fills in what every token needs. */
async function asks(one: Person, bot: string, ...scopes: string[]): Promise<void> {
  await one.button('Make a token').click();
  await one.dialog.getByLabel('Login name of the program').fill(bot);
  for (const scope of scopes) {
    await one.dialog.getByRole('checkbox', { name: new RegExp(`^${scope}`) }).check();
  }
}

/** Sends the form and returns the token, which shows once. */
async function gets(one: Person): Promise<string> {
  await one.dialog.getByRole('button', { name: 'Make a token' }).click();
  await expect(one.dialog).toHaveCount(0);
  return one.page.getByRole('textbox', { name: 'Token' }).inputValue();
}

/** Signs a socket in with its first frame. The title of the page tells the outcome. */
function holdSocket(token: string): void {
  const socket = new WebSocket(location.origin.replace('http', 'ws') + '/ws', 'parley.v1');
  socket.onopen = () => socket.send(JSON.stringify({ event: 'auth', data: { token } }));
  socket.onmessage = ({ data }) => {
    if (String(data).includes('"event":"welcome"')) {
      document.title = 'welcome';
    }
  };
  socket.onclose = ({ code }) => {
    document.title = `closed ${code}`;
  };
}

test('a program is made, notifies two people, and is stopped', async ({
  server,
  host,
  account,
  guest,
  someone,
}) => {
  const [bob, cyd] = [await account('Bo'), await account('Cy')];
  const ada = await guest(host, '/server/programs');
  const bo = await guest(bob, '/notifications');
  await expect(ada.page.getByText('No tokens')).toBeVisible();
  await asks(ada, 'shop', 'Notify', 'Read');
  await ada.dialog.getByLabel('Shown as').fill('The Shop');
  await isAccessible(ada.page, 'token form');
  const secret = await gets(ada);
  expect(secret).toMatch(/^parley_/);
  await expect(ada.page.getByRole('heading', { name: 'The new token of The Shop' })).toBeFocused();
  await expect(ada.page.getByText(/it is not shown again/)).toBeVisible();
  await ada.context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await ada.button('Copy').click();
  expect(await ada.page.evaluate(() => navigator.clipboard.readText())).toBe(secret);
  await isAccessible(ada.page, 'server settings with a token');
  await ada.button('Done').click();
  await expect(ada.page.getByRole('textbox', { name: 'Token' })).toHaveCount(0);
  await expect(rows(ada)).toHaveText([/The Shop.*@shop.*Read and Notify.*Made by Ada Lovelace.*never used/]);

  const shop = new Program(server, secret);
  await shop.notifies([bob, cyd], 'Order 17 is on its way');
  await expect(bo.page.getByRole('article', { name: 'Order 17 is on its way' })).toContainText('Bot');
  // Cy joins after the token was made.
  const cy = await guest(cyd, '/notifications');
  await expect(cy.page.getByRole('article', { name: 'Order 17 is on its way' })).toBeVisible();

  // Node 20 has no WebSocket, so a browser that is not signed in opens it.
  const robot = await someone('Robot');
  await robot.page.goto(server.url);
  await robot.page.evaluate(holdSocket, secret);
  await expect(robot.page).toHaveTitle('welcome');

  await ada.page.reload();
  await expect(rows(ada)).toHaveText([/last used/]);
  await ada.button('Revoke shop of The Shop').click();
  await expect(ada.dialog).toContainText('It stops working at once');
  await isAccessible(ada.page, 'revoking');
  await ada.dialog.getByRole('button', { name: 'Cancel' }).click();
  await expect(rows(ada)).toHaveCount(1);
  await ada.button('Revoke shop of The Shop').click();
  await ada.dialog.getByRole('button', { name: 'Revoke' }).click();
  await expect(ada.page.getByText('The token no longer works.')).toBeVisible();
  await expect(rows(ada)).toHaveCount(0);
  await expect(ada.button('Make a token')).toBeFocused();
  await expect(robot.page).toHaveTitle('closed 4001');
  expect((await shop.ask('POST', '/notifications', {})).status).toBe(401);
  // Its badge stays where it was.
  await expect(bo.page.getByRole('article').getByText('Bot', { exact: true })).toBeVisible();
});

test('a token can be limited to one room and to a time', async ({ server, host, guest }) => {
  const club = await host.makesRoom('club', { kind: 'private' });
  const ada = await guest(host, '/server/programs');
  await asks(ada, 'builds', 'Post');
  await ada.dialog.getByRole('radio', { name: /Only some rooms/ }).check();
  await ada.dialog.getByRole('checkbox', { name: 'club' }).check();
  await ada.dialog.getByLabel('Name of the token').fill('nightly');
  await ada.dialog.getByLabel('Ends after').selectOption('30 days');
  const builds = new Program(server, await gets(ada));
  await expect(rows(ada)).toHaveText([/builds.*@builds.*nightly.*Post · in club.*ends /]);

  const says = (room: number) =>
    builds.ask('POST', `/rooms/${room}/messages`, {
      client_id: '0192f7a0-0000-7000-8000-000000000001',
      body: 'Build 17 is green',
    });
  expect((await says((await host.room('general')).id)).status).toBe(404);
  expect((await says(club.id)).status).toBe(201);
  // The room, the members and the card show that it is a bot.
  await ada.opens('club');
  await ada.sees('Build 17 is green');
  const badged = (where: ReturnType<Guest['row']>) =>
    expect(where.getByText('Bot', { exact: true })).toBeVisible();
  await badged(ada.row('Build 17 is green'));
  await ada.button(/^Show members/).click();
  await badged(ada.page.getByRole('listitem').filter({ hasText: '@builds' }));
  await ada.row('Build 17 is green').getByText('builds', { exact: true }).click();
  await badged(ada.page.getByRole('dialog', { name: 'More about builds' }));
  await ada.page.keyboard.press('Escape');
  await ada.page.keyboard.press('Control+k');
  await ada.page.keyboard.type('builds');
  await badged(ada.page.getByRole('option', { name: /builds/ }));
});

test('each error of the form shows at its field', async ({ host, account, guest }) => {
  await account('Bo');
  const ada = await guest(host, '/server/programs');
  await ada.button('Make a token').click();
  const bot = ada.dialog.getByLabel('Login name of the program');
  const submit = ada.dialog.getByRole('button', { name: 'Make a token' });
  await expect(bot).toBeFocused();
  await submit.click();
  await expect(bot).toHaveAccessibleDescription(/^Fill this in/);
  await expect(bot).toBeFocused();
  await expect(ada.dialog.getByText('Pick one or more.', { exact: true })).toBeVisible();

  ada.expected.push(/409|422|400/);
  await bot.fill('bo');
  await submit.click();
  await expect(ada.dialog.getByRole('checkbox', { name: /^Read/ })).toBeFocused();
  await ada.page.keyboard.press('Space');
  await submit.click();
  await expect(bot).toHaveAccessibleDescription(/^A person has that name/);
  await bot.fill('no spaces please');
  await submit.click();
  await expect(bot).toHaveAccessibleDescription(/^Use letters of one script/);
  await bot.fill('builds');
  await ada.dialog.getByRole('radio', { name: /Only some rooms/ }).check();
  await submit.click();
  await expect(ada.dialog.getByText('Pick one or more rooms.')).toBeVisible();
  await isAccessible(ada.page, 'token form with errors');
  await ada.page.keyboard.press('Escape');
  await expect(ada.dialog).toHaveCount(0);
  await expect(ada.page.getByText('No tokens')).toBeVisible();
});

test('only the maker of a program makes more tokens for it, but every admin may revoke them', async ({
  host,
  account,
  guest,
}) => {
  const bob = await account('Bo');
  await host.ask('PATCH', `/users/${bob.user.id}`, { role: 'admin' });
  await Program.madeBy(host);
  const bo = await guest(bob, '/server/programs');
  bo.expected.push(/403/);
  await asks(bo, 'shop', 'Notify');
  await bo.dialog.getByRole('button', { name: 'Make a token' }).click();
  await expect(bo.dialog.getByLabel('Login name of the program')).toHaveAccessibleDescription(
    /^Only who made this program/,
  );
  await bo.dialog.getByRole('button', { name: 'Cancel' }).click();
  await bo.button('Revoke shop of The Shop').click();
  await bo.dialog.getByRole('button', { name: 'Revoke' }).click();
  await expect(rows(bo)).toHaveCount(0);
});

test('a member sees no tokens, and the server refuses them too', async ({ host, account, guest }) => {
  await Program.madeBy(host);
  const bob = await account('Bo');
  const bo = await guest(bob, '/server/programs');
  await expect(bo.page.getByText('Only owners and admins can see this')).toBeVisible();
  await expect(bo.button('Make a token')).toHaveCount(0);
  await expect(bob.ask('GET', '/tokens')).rejects.toThrow(/403/);
  await expect(bob.ask('POST', '/tokens', { bot: 'mine', scopes: ['read'] })).rejects.toThrow(/403/);
  await expect(bob.ask('DELETE', '/tokens/1')).rejects.toThrow(/403/);
});
