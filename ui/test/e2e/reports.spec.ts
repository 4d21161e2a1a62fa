// Reporting messages, and what the admins do about them.
import { expect, isAccessible, test } from './fixtures';

test('a message of a private room is reported, looked at by an admin who is not in it, and deleted', async ({
  host,
  account,
  guest,
}) => {
  const [bo, cy] = [await account('Bo'), await account('Cy')];
  const room = await cy.makesRoom('band', { kind: 'private' });
  await cy.adds(room, bo);
  await cy.posts(room, 'Before it');
  await cy.posts(room, 'Something **rude**');
  await cy.posts(room, 'After it');

  const reporter = await guest(bo, `/r/${room.id}`);
  const admin = await guest(host);
  await reporter.pointsAt('Something rude');
  await reporter.row('Something rude').getByRole('button', { name: 'More actions' }).click();
  await expect(reporter.page.getByRole('menuitem', { name: 'Delete message' })).toHaveCount(0);
  await reporter.page.getByRole('menuitem', { name: 'Report message' }).click();
  await expect(reporter.dialog.getByLabel('What is wrong with it?')).toBeFocused();
  await isAccessible(reporter.page, 'reporting');
  await reporter.page.keyboard.type('It is about me');
  await reporter.page.keyboard.press('Enter');
  await expect(reporter.page.getByText('The message was reported.')).toBeVisible();
  await expect(reporter.dialog).toHaveCount(0);
  await expect(reporter.log.locator(':focus')).toHaveCount(1);

  await admin.page.getByRole('link', { name: /Notifications/ }).click();
  await admin.page.getByRole('link', { name: 'A message was reported' }).click();
  await expect(admin.page.getByRole('heading', { level: 2, name: 'Reported messages' })).toBeFocused();
  await expect(admin.page).toHaveURL(/\/server\/reports$/);
  const row = admin.page.getByRole('listitem').filter({ hasText: 'A message of Cy' });
  await expect(row).toContainText('It is about me');
  await expect(row).toContainText('Reported by Bo · private room');
  await isAccessible(admin.page, 'reports');
  await row.getByRole('button', { name: 'Look at the message of Cy' }).press('Enter');
  await expect(admin.dialog.getByRole('listitem')).toHaveText([
    /Before it/,
    /Reported message.*Something rude/,
    /After it/,
  ]);
  await isAccessible(admin.page, 'a report');
  // Whoever wrote it may have to go: the account opens over the report.
  await admin.dialog.getByRole('button', { name: 'Manage the account of Cy' }).click();
  await expect(admin.question).toContainText('Deactivate');
  await admin.page.keyboard.press('Escape');
  await expect(admin.dialog).toHaveCount(1);
  await expect(admin.dialog.getByRole('button', { name: 'Manage the account of Cy' })).toBeFocused();
  await admin.dialog.getByRole('button', { name: 'Delete the message' }).click();
  await admin.answers('Delete the message');
  await expect(admin.dialog).toHaveCount(0);
  await expect(row).toContainText('Closed by Ada Lovelace');
  await expect(row.getByRole('button')).toBeFocused();

  await expect(reporter.page.getByText('This message was deleted by Ada Lovelace.')).toBeVisible();
  await expect(reporter.texts).toHaveText(['Before it', 'After it']);
});

test('an admin deletes the message of a member by thumb, in Chinese, and everyone sees who did', async ({
  host,
  account,
  guest,
}) => {
  const bo = await account('Bo');
  await bo.posts(await host.room('general'), 'Rude');
  const room = await host.room('general');
  const phone = { viewport: { width: 360, height: 740 }, hasTouch: true, locale: 'zh-CN' };
  const admin = await guest(host, `/r/${room.id}`, phone);
  const member = await guest(bo, `/r/${room.id}`);
  await admin.taps('Rude');
  await admin.row('Rude').getByRole('button', { name: '更多操作' }).tap();
  await admin.dialog.getByRole('button', { name: '删除消息' }).tap();
  await expect(admin.dialog).toContainText('这条消息由 Bo 撰写');
  await admin.dialog.getByRole('button', { name: '删除' }).tap();
  await expect(admin.page.getByText('此消息已被 Ada Lovelace 删除。')).toBeVisible();
  await expect(member.page.getByText('This message was deleted by Ada Lovelace.')).toBeVisible();
});

test('closing a report of a later page leaves the list as long as it was', async ({
  host,
  account,
  guest,
}) => {
  const [bo, room] = [await account('Bo'), await host.room('general')];
  for (const reason of ['First', 'Second', 'Third']) {
    const { seq } = await bo.posts(room, reason);
    await host.ask('POST', `/rooms/${room.id}/messages/${seq}/report`, { reason });
  }
  const admin = await guest(host, '/', { serviceWorkers: 'block' });
  await admin.page.route('**/api/reports*', (route) => {
    const url = new URL(route.request().url());
    url.searchParams.set('limit', '2');
    return route.continue({ url: url.href });
  });
  await admin.page.goto(`${admin.url}/server/reports`);
  const rows = admin.page.locator('[data-report]');
  await expect(rows).toHaveCount(2);
  await admin.button('Show older ones').click();
  await expect(rows).toHaveCount(3);

  const first = rows.filter({ hasText: 'First' });
  await first.getByRole('button').press('Enter');
  await admin.dialog.getByRole('button', { name: 'Close the report' }).click();
  await expect(first).toContainText('Closed by Ada Lovelace');
  await expect(rows).toHaveCount(3);
  await expect(first.getByRole('button')).toBeFocused();
});

for (const width of [1_280, 390]) {
  test(`a report opens at the reported message, whatever stands around it: ${width} px`, async ({
    host,
    account,
    guest,
  }) => {
    const [bo, room] = [await account('Bo'), await host.room('general')];
    const long = Array.from({ length: 12 }, (_, n) => `Line ${n}.`).join('\n\n');
    await bo.postsAll(room, [
      ...Array.from({ length: 5 }, () => long),
      'Rude',
      ...Array.from({ length: 5 }, () => long),
    ]);
    await host.ask('POST', `/rooms/${room.id}/messages/6/report`, { reason: 'Look' });
    const admin = await guest(host, '/server/reports', { viewport: { width, height: 640 } });
    await admin.button('Look at the message of Bo').click();
    await expect(admin.dialog.getByText('Reported message')).toBeInViewport({ ratio: 1 });
    await expect(admin.dialog.getByText('Rude')).toBeInViewport({ ratio: 1 });
    await expect(admin.dialog.getByRole('button', { name: 'Close the report' })).toBeInViewport({ ratio: 1 });
    expect(await admin.page.evaluate(() => [scrollX, scrollY])).toEqual([0, 0]);
  });
}
