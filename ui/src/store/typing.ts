// Who is typing, by room. Entries expire after 5 seconds. Written by sync/ only.

import type { RoomID, UserID } from '../net/types';
import { sessionSignal } from '../perSession';
import { keyed } from './keyed';

export const typing = sessionSignal<ReadonlyMap<RoomID, readonly UserID[]>>(new Map());
export const typingOf = keyed(typing);
