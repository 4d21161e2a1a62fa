// The first run, invite links, signing in and out.
import { expect, password, test, untrusted } from './fixtures';

test('first run, then a second person joins by the link in a few steps', async ({ server, someone }) => {
  const ada = await someone('Ada Lovelace');
  const invite = await ada.setsUp(server.setupLink);
  await expect(ada.page.getByRole('heading', { level: 1, name: 'general' })).toBeVisible();

  const bo = await someone('Bo Chen');
  await bo.page.goto(invite); // 1
  await expect(bo.page.getByText('Ada Lovelace invites you.')).toBeVisible();
  await bo.page.getByLabel('Your name').fill('Bo Chen'); // 2
  await expect(bo.page.getByLabel('Sign-in name')).toHaveValue('bo-chen');
  await bo.page.getByLabel('Password').fill(password); // 3
  await bo.button('Create account').click(); // 4
  await bo.sends('Hello from Bo');
  await ada.sees('Hello from Bo');
});

test('another link of the first run opened in the same tab counts, and keeps what is typed', async ({
  server,
  someone,
}) => {
  const ada = await someone('Ada');
  ada.expected.push(/403/);
  await ada.page.goto(`${server.url}/setup#WRONGCODE`);
  await ada.page.getByLabel('Name of the server').fill('Acme');
  await ada.page.getByLabel('Your name').fill('Ada');
  await ada.page.getByLabel('Password').fill(password);
  await ada.button('Set up').click();
  await expect(ada.page.getByRole('alert')).not.toBeEmpty();
  await ada.page.goto(server.setupLink);
  await expect(ada.page.getByLabel('Name of the server')).toHaveValue('Acme');
  await ada.button('Set up').click();
  await expect(ada.title('Bring people in')).toBeFocused();
});

test('the first run shows an invite link to copy and to scan', async ({ server, someone }) => {
  const ada = await someone('Ada');
  await ada.context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await ada.page.goto(server.setupLink);
  await ada.page.getByLabel('Name of the server').fill('Acme');
  await ada.page.getByLabel('Your name').fill('Ada');
  await ada.page.getByLabel('Password').fill(password);
  await ada.button('Set up').click();
  await expect(ada.page.getByRole('img', { name: /QR code/ })).toBeVisible();
  await ada.button('Copy').click();
  await expect(ada.button('Copied')).toBeVisible();
  const copied = await ada.page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toContain('/invite#');
});

test('each step comes whole and has the focus', async ({ server, someone }) => {
  const ada = await someone('Ada');
  await ada.page.goto(server.setupLink);
  await ada.page.getByLabel('Name of the server').fill('Acme');
  await ada.page.getByLabel('Your name').fill('Ada');
  await ada.page.getByLabel('Password').fill(password);
  let answer = () => {};
  const held = new Promise<void>((go) => {
    answer = go;
  });
  await ada.page.route('**/api/invites', (route) => held.then(() => route.continue()));
  const asked = ada.page.waitForRequest('**/api/invites');
  await ada.button('Set up').click();
  await asked;
  await expect(ada.title('Set up your server')).toBeVisible();
  await expect(ada.button('Set up')).toHaveAttribute('aria-busy', 'true');
  answer();
  await expect(ada.page.getByRole('textbox', { name: 'Invite link' })).toBeVisible();
  await expect(ada.title('Bring people in')).toBeFocused();

  const bo = await someone('Bo');
  bo.expected.push(/404/);
  await bo.page.goto(`${server.url}/invite#wrong`);
  await expect(bo.title('This invite no longer works')).toBeFocused();
});

test('the form of an invite is there before the server has answered, and stays in its place', async ({
  owner,
  someone,
}) => {
  const bo = await someone('Bo', { viewport: { width: 320, height: 568 } });
  let answer = () => {};
  const held = new Promise<void>((go) => {
    answer = go;
  });
  const check = /\/api\/invites\/check/;
  await bo.page.route(check, (route) => held.then(() => route.continue()));
  await bo.page.goto(owner.invite);
  const name = bo.page.getByLabel('Your name');
  await expect(name).toBeFocused();
  const before = await name.boundingBox();
  answer();
  await expect(bo.page.getByText('Ada Lovelace invites you.')).toBeVisible();
  expect(await name.boundingBox()).toEqual(before);
});

test('a wrong password does not say which part was wrong', async ({ server, owner, someone }) => {
  await owner.page.close();
  const ada = await someone('Ada');
  ada.expected.push(/401/);
  await ada.page.goto(server.url);
  await expect(ada.page.getByRole('heading', { name: 'Sign in to Acme' })).toBeVisible();
  await ada.button('Sign in').click();
  await expect(ada.page.getByText('Fill this in.').first()).toBeVisible();
  await expect(ada.page.getByLabel('Sign-in name')).toHaveAttribute('aria-invalid', 'true');
  await ada.signsIn(server.url, 'ada-lovelace', 'not the password');
  await expect(ada.page.getByRole('alert')).toHaveText('Name or password is wrong.');
  await ada.page.getByLabel('Password').fill(password);
  await ada.button('Sign in').click();
  await expect(ada.rooms).toBeVisible();
});

test('a taken name and a short password show an error at their fields', async ({ owner, someone }) => {
  const bo = await someone('Bo');
  bo.expected.push(/409/);
  await bo.page.goto(owner.invite);
  await bo.page.getByLabel('Your name').fill('Ada Lovelace');
  await bo.page.getByLabel('Password').fill('short');
  await bo.button('Create account').click();
  await expect(bo.page.getByText('Use 8 characters or more.')).toBeVisible();
  // The error replaces the hint, which says the same.
  await expect(bo.page.getByText('8 characters or more.').filter({ visible: true })).toHaveCount(1);
  await bo.page.getByLabel('Password').fill(password);
  await bo.button('Create account').click();
  await expect(bo.page.getByText('That name is taken.')).toBeVisible();
  await bo.page.getByLabel('Sign-in name').fill('ada-two');
  await bo.button('Create account').click();
  await expect(bo.rooms).toBeVisible();
});

test('an invite that does not work says what to do', async ({ server, owner, someone }) => {
  await owner.page.close();
  const bo = await someone('Bo');
  bo.expected.push(/404/);
  await bo.page.goto(`${server.url}/invite#WRONGCODE`);
  await expect(bo.page.getByRole('heading', { name: 'This invite no longer works' })).toBeVisible();
});

test('signing out ends the session in both tabs', async ({ server, owner }) => {
  const other = await owner.context.newPage();
  await other.goto(server.url);
  await expect(other.getByRole('navigation')).toBeVisible();
  await owner.button('Acme: menu').click();
  await owner.page.getByRole('menuitem', { name: 'Sign out' }).click();
  await expect(owner.page.getByRole('heading', { name: 'Sign in to Acme' })).toBeVisible();
  await expect(other.getByRole('heading', { name: 'Sign in to Acme' })).toBeVisible();
});

test('everything works on plain http under a name', async ({ server, plain, someone }) => {
  const ada = await someone('Ada');
  ada.expected.push(untrusted);
  const invite = await ada.setsUp(plain(server.setupLink));
  expect(await ada.page.evaluate(() => isSecureContext)).toBe(false);
  await ada.sends('Over plain http');
  const bo = await someone('Bo');
  bo.expected.push(untrusted);
  await bo.signsUp(plain(invite));
  await bo.sees('Over plain http');
  await bo.sends('And back');
  await ada.sees('And back');
});

test('a server that is set up in Chinese begins with Chinese rooms', async ({ server, someone }) => {
  const owner = await someone('王小明', { locale: 'zh-CN' });
  await owner.page.goto(server.setupLink);
  await owner.page.getByLabel('服务器名称').fill('读书会');
  await owner.page.locator('input[name="name"]').fill('王小明');
  await owner.page.locator('input[name="password"]').fill(password);
  await owner.page.locator('button[type="submit"]').click();
  await expect(owner.page.getByRole('img')).toBeVisible();
  await owner.page.goto(server.url);
  await expect(owner.rooms.getByRole('link', { name: '公告' })).toBeVisible();
  await expect(owner.title('综合')).toBeVisible();
  await expect(owner.page.getByText('大家都在这里').first()).toBeVisible();
});
