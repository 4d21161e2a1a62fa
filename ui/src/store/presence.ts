// Who is online, of the people that watchPeople asks for. Who is not in it is unknown: nobody has asked yet, or the
// server is away. Written by sync/ only.

import type { Presence, UserID } from '../net/types';
import { sessionSignal } from '../perSession';
import { keyed } from './keyed';

export const presence = sessionSignal<ReadonlyMap<UserID, Presence>>(new Map());
export const presenceOf = keyed(presence);

/** How many people are online on the server. */
export const onlineCount = sessionSignal(0);
