// The owner's tools on a phone, by thumb and in Chinese.
import { expect, isAccessible, test } from './fixtures';

const shots = process.env.PEOPLE_SHOTS;

test('an owner looks after people by thumb, in Chinese', async ({ host, account, guest }) => {
  await account('Bo');
  const phone = { locale: 'zh-CN' };
  const owner = await guest(host, '/server/people', phone);
  const button = owner.page.getByRole('button', { name: '管理 Bo' });
  await expect(button).toBeVisible(); // the page's code comes when it is wanted
  await isAccessible(owner.page, 'the list of people');
  const box = await button.boundingBox();
  expect(box?.height).toBeGreaterThanOrEqual(44);
  if (shots) {
    await owner.page.screenshot({ path: `${shots}/people-phone.png` });
  }
  await button.tap();
  await owner.dialog.getByRole('button', { name: '生成新密码链接' }).tap();
  const link = owner.dialog.getByLabel('供 Bo 设置新密码的链接');
  await expect(link).toBeVisible();
  // Safari zooms into fields with smaller letters.
  await expect(link).toHaveCSS('font-size', '16px');
  await isAccessible(owner.page, 'an account');
  if (shots) {
    await owner.page.screenshot({ path: `${shots}/people-phone-account.png` });
  }
  for (const one of await owner.dialog.getByRole('button').all()) {
    expect((await one.boundingBox())?.height).toBeGreaterThanOrEqual(44);
  }
  await owner.dialog.getByRole('button', { name: '停用' }).tap();
  await isAccessible(owner.page, 'deactivating');
  if (shots) {
    await owner.page.screenshot({ path: `${shots}/people-phone-deactivate.png` });
  }
  await owner.question.getByRole('button', { name: '停用' }).tap();
  await expect(owner.dialog).toHaveCount(1);
  await expect(owner.dialog).toContainText('已停用');
  await owner.page.goto(`${owner.url}/server/audit`);
  await expect(owner.page.getByRole('listitem').first()).toContainText('停用了 Bo 的账号');
  await isAccessible(owner.page, 'the audit log');
  if (shots) {
    await owner.page.screenshot({ path: `${shots}/people-phone-audit.png` });
  }
});
