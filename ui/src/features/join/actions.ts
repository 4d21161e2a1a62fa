// Making an account: the first one of a server, by an invite, or where the server is open.
import { attempt } from '../../net/attempt';
import * as accounts from '../../net/calls/accounts';
import * as server from '../../net/calls/server';
import type { Result } from '../../net/result';
import type { InviteCheck, Registering, Setup } from '../../net/types';
import { startSession } from '../../sync/session';

/** Makes the first user, who owns the server. */
export function setUp(form: Setup): Promise<Result> {
  return attempt(async () => {
    const { user } = await accounts.setUp(form);
    await startSession(user);
  });
}

/** Makes an account: with an invite's code, or without when the server is open. */
export function register(form: Registering): Promise<Result> {
  return attempt(async () => {
    const { user } = await accounts.register(form);
    await startSession(user);
  });
}

/** Who made an invite. The failure `not_found` means that it no longer works. */
export function checkInvite(code: string): Promise<Result<InviteCheck>> {
  return attempt(() => server.checkInvite({ code }));
}
