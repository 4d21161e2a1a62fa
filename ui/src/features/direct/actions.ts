// Opening a direct room.

import { focusComposer } from '../../kit/focus';
import { dropKeys, holdKeys } from '../../kit/held';
import { toast } from '../../kit/toasts';
import { isTouch } from '../../kit/touch';
import { attempt } from '../../net/attempt';
import * as calls from '../../net/calls/rooms';
import type { Result } from '../../net/result';
import type { DirectRoom, UserID } from '../../net/types';
import { during } from '../../perSession';
import { go } from '../../router';
import { noteStarted } from '../../store/started';
import { addRoom } from '../../sync/rooms';
import { failureText } from '../failures/failureText';
import { waitingFor } from '../find-people/waiting';

/** Finds the direct room of exactly these people and the caller, or makes it. */
function openDirect(others: readonly UserID[]): Promise<Result<DirectRoom>> {
  return attempt(async () => {
    const add = during(addRoom);
    const room = await calls.createDirect({ user_ids: [...others] });
    add(room);
    return room;
  });
}

/** Goes to the direct room with these people. */
export async function writeTo(others: readonly UserID[]): Promise<boolean> {
  const handOver = holdKeys();
  const result = await openDirect(others);
  if (!result.ok) {
    dropKeys();
    void handOver();
    toast(failureText(result.failure), { kind: 'error' });
    return false;
  }
  const waiting = waitingFor(result.value.asked);
  if (waiting) {
    toast(waiting);
  }
  noteStarted(result.value.id);
  go({ name: 'room', room: result.value.id });
  // The room may be the open one.
  if (!isTouch()) {
    focusComposer();
  }
  void handOver();
  return true;
}
