// Direct rooms begun in this tab, which the list shows while they are empty. Others show with their first
// message.

import type { RoomID } from '../net/types';
import { sessionSignal } from '../perSession';

export const started = sessionSignal<ReadonlySet<RoomID>>(new Set());

export function noteStarted(room: RoomID): void {
  started.value = new Set([...started.peek(), room]);
}
