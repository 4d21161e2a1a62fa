// The beginning of a room: what it says, and what it offers to whom.
import { expect, isAccessible, test } from './fixtures';

test('the beginning invites people to a new server, and adds those who are there to a room', async ({
  host,
  account,
  guest,
}) => {
  const general = await host.room('general');
  const ada = await guest(host, `/r/${general.id}`);
  const main = ada.page.getByRole('main');
  await expect(main.getByRole('heading', { level: 2, name: 'general' })).toBeVisible();
  await expect(main.getByText('Write the first message.')).toBeVisible();
  await isAccessible(ada.page, 'empty room');
  await main.getByRole('button', { name: 'Invite people' }).click();
  await expect(ada.dialog.getByRole('heading', { name: 'Invite people' })).toBeVisible();
  await ada.page.keyboard.press('Escape');

  const bo = await account('Bo Larsen');
  await expect(main.getByRole('button', { name: 'Add people' })).toBeVisible();
  await expect(main.getByRole('button', { name: 'Invite people' })).toHaveCount(0);
  await main.getByRole('button', { name: 'Add a topic' }).click();
  await ada.dialog.getByLabel('Topic').fill('Everything that has no other place');
  await ada.dialog.getByRole('button', { name: 'Save' }).click();
  await expect(main.getByText('Everything that has no other place').last()).toBeVisible();

  // The first message does not move what was above it.
  const top = () =>
    main.getByRole('heading', { level: 2 }).evaluate((one) => one.getBoundingClientRect().top);
  const before = await top();
  await ada.sends('First');
  expect(Math.abs((await top()) - before)).toBeLessThanOrEqual(1);
  await expect(main.getByText('Write the first message.')).toHaveCount(0);

  const direct = await host.writesTo(bo);
  const one = await guest(bo, `/r/${direct.id}`);
  await expect(one.page.getByRole('heading', { level: 2, name: 'Ada Lovelace' })).toBeVisible();
  await expect(one.page.getByText('your conversation with Ada Lovelace')).toBeVisible();
  await expect(one.page.getByRole('main').getByRole('button', { name: 'Add people' })).toHaveCount(0);
});

test('sentences of Chinese stand without a space between them', async ({ host, guest, someone }) => {
  const room = await host.makesRoom('花园', { kind: 'private' });
  const ada = await guest(host, `/r/${room.id}`, { locale: 'zh-CN' });
  const all = '花园 从这里开始。只有成员可以看到这个房间。这里还没有消息，来发第一条吧。';
  await expect(ada.page.getByText('从这里开始')).toHaveText(all);
  const stranger = await someone('Bo', { locale: 'zh-CN' });
  await stranger.page.goto(ada.url);
  await expect(stranger.page.getByText('第一次来')).toHaveText(/^第一次来？加入需要邀请链接，/);
});
