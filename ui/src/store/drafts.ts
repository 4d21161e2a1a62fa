// What is written and not sent, by room; shared with other tabs and kept in IndexedDB. Written by actions only.

import type { RoomID } from '../net/types';
import { sessionSignal } from '../perSession';
import { keyed } from './keyed';

export const drafts = sessionSignal<ReadonlyMap<RoomID, string>>(new Map());

/** The draft of one room. The room list shows a pencil when there is one. */
export const draftOf = keyed(drafts);
