// Blocking people for oneself.
import { attempt } from '../../net/attempt';
import * as calls from '../../net/calls/blocks';
import type { Result } from '../../net/result';
import type { UserID } from '../../net/types';
import { during } from '../../perSession';
import { putBlock } from '../../sync/blocks';

/** Blocks somebody, or ends that. */
export function setBlocked(person: UserID, is: boolean): Promise<Result> {
  return attempt(async () => {
    const take = during(putBlock);
    take(await (is ? calls.block : calls.unblock)(person));
  });
}
