// Whatever takes away from somebody, and cannot be undone, asks first. Cancelling leaves everything as it was.
import { expect, type Guest, test } from './fixtures';

/** Presses what takes away, and cancels: the question says the words. */
async function asks(one: Guest, button: ReturnType<Guest['button']>, words: string | RegExp): Promise<void> {
  const open = await one.dialog.count();
  await button.click();
  await expect(one.dialog).toHaveCount(open + 1);
  await expect(one.question).toContainText(words);
  await expect(one.question.getByRole('button', { name: 'Cancel' })).toBeVisible();
  await one.question.getByRole('button', { name: 'Cancel' }).click();
  await expect(one.dialog).toHaveCount(open);
}

test('removing, taking out, signing out, taking back, making private, deleting', async ({
  host,
  account,
  guest,
}) => {
  const bob = await account('Bo');
  const club = await host.makesRoom('club');
  await host.adds(club, bob);
  const { seq } = await bob.posts(club, 'Something rude');
  await host.ask('POST', `/rooms/${club.id}/messages/${seq}/report`, { reason: 'It is rude' });
  const ada = await guest(host, `/r/${club.id}`);

  await ada.button(/^Show members/).click();
  const panel = ada.page.getByRole('complementary', { name: 'Members' });
  await panel.getByRole('button', { name: /Bo/ }).click();
  await asks(ada, ada.button('Remove from room'), 'Remove Bo from club?');
  await expect(panel.getByRole('button', { name: /Bo/ })).toBeVisible();
  await asks(ada, ada.button('Leave room'), 'Leave club?');
  await ada.button('Room settings').click();
  await ada.dialog.getByRole('button', { name: /Archive or delete/ }).click();
  await asks(ada, ada.dialog.getByRole('button', { name: 'Make private' }), 'Make club private?');
  await expect(ada.dialog).toContainText('Only its members see the room from now on.');

  await ada.page.goto(`${ada.url}/server/invites`);
  await asks(ada, ada.button('Take back').first(), 'Take this link back?');
  await expect(ada.button('Take back').first()).toBeVisible();
  await ada.page.goto(`${ada.url}/server/people`);
  await ada.button('Manage Bo').click();
  await asks(ada, ada.dialog.getByRole('button', { name: 'Sign out everywhere' }), 'Sign Bo out everywhere?');
  const role = ada.dialog.getByLabel('Role on the server');
  await role.selectOption('owner');
  await expect(ada.question).toContainText('Make Bo an owner of the server?');
  await ada.question.getByRole('button', { name: 'Cancel' }).click();
  await expect(role).toHaveValue('member');
  await ada.hasSettled(1);
  await ada.page.goto(`${ada.url}/server/rooms`);
  await ada.button('Look after club').click();
  await asks(ada, ada.button('Take out Bo'), 'Take Bo out of club?');
  await expect(ada.button('Take out Bo')).toBeVisible();
  await ada.page.goto(`${ada.url}/server/reports`);
  await ada.button('Look at the message of Bo').click();
  await asks(ada, ada.dialog.getByRole('button', { name: 'Delete the message' }), 'Delete this message?');
  await expect(ada.dialog).toContainText('Something rude');

  // Nothing of all that was done.
  expect((await host.room('club')).member_count).toBe(2);
  expect((await host.room('club')).kind).toBe('public');
  expect((await host.history(club)).map((m) => m.body)).toContain('Something rude');
  await bob.ask('GET', '/me');
});

test('what was written and not sent is not thrown away by one press', async ({ host, account, guest }) => {
  const bob = await account('Bo');
  const club = await host.makesRoom('club', { kind: 'private' });
  await host.adds(club, bob);
  const bo = await guest(bob, `/r/${club.id}`);
  bo.expected.push(/404/);
  await bo.composer.fill('What I was about to say');
  await host.ask('DELETE', `/rooms/${club.id}/members/${bob.user.id}`);
  await asks(bo, bo.button('Delete'), 'Delete what you wrote?');
  await expect(bo.page.getByText('What I was about to say')).toBeVisible();
});
