// Choosing another password by a link.
import { attempt } from '../../net/attempt';
import * as calls from '../../net/calls/people';
import type { Result } from '../../net/result';
import type { ResetCheck, ResetPassword } from '../../net/types';
import { session } from '../../store/session';
import { startSession } from '../../sync/session';

/** Whose password a link is for. The failure `not_found` means that it no longer works. */
export function checkReset(code: string): Promise<Result<ResetCheck>> {
  return attempt(() => calls.checkReset({ code }));
}

/** Chooses the password and signs the person in. */
export function choosePassword(form: ResetPassword): Promise<Result> {
  return attempt(async () => {
    const { user } = await calls.choosePassword(form);
    if (session.peek() === 'signed-in') {
      // Somebody else may have been signed in here: nothing of theirs may stay.
      location.replace('/');
      return;
    }
    await startSession(user);
  });
}
