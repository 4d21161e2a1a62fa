// The people whom the reader has blocked. Written by sync/ and actions only.
import type { UserID } from '../net/types';
import { sessionSignal } from '../perSession';

export const blocked = sessionSignal<ReadonlySet<UserID>>(new Set());
