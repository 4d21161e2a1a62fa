// The drafts by room. Kept in IndexedDB and shared with other tabs. Written by sync/drafts.ts only.

import type { RoomID } from '../net/types';
import { sessionSignal } from '../perSession';
import { keyed } from './keyed';

export const drafts = sessionSignal<ReadonlyMap<RoomID, string>>(new Map());

/** The draft of one room. The room list shows a pencil when there is one. */
export const draftOf = keyed(drafts);
