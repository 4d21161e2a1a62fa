// Invite links.
import { attempt } from '../../net/attempt';
import * as calls from '../../net/calls/server';
import type { Result } from '../../net/result';
import type { Invite, InviteID, NewInvite } from '../../net/types';
import { whole } from '../../net/whole';

export type { Invite } from '../../net/types';

/** The invites that still work. */
export function listInvites(): Promise<Result<Invite[]>> {
  return attempt(() =>
    whole(async (last) => {
      const { invites, more } = await calls.listInvites(last ? { before: last.id } : {});
      return { list: invites, more };
    }),
  );
}

/** Makes an invite. The answer is the only one with its `code` and `url`. `expires_in` is in seconds. */
export function createInvite(form: NewInvite): Promise<Result<Invite>> {
  return attempt(() => calls.createInvite(form));
}

export function endInvite(invite: InviteID): Promise<Result> {
  return attempt(() => calls.endInvite(invite));
}
