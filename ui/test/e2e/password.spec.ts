// Changing the password: this browser goes on, in all its tabs, and everything else is signed out.
import { expect, isAccessible, password, test } from './fixtures';

test('a new password leaves this browser signed in and can end the tokens of programs', async ({
  host,
  guest,
}) => {
  const ada = await guest(host, '/settings/password');
  const tab = await ada.opensTab('/r/1');
  const { token } = await host.ask<{ token: string }>('POST', '/tokens', { bot: 'shop', scopes: ['read'] });
  const next = 'another long password';
  ada.expected.push(/401/);
  await ada.page.getByLabel('Current password').fill(password);
  await ada.page.getByLabel('New password').fill(next);
  await ada.page.getByRole('checkbox', { name: /Also end the tokens/ }).check();
  await isAccessible(ada.page, 'the form of the password');
  await ada.button('Change password').click();
  await expect(ada.page.getByText('Password changed.')).toBeVisible();
  await expect(ada.page.getByRole('checkbox', { name: /Also end the tokens/ })).not.toBeChecked();
  // The sockets of both tabs were closed, and come back with the cookie of the new session.
  await tab.composer.fill('Still here');
  await tab.composer.press('Enter');
  await tab.hasSent();
  await ada.page.goto(`${ada.url}/r/1`);
  await ada.sees('Still here');
  const refused = await fetch(`${host.server.api}/api/rooms`, {
    headers: { Authorization: `Bearer ${token}` },
  });
  expect(refused.status).toBe(401);
});
