// Signing in.
import { attempt } from '../../net/attempt';
import { login } from '../../net/calls/accounts';
import type { Result } from '../../net/result';
import { startSession } from '../../sync/session';

/** Signs in and goes online. Does not change the address. */
export function signIn(name: string, password: string): Promise<Result> {
  return attempt(async () => {
    const { user } = await login({ name, password });
    await startSession(user);
  });
}
