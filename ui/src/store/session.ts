// Who is signed in, where, and whether the server can be reached. Written by sync/ and actions only.

import { computed, signal } from '@preact/signals';
import type { Limits, Server, User } from '../net/types';
import { sessionSignal } from '../perSession';

/**
 * starting: not known yet (show nothing, or a skeleton after 150 ms). set-up: the server has no owner yet.
 */
type SessionState = 'starting' | 'set-up' | 'signed-out' | 'signed-in';

/** reconnecting: the socket comes back by itself. stopped: it does not, as after a ban. */
export type Connection = 'connecting' | 'online' | 'reconnecting' | 'stopped';

export const session = signal<SessionState>('starting');

/** The signed-in user; also known during an offline start. */
export const me = sessionSignal<User | undefined>(undefined);

/** Known before signing in. Undefined while the server has never been reached. */
export const server = signal<Server | undefined>(undefined);

export const connection = signal<Connection>('connecting');

/** When the socket was lost, in milliseconds of this machine. Undefined while it is connected. */
export const awaySince = sessionSignal<number | undefined>(undefined);

/** How long the server is away. 1: it is said. 2: there is a button too, and why if that can be found. */
export const away = sessionSignal<0 | 1 | 2>(0);

/** After how many milliseconds it is said. */
export const awayAfter = 3_000;

/** Why the server ended the session, for a line on the sign-in page. */
export const endedBecause = signal<'ended' | 'banned' | undefined>(undefined);

export const limits = sessionSignal<Limits>({
  message_characters: 10_000,
  frame_bytes: 131_072,
  socket_writes: 64,
  direct_people: 20,
});

/** Server time minus this machine's time, in milliseconds. */
export const clockSkew = sessionSignal(0);

/** The owner and the admins of the server. */
export const isAdmin = computed(() => me.value?.role === 'owner' || me.value?.role === 'admin');
export const isOwner = computed(() => me.value?.role === 'owner');
