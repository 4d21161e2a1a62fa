// Who is writing, by room. Entries expire after 5 seconds. Written by sync/ only.
import { signal } from '@preact/signals';
import type { RoomID, UserID } from '../net/types';
import { keyed } from './keyed';

export const typing = signal<ReadonlyMap<RoomID, readonly UserID[]>>(new Map());
export const typingOf = keyed(typing);
