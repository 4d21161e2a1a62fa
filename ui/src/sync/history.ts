// Loads pages of messages: when a room opens, at both ends, around a message, and again when a copy is too
// old.
import { ApiError } from '../net/api';
import { listMessages } from '../net/calls/messages';
import type { RoomID } from '../net/types';
import { perSession, sameSession } from '../perSession';
import { loadFailed, openRoom, reading, SEGMENTS_KEPT, type Segment, segments } from '../store/messages';
import { previews, rooms } from '../store/rooms';
import { page } from './apply';
import { cachedPage } from './cache';
import { catchUp } from './catchup';
import { put, without } from './maps';
import { change, onWant, places } from './model';
import './read';
import { onOnline } from './socket';

const history = perSession(() => ({
  /** The rooms whose segments are kept. The room opened last is at the end. */
  recent: [] as RoomID[],
  /** The requests on their way, by room and place, so that none is sent twice. */
  loading: new Map<string, Promise<void>>(),
  /** What was asked for last in place of what is shown of a room. Earlier answers that come later are ignored. */
  wanted: new Map<RoomID, string>(),
}));

onWant('page', (want) => reloadPage(want.room));
// At once: a room that is opened after this loads its own page. Which page to load depends on the read
// positions that read.ts restores. It is imported, so it has registered before.
onOnline(resumeOpenRoom);

/**
 * Opens a room: shows the kept copy at once, then loads what is missing. With `seq` that is the part around
 * that message, without it the part around the first unread one, or else the newest messages.
 */
export async function openRoomAt(id: RoomID, seq?: number): Promise<void> {
  openRoom.value = id;
  keepRecent(id);
  const head = rooms.peek().get(id);
  if (!segments.peek().has(id) && head) {
    const current = sameSession();
    const kept = await cachedPage(id);
    if (!current()) {
      return;
    }
    if (kept && !segments.peek().has(id)) {
      show(id, kept);
      if (kept.rev !== rooms.peek().get(id)?.rev) {
        catchUp(id);
      }
    }
  }
  // A welcome may have come meanwhile.
  const now = rooms.peek().get(id);
  const goal = seq ?? (now?.unread ? now.read_seq + 1 : undefined);
  const segment = segments.peek().get(id);
  const present = segment && !segment.after;
  const fits = segment && (goal === undefined ? present : covers(segment, goal));
  if (fits && head) {
    return;
  }
  await (goal === undefined ? loadPresent(id) : loadAround(id, goal));
}

function show(id: RoomID, segment: Segment): void {
  change((model) => ({ ...model, segments: put(model.segments, id, segment) }));
}

/** Tells whether a message is in a segment, or will be once the room has caught up. */
function covers(segment: Segment, seq: number): boolean {
  const first = segment.messages[0]?.seq;
  const last = segment.messages.at(-1)?.seq;
  return (
    first !== undefined &&
    last !== undefined &&
    seq >= first &&
    (seq <= last || (!segment.after && seq === last + 1))
  );
}

function keepRecent(id: RoomID): void {
  const recent = [...history.now.recent.filter((one) => one !== id), id];
  const gone = recent.slice(0, -SEGMENTS_KEPT);
  history.now.recent = recent.slice(-SEGMENTS_KEPT);
  if (gone.length) {
    change((model) => ({
      ...model,
      segments: new Map([...model.segments].filter(([room]) => !gone.includes(room))),
    }));
  }
}

/** Loads the open room again when the server is back, if its messages could not be loaded. */
function resumeOpenRoom(): void {
  const id = openRoom.peek();
  const known = id !== undefined && (rooms.peek().has(id) || previews.peek().has(id));
  if (known && (!segments.peek().has(id) || loadFailed.peek().has(id))) {
    void openRoomAt(id);
  }
}

/**
 * Closes the open room. Drops a segment from the middle of the history: the room opens at its end next time.
 */
export function leaveOpenRoom(): void {
  const id = openRoom.peek();
  if (id !== undefined && segments.peek().get(id)?.after) {
    change((model) => ({ ...model, segments: without(model.segments, id) }));
  }
  openRoom.value = undefined;
}

/**
 * Loads the shown part of the open room again. Drops the segment of another room, which is loaded when it
 * opens.
 */
function reloadPage(id: RoomID): void {
  const place = reading.now.get(id);
  if (openRoom.peek() !== id) {
    change((model) => ({ ...model, segments: without(model.segments, id) }));
  } else if (!place || place.atEnd) {
    void loadPresent(id);
  } else {
    void loadAround(id, place.seq);
  }
}

export function loadPresent(id: RoomID): Promise<void> {
  const segment = segments.peek().get(id);
  return segment && !segment.after && !loadFailed.peek().has(id) && rooms.peek().get(id)?.rev === segment.rev
    ? Promise.resolve()
    : load(id, {}, 'all');
}

export function loadAround(id: RoomID, seq: number): Promise<void> {
  return load(id, { around: seq }, 'all');
}

export async function loadOlder(id: RoomID): Promise<void> {
  const segment = segments.peek().get(id);
  const first = segment?.messages[0]?.seq;
  if (segment?.before && first !== undefined) {
    await load(id, { before: first }, 'older');
  }
}

export async function loadNewer(id: RoomID): Promise<void> {
  const segment = segments.peek().get(id);
  const last = segment?.messages.at(-1)?.seq;
  if (segment?.after && last !== undefined) {
    await load(id, { after: last }, 'newer');
  }
}

/** Where a page is: at the newest message, or next to one. */
type Where = { before?: number; after?: number; around?: number };

const keyOf = (id: RoomID, where: Where) => `${id} ${JSON.stringify(where)}`;

function load(id: RoomID, where: Where, side: 'all' | 'older' | 'newer'): Promise<void> {
  const key = keyOf(id, where);
  const { loading, wanted } = history.now;
  if (side === 'all') {
    wanted.set(id, key);
  }
  let running = loading.get(key);
  if (!running) {
    const mine = fetchPage(id, where, side).finally(() => loading.get(key) === mine && loading.delete(key));
    loading.set(key, mine);
    running = mine;
  }
  return running;
}

async function fetchPage(id: RoomID, where: Where, side: 'all' | 'older' | 'newer'): Promise<void> {
  const size = side === 'all' ? 50 : 80;
  const current = sameSession();
  const stands = () => current() && (side !== 'all' || history.now.wanted.get(id) === keyOf(id, where));
  try {
    const got = await listMessages(id, { limit: size, ...where });
    if (stands()) {
      change((model) => page(model, id, got, side, places()));
      setFailed(id, false);
    }
  } catch (error) {
    if (!(error instanceof ApiError)) {
      throw error;
    }
    if (stands()) {
      setFailed(id, true);
    }
  }
}

function setFailed(id: RoomID, failed: boolean): void {
  if (loadFailed.peek().has(id) !== failed) {
    const next = new Set(loadFailed.peek());
    if (failed) {
      next.add(id);
    } else {
      next.delete(id);
    }
    loadFailed.value = next;
  }
}
