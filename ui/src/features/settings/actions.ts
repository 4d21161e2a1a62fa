// One's own profile and password.
import { attempt } from '../../net/attempt';
import * as calls from '../../net/calls/people';
import type { Result } from '../../net/result';
import type { PasswordChange, User } from '../../net/types';
import { during } from '../../perSession';
import { putUser } from '../../sync/people';

/** Another display name for oneself. */
export function editProfile(displayName: string): Promise<Result<User>> {
  return attempt(async () => {
    const take = during(putUser);
    const user = await calls.changeProfile({ display_name: displayName });
    take(user);
    return user;
  });
}

/** Sets another password; every other session of the person ends. */
export function changePassword(form: PasswordChange): Promise<Result> {
  return attempt(() => calls.changePassword(form));
}
