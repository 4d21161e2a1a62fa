// What the owner and the admins do to people's accounts.
import { attempt } from '../../net/attempt';
import * as calls from '../../net/calls/people';
import type { Result } from '../../net/result';
import type { Account, MessagesFate, Reset, Role, User, UserID } from '../../net/types';
import { during } from '../../perSession';
import { putUser } from '../../sync/people';

export type { Account, MessagesFate, Reset, Role } from '../../net/types';

/** What is known of an account: where the person is signed in, and when they were seen. */
export function showAccount(person: UserID): Promise<Result<Account>> {
  return attempt(() => calls.showAccount(person));
}

/** Gives someone another role. The failure `last_owner` means that the server would be without an owner. */
export function setRole(person: UserID, role: Role): Promise<Result<User>> {
  return changed(() => calls.changeUser(person, { role }));
}

export function deactivate(person: UserID, messages: MessagesFate): Promise<Result<User>> {
  return changed(() => calls.deactivateUser(person, { messages }));
}

export function reactivate(person: UserID): Promise<Result<User>> {
  return changed(() => calls.reactivateUser(person));
}

/** Signs someone out everywhere. */
export function endSessions(person: UserID): Promise<Result> {
  return attempt(() => calls.endSessions(person));
}

/** Makes a link for a new password. Only this answer has it. */
export function makeReset(person: UserID): Promise<Result<Reset>> {
  return attempt(() => calls.createReset(person));
}

function changed(act: () => Promise<User>): Promise<Result<User>> {
  return attempt(async () => {
    const take = during(putUser);
    const user = await act();
    take(user);
    return user;
  });
}
