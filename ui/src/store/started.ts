// Direct rooms begun here: they stay in the list while they are empty. Those that others begin show up with a message.

import type { RoomID } from '../net/types';
import { sessionSignal } from '../perSession';

export const started = sessionSignal<ReadonlySet<RoomID>>(new Set());

export function noteStarted(room: RoomID): void {
  started.value = new Set([...started.peek(), room]);
}
