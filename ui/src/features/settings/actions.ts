// Changes the profile and the password of the signed-in person.
import { attempt } from '../../net/attempt';
import * as calls from '../../net/calls/accounts';
import type { Result } from '../../net/result';
import type { Adding, PasswordChange, User } from '../../net/types';
import { during } from '../../perSession';
import { adding } from '../../store/invitations';
import { putUser } from '../../sync/people';

/** Changes the display name. */
export function editProfile(displayName: string): Promise<Result<User>> {
  return attempt(async () => {
    const take = during(putUser);
    const user = await calls.changeProfile({ display_name: displayName });
    take(user);
    return user;
  });
}

/** Says who brings the person into rooms. */
export function setAdding(value: Adding): Promise<Result> {
  return attempt(async () => {
    const take = during(() => {
      adding.value = value;
    });
    await calls.changeProfile({ adding: value });
    take();
  });
}

/** Changes the password. The server ends every session of the person, and gives this browser a new one. */
export function changePassword(form: PasswordChange): Promise<Result> {
  return attempt(() => calls.changePassword(form));
}
