// Direct rooms begun here: they stay in the list while they are empty. Those that others begin show up with a message.
import { signal } from '@preact/signals';
import type { RoomID } from '../net/types';

export const started = signal<ReadonlySet<RoomID>>(new Set());

export function noteStarted(room: RoomID): void {
  started.value = new Set([...started.peek(), room]);
}
