// The messages in memory: one segment for each of the last rooms, and the outbox.
// Written by sync/ and actions only.

import type { Code, Message, RoomID } from '../net/types';
import { perSession, sessionSignal } from '../perSession';
import { keyed } from './keyed';

export type { Message, Reaction } from '../net/types';

export const SEGMENT_MAX = 400;
export const SEGMENTS_KEPT = 20;

/** Messages of a room without a gap. */
export interface Segment {
  /** In order of seq. Each seq is one more than the one before. */
  readonly messages: readonly Message[];
  /** There are older messages than the first. */
  readonly before: boolean;
  /** There are newer messages than the last. False: the last message is the newest of the room. */
  readonly after: boolean;
  /** The segment contains every change up to this rev. */
  readonly rev: number;
}

/** An own message that is not known to be stored. */
export interface Pending {
  readonly clientID: string;
  readonly room: RoomID;
  readonly body: string;
  readonly createdAt: number;
  /**
   * queued: waiting or on its way. sent: stored by the server, its event is still to come. refused: the
   * server did not store it.
   */
  readonly state: 'queued' | 'sent' | 'refused';
  readonly code?: Code;
  /** Its seq, once sent. */
  readonly seq?: number;
}

export const segments = sessionSignal<ReadonlyMap<RoomID, Segment>>(new Map());
export const segmentOf = keyed(segments);

/** The outbox by room, in the order of sending. */
export const pending = sessionSignal<ReadonlyMap<RoomID, readonly Pending[]>>(new Map());
export const pendingOf = keyed(pending);

/** Rooms whose page could not be loaded. */
export const loadFailed = sessionSignal<ReadonlySet<RoomID>>(new Set());

/**
 * The place being read in each room. Trimming drops the other end. No component shows it, so it is no signal.
 */
export const reading = perSession(() => new Map<RoomID, { seq: number; atEnd: boolean }>());

/** The open room. */
export const openRoom = sessionSignal<RoomID | undefined>(undefined);

/**
 * The line above the first unread message of the open room. It stays until the room is closed, or until more comes
 * while nobody looks. `until`: the newest message when it was drawn, `count`: how many were unread then. `quiet`:
 * set by hand, so no bar is shown. `opens`: the list goes where it would if the room was opened.
 */
interface UnreadLine {
  room: RoomID;
  seq: number;
  until: number;
  count: number;
  quiet?: boolean;
  opens?: boolean;
}
export const unreadLine = sessionSignal<UnreadLine | undefined>(undefined);
