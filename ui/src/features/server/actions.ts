// The server's settings and its invites.

import { api } from '../../net/api';
import { attempt } from '../../net/attempt';
import type { Invite, InviteID, Invites, NewInvite, Server, ServerChange } from '../../net/types';
import type { Result } from '../../result';
import { server } from '../../store/session';

export type { Invite } from '../../net/types';

export function editServer(change: ServerChange): Promise<Result<Server>> {
  return attempt(async () => {
    const changed = await api<Server>('PATCH', '/server', change);
    server.value = changed;
    return changed;
  });
}

/** The invites that still work. */
export function listInvites(): Promise<Result<Invite[]>> {
  return attempt(async () => (await api<Invites>('GET', '/invites')).invites);
}

/** Makes an invite. Its `code` and `url` are shown only now. `expires_in` is in seconds. */
export function createInvite(form: NewInvite): Promise<Result<Invite>> {
  return attempt(() => api<Invite>('POST', '/invites', form));
}

export function endInvite(invite: InviteID): Promise<Result> {
  return attempt(() => api<void>('DELETE', `/invites/${invite}`));
}
