// The server's settings, and the roles of people on it.
import { attempt } from '../../net/attempt';
import { changeUser } from '../../net/calls/people';
import { changeServer } from '../../net/calls/server';
import type { Result } from '../../net/result';
import type { Role, Server, ServerChange, User, UserID } from '../../net/types';
import { during } from '../../perSession';
import { server } from '../../store/session';
import { putUser } from '../../sync/people';

export function editServer(change: ServerChange): Promise<Result<Server>> {
  return attempt(async () => {
    const changed = await changeServer(change);
    server.value = changed;
    return changed;
  });
}

/** Makes someone an admin, or no longer. */
export function setRole(person: UserID, role: Exclude<Role, 'owner'>): Promise<Result<User>> {
  return attempt(async () => {
    const take = during(putUser);
    const user = await changeUser(person, { role });
    take(user);
    return user;
  });
}
