// The list of people and the audit log, for those who look after the server; links for a new password; blocks.
import { expect, isAccessible, password, test } from './fixtures';

const shots = process.env.PEOPLE_SHOTS;

test('the owner deactivates somebody with their messages, and reactivates them', async ({
  host,
  account,
  guest,
}) => {
  const bo = await account('Bo');
  const general = await host.room('general');
  await bo.posts(general, 'From Bo');
  const owner = await guest(host, '/server');
  const member = await guest(bo, `/r/${general.id}`);
  await expect(owner.page.getByRole('heading', { level: 2, name: 'People' })).toBeVisible();
  await isAccessible(owner.page, 'the list of people');
  await owner.page.getByLabel('Find people').fill('bo');
  await owner.page.getByRole('button', { name: 'Manage Bo' }).press('Enter');
  await expect(owner.dialog).toContainText('Signed in on 2 devices');
  await isAccessible(owner.page, 'an account');
  if (shots) {
    await owner.page.screenshot({ path: `${shots}/people-account.png` });
  }
  await owner.dialog.getByRole('button', { name: 'Deactivate' }).click();
  await owner.dialog.getByRole('radio', { name: 'Are deleted All' }).check();
  await isAccessible(owner.page, 'deactivating');
  if (shots) {
    await owner.page.screenshot({ path: `${shots}/people-deactivate.png` });
  }
  member.expectsTrouble();
  await owner.answers('Deactivate');
  await expect(member.page.getByText('This account can no longer sign in.')).toBeVisible();
  await expect(owner.dialog).toContainText('Deactivated');
  // The button that was pressed is gone. The next key is for what stands in its place, and not for the page below.
  await expect(owner.dialog.getByRole('button', { name: 'Reactivate' })).toBeFocused();
  await owner.page.keyboard.press('Escape');
  await expect(owner.page.getByRole('button', { name: 'Manage Bo' })).toBeFocused();
  await expect(owner.page.getByRole('listitem').filter({ hasText: '@bo' })).toContainText('Deactivated');

  await member.page.getByLabel('Sign-in name').fill('bo');
  await member.page.getByLabel('Password', { exact: true }).fill(password);
  member.expected.push(/403/);
  await member.page.getByRole('button', { name: 'Sign in' }).click();
  const refused = member.page.locator('form').getByText('This account can no longer sign in.');
  await expect(refused).toBeVisible();

  await owner.page.goto(`${owner.url}/r/${general.id}`);
  await expect(owner.page.getByText('This message was deleted by Ada Lovelace.')).toBeVisible();
  await owner.page.goto(`${owner.url}/server/people`);
  await owner.page.getByRole('button', { name: 'Manage Bo' }).click();
  await owner.dialog.getByRole('button', { name: 'Reactivate' }).click();
  await expect(owner.dialog).not.toContainText('Deactivated');
  await owner.page.goto(`${owner.url}/server/audit`);
  await expect(
    owner.page.getByRole('listitem').filter({ hasText: 'Ada Lovelace reactivated Bo' }),
  ).toBeVisible();
  await isAccessible(owner.page, 'the audit log');
  if (shots) {
    await owner.page.screenshot({ path: `${shots}/people-audit.png` });
    await owner.page.goto(`${owner.url}/server/people`);
    await expect(owner.page.getByRole('button', { name: 'Manage Bo' })).toBeVisible();
    await owner.page.screenshot({ path: `${shots}/people-page.png` });
  }
});

test('from where somebody is seen, the owner comes to their account', async ({ host, account, guest }) => {
  const bo = await account('Bo');
  const general = await host.room('general');
  await bo.posts(general, 'From Bo');
  await bo.adds(await bo.makesRoom('bo-talks', { kind: 'private' }), host);
  const owner = await guest(host, `/r/${general.id}`);
  const member = await guest(bo, `/r/${general.id}`);
  const only = owner.rooms.getByRole('link', { name: 'bo-talks' });
  await expect(only).toBeVisible();
  await owner.row('From Bo').locator('bdi[data-person]').click();
  const card = owner.page.getByRole('dialog', { name: 'More about Bo' });
  await card.getByRole('button', { name: 'Manage account' }).click();
  await expect(owner.dialog).toContainText('Role on the server');
  // Whoever is there was never away before.
  await expect(owner.dialog.getByRole('status').first()).toContainText('Online');
  await expect(owner.dialog).toContainText('Here since');
  await isAccessible(owner.page, 'an account, opened from a message');
  await owner.dialog.getByRole('button', { name: 'Deactivate' }).click();
  member.expectsTrouble();
  await owner.answers('Deactivate');
  await expect(member.page.getByText('This account can no longer sign in.')).toBeVisible();
  await expect(member.page.getByText(/Forgot your password/)).toBeVisible();
  // What stayed at first may go later, with what only they wrote in.
  await owner.dialog.getByRole('button', { name: 'Delete the messages' }).click();
  await expect(owner.question.getByLabel('Stay')).toHaveCount(0);
  await owner.question.getByLabel('with their rooms').check();
  await isAccessible(owner.page, 'deleting later');
  await owner.answers('Delete the messages');
  await expect(only).toHaveCount(0);
  await owner.page.keyboard.press('Escape');
  await expect(owner.dialog).toHaveCount(0);
  await expect(owner.page.getByText('This message was deleted by Ada Lovelace.')).toBeVisible();
});

test('an admin makes a link, by which somebody chooses a new password once', async ({
  host,
  account,
  guest,
  someone,
}) => {
  const bo = await account('Bo');
  const owner = await guest(host, '/server/people');
  await owner.page.getByRole('button', { name: 'Manage Bo' }).click();
  await owner.dialog.getByRole('button', { name: 'Make a link for a new password' }).click();
  const field = owner.dialog.getByLabel('Link by which Bo chooses a new password');
  const link = await field.inputValue();
  await isAccessible(owner.page, 'the link');
  if (shots) {
    await owner.page.screenshot({ path: `${shots}/people-reset-link.png` });
  }
  await owner.page.keyboard.press('Escape');
  await owner.page.getByRole('button', { name: 'Manage Bo' }).click();
  await expect(field).toHaveCount(0);

  const bos = await someone('Bo');
  await bos.page.goto(link);
  await expect(bos.page.getByText('For Bo (@bo).')).toBeVisible();
  await isAccessible(bos.page, 'choosing a password');
  if (shots) {
    await bos.page.screenshot({ path: `${shots}/people-reset-page.png` });
  }
  await bos.page.getByLabel('New password').fill('short');
  await bos.page.keyboard.press('Enter');
  await expect(bos.page.getByText('Use 8 characters or more.')).toBeVisible();
  await bos.page.getByLabel('New password').fill('another good password');
  await bos.page.keyboard.press('Enter');
  await expect(bos.page.locator('[data-region]').first()).toBeVisible();
  bos.expected.push(/404/);
  await bos.page.goto(link);
  await bos.page.reload();
  await expect(bos.page.getByText('This link does not work any more')).toBeVisible();
  void bo;
});

test('a person blocks somebody: their messages are folded, here and on the other device', async ({
  host,
  account,
  guest,
}) => {
  const bo = await account('Bo');
  const general = await host.room('general');
  await bo.posts(general, 'Something unkind');
  const ada = await guest(host, `/r/${general.id}`);
  const phone = await guest(host, `/r/${general.id}`);
  await ada.row('Something unkind').getByText('Bo', { exact: true }).click();
  await isAccessible(ada.page, 'a card');
  if (shots) {
    await ada.page.screenshot({ path: `${shots}/people-card.png` });
  }
  await ada.page.getByRole('button', { name: 'Block' }).click();
  await isAccessible(ada.page, 'blocking');
  await ada.dialog.getByRole('button', { name: 'Block' }).click();
  for (const one of [ada, phone]) {
    await expect(one.page.getByText('Something unkind')).toHaveCount(0);
    await expect(one.page.getByRole('button', { name: 'Blocked: show' })).toBeVisible();
  }
  await isAccessible(ada.page, 'a folded message');
  if (shots) {
    await ada.page.screenshot({ path: `${shots}/people-folded.png` });
  }
  await ada.page.getByRole('button', { name: 'Blocked: show' }).press('Enter');
  await expect(ada.page.getByText('Something unkind')).toBeVisible();
  await ada.page.goto(`${ada.url}/settings/blocked`);
  await expect(ada.title('Settings')).toBeVisible();
  await isAccessible(ada.page, 'the settings');
  await ada.page.getByRole('button', { name: 'Unblock Bo' }).press('Enter');
  await expect(phone.page.getByText('Something unkind')).toBeVisible();
  await expect(ada.page.getByText('You have blocked nobody.')).toBeVisible();
  // The last row of a section is gone: the next key is not to open another section.
  await expect(ada.page.getByRole('heading', { level: 2, name: 'Blocked people' })).toBeFocused();
});

test('what removes or ends something does not look like other buttons', async ({ host, account, guest }) => {
  const bo = await account('Bo');
  const room = await host.makesRoom('design');
  await host.adds(room, bo);
  const ada = await guest(host, `/r/${room.id}`);
  const colors = (name: string) =>
    ada.button(name).evaluate((one) => {
      const { color, backgroundColor, borderColor } = getComputedStyle(one);
      return { color, backgroundColor, borderColor };
    });
  await ada.button(/^Show members/).click();
  const asks = await colors('Leave room');
  const plain = await colors('Room settings');
  expect(asks.color).not.toBe(plain.color);
  expect(asks.borderColor).toBe(asks.color);
  await ada.button('Leave room').click();
  const panel = ada.page.locator('dialog[open]').getByRole('button', { name: /Leave/ });
  const does = await panel.evaluate((one) => getComputedStyle(one).backgroundColor);
  // The answer is filled with the color of the question.
  expect(does).toBe(asks.color);
  await isAccessible(ada.page, 'a question');
});

for (const [locale, { titled, made, closed }] of Object.entries({
  'en-US': { titled: 'Audit log', made: / · invite 1$/, closed: / · report 1$/ },
  'zh-CN': { titled: '审计日志', made: / · 邀请 1$/, closed: / · 举报 1$/ },
})) {
  test(`the audit log says what its numbers count, and a new room has no size: ${locale}`, async ({
    host,
    account,
    guest,
  }) => {
    const bo = await account('Bo');
    const club = await bo.makesRoom('club');
    await bo.posts(club, 'Something rude');
    await host.ask('POST', `/rooms/${club.id}/messages/1/report`, { reason: '' });
    await host.ask('POST', '/reports/1/close', { delete: false });
    await host.ask('POST', '/tokens', { bot: 'robo', scopes: ['read', 'post'] });
    const ada = await guest(host, '/server/audit', { locale });
    await expect(ada.page.locator('main h2')).toHaveText(titled);
    const entries = ada.page.locator('main section').getByRole('listitem');
    await expect(entries.filter({ hasText: made })).toHaveCount(1);
    await expect(entries.filter({ hasText: closed })).toHaveCount(1);
    await expect(entries.filter({ hasText: /· (token|令牌) 1 · \S/ })).toHaveCount(1);
    await ada.page.goto(`${ada.url}/server/rooms`);
    await expect(ada.page.getByRole('listitem').filter({ hasText: 'club' })).toContainText(/1 KB/);
    await expect(ada.page.getByText(/\b0 KB/)).toHaveCount(0);
  });
}
