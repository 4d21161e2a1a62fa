// Who brings the reader into rooms, and who asks whether they want to come. Written by sync/ and actions only.
import type { Adding, RoomInvitation } from '../net/types';
import { sessionSignal } from '../perSession';

export type { RoomInvitation } from '../net/types';

export const adding = sessionSignal<Adding>('anyone');

/** The room invitations that wait for an answer, the oldest first. */
export const roomInvitations = sessionSignal<readonly RoomInvitation[]>([]);
