// Being asked before others add one to a room: by thumb and in Chinese.
import { expect, isAccessible, test } from './fixtures';

const shots = process.env.ASKING_SHOTS;

test('a person answers by thumb who asks them into rooms, in Chinese', async ({ host, account, guest }) => {
  const bo = await account('Bo Chen');
  await bo.ask('PATCH', '/me', { adding: 'ask' });
  const board = await host.makesRoom('读书会', { kind: 'private' });
  const party = await host.makesRoom('a-room-with-a-name-that-is-too-long-for-a-phone', { kind: 'private' });
  const phone = await guest(bo, '/settings/invitations', { locale: 'zh-CN' });
  await expect(phone.page.getByLabel('先征求我同意')).toBeChecked();
  await isAccessible(phone.page, 'the settings');
  if (shots) {
    await phone.page.getByLabel('先征求我同意').scrollIntoViewIfNeeded();
    await phone.page.screenshot({ path: `${shots}/asking-settings-zh.png` });
  }
  await phone.page.goto(`${phone.url}/`);
  await expect(phone.rooms).toBeVisible();
  await host.adds(board, bo);
  await host.adds(party, bo);
  const asked = phone.rooms.getByRole('region', { name: '房间邀请' });
  await expect(asked.getByRole('listitem')).toHaveCount(2);
  await isAccessible(phone.page, 'invitations');
  expect(await phone.smallTargets(44)).toEqual([]);
  expect(await phone.cutOff()).toEqual([]);
  for (const colorScheme of ['light', 'dark'] as const) {
    await phone.page.emulateMedia({ colorScheme });
    await isAccessible(phone.page, `invitations, ${colorScheme}`);
    if (shots) {
      await phone.page.screenshot({ path: `${shots}/asking-invitations-${colorScheme}-zh.png` });
    }
  }
  await phone.button('拒绝：不加入 a-room-with-a-name-that-is-too-long-for-a-phone').tap();
  await phone.answers('拒绝');
  await expect(phone.page.getByText('已拒绝，对方不会得知。')).toBeVisible();
  await phone.button('接受：加入 读书会').tap();
  await expect(phone.title('读书会')).toBeVisible();
});
