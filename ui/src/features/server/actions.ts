// The server's settings.
import { attempt } from '../../net/attempt';
import { changeServer } from '../../net/calls/server';
import type { Result } from '../../net/result';
import type { Server, ServerChange } from '../../net/types';
import { server } from '../../store/session';

export function editServer(change: ServerChange): Promise<Result<Server>> {
  return attempt(async () => {
    const changed = await changeServer(change);
    server.value = changed;
    return changed;
  });
}
