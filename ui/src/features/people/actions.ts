// People: one's own profile, roles, presence.

import { api } from '../../net/api';
import { attempt } from '../../net/attempt';
import type { Role, User, UserID } from '../../net/types';
import type { Result } from '../../result';
import { putUser } from '../../sync/live';
import { during } from '../../sync/model';

/** Another display name for oneself. */
export function editProfile(displayName: string): Promise<Result<User>> {
  return attempt(async () => {
    const take = during(putUser);
    const user = await api<User>('PATCH', '/me', { display_name: displayName });
    take(user);
    return user;
  });
}

/** Makes someone an admin, or no longer. */
export function setRole(person: UserID, role: Exclude<Role, 'owner'>): Promise<Result<User>> {
  return attempt(async () => {
    const take = during(putUser);
    const user = await api<User>('PATCH', `/users/${person}`, { role });
    take(user);
    return user;
  });
}

/**
 * Says who is on the screen, so that their presence comes in. Each part of the screen has its own `by`
 * ('panel', 'list', …); an empty list ends it.
 */
export { watchPeople } from '../../sync/presence';
