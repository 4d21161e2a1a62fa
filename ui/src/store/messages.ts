// The messages held in memory: one contiguous segment for each of the last rooms, and what waits in the outbox.
// Written by sync/ and actions only.

import type { Code, Message, RoomID } from '../net/types';
import { perSession, sessionSignal } from '../perSession';
import { keyed } from './keyed';

export type { Message, Reaction } from '../net/types';

export const SEGMENT_MAX = 400;
export const SEGMENTS_KEPT = 20;

/** A run of a room's messages without holes. */
export interface Segment {
  /** In order of seq, each one more than the one before. */
  readonly messages: readonly Message[];
  /** Are there older messages than the first? */
  readonly before: boolean;
  /** Are there newer messages than the last? False: the segment ends at the present. */
  readonly after: boolean;
  /** Every change up to this rev is in it. */
  readonly rev: number;
}

/** A message of one's own that is not known to be stored. */
export interface Pending {
  readonly clientID: string;
  readonly room: RoomID;
  readonly body: string;
  readonly createdAt: number;
  /**
   * queued: waiting or on its way, never a failure. sent: on the server's disk, its event is still to come.
   * refused: certainly not stored.
   */
  readonly state: 'queued' | 'sent' | 'refused';
  readonly code?: Code;
  /** Its place in the room, once sent. */
  readonly seq?: number;
}

export const segments = sessionSignal<ReadonlyMap<RoomID, Segment>>(new Map());
export const segmentOf = keyed(segments);

/** The outbox by room, in the order of sending. */
export const pending = sessionSignal<ReadonlyMap<RoomID, readonly Pending[]>>(new Map());
export const pendingOf = keyed(pending);

/** Rooms whose page could not be loaded. */
export const loadFailed = sessionSignal<ReadonlySet<RoomID>>(new Set());

/** Where a room is being read; tells which end of its segment may be trimmed. Not shown, hence no signal. */
export const reading = perSession(() => new Map<RoomID, { seq: number; atEnd: boolean }>());

/** The room that is on the screen. */
export const openRoom = sessionSignal<RoomID | undefined>(undefined);

/**
 * The line above the first unread message of the open room. Stays until the room is left.
 * `until`: the newest message when the room was opened; quiet: set by hand, no bar.
 */
interface UnreadLine {
  room: RoomID;
  seq: number;
  until: number;
  quiet?: boolean;
}
export const unreadLine = sessionSignal<UnreadLine | undefined>(undefined);
