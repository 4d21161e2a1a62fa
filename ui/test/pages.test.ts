// Lists that the server gives in pages: nobody takes the end of a page for the end of the list.
import { expect, test, vi } from 'vitest';
import { listInvites } from '../src/features/invites/actions';
import { listTokens } from '../src/features/server/tokens';
import type { Member } from '../src/net/types';
import { directory, people } from '../src/store/people';
import { members } from '../src/store/rooms';
import { change } from '../src/sync/model';
import { loadMembers } from '../src/sync/people';
import { socket } from '../src/sync/socket';
import '../src/sync/live';
import { comesOnline, network, settled } from './network';

const member = (id: number): Member => ({ user_id: id, role: 'member', joined_at: 0 });

test('members are loaded page by page', async () => {
  const asked = network(({ path }) =>
    path.includes('after=2')
      ? { members: [member(3)], meta: 7, more: false }
      : { members: [member(1), member(2)], meta: 7, more: true },
  );
  await loadMembers(1);
  expect(asked.map((one) => one.path)).toEqual(['/rooms/1/members', '/rooms/1/members?after=2']);
  expect(members.peek().get(1)).toMatchObject({ members: [1, 2, 3].map(member), meta: 7 });
});

test('members that change between two pages are loaded again', async () => {
  let joined = false;
  const asked = network(({ path }) => {
    if (path.includes('after')) {
      joined = true;
      return { members: [member(3)], meta: 8, more: false };
    }
    return { members: [member(joined ? 2 : 1)], meta: joined ? 8 : 7, more: true };
  });
  await loadMembers(2, true);
  expect(asked).toHaveLength(4);
  expect(members.peek().get(2)).toMatchObject({ members: [2, 3].map(member), meta: 8 });
});

test('people are loaded to the last page, and only then count as known', async () => {
  vi.stubGlobal('requestAnimationFrame', (act: () => void) => queueMicrotask(act));
  vi.stubGlobal('cancelAnimationFrame', () => undefined);
  comesOnline();
  const user = (id: number) => ({
    id,
    name: `p${id}`,
    display_name: '',
    role: 'member' as const,
    created_at: 0,
  });
  const asked = network();
  change((model) => ({ ...model, directory: 0 }));
  const { listener } = socket as unknown as { listener: { event: (event: unknown) => void } };
  listener.event({ event: 'user.changed', data: { user: user(9), directory: 9 } });
  await settled();
  asked[0]?.answers({ users: [user(1)], directory: 4, more: true });
  await settled();
  expect(asked.map((one) => one.path)).toEqual(['/users', '/users?since=4']);
  expect(directory.peek()).toBe(0);
  asked[1]?.answers({ users: [user(2)], directory: 9, more: false });
  await settled();
  expect([...people.peek().keys()].sort()).toEqual([1, 2, 9]);
  expect(directory.peek()).toBe(9);
});

test('invites and tokens are loaded page by page', async () => {
  const asked = network(({ path }) => {
    const more = !path.includes('before');
    const list = [{ id: more ? 5 : 4 }];
    return path.startsWith('/invites') ? { invites: list, more } : { tokens: list, more };
  });
  expect(await listInvites()).toMatchObject({ value: [{ id: 5 }, { id: 4 }] });
  expect(await listTokens()).toMatchObject({ value: [{ id: 5 }, { id: 4 }] });
  expect(asked.map((one) => one.path)).toEqual([
    '/invites',
    '/invites?before=5',
    '/tokens',
    '/tokens?before=5',
  ]);
});
