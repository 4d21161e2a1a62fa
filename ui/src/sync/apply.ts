// Applies events to the model. Pure: takes a model and an event, returns a new model and the work to do next.
import type { ServerEvent } from '../net/socket';
import type {
  Member,
  Message,
  MessageReactions,
  Page,
  ReactionChanged,
  Room,
  RoomChanges,
  RoomID,
  RoomState,
  ServerEvents,
  User,
  UserID,
  Welcome,
} from '../net/types';
import type { Pending, Segment } from '../store/messages';
import type { MemberList } from '../store/rooms';
import { put, without } from './maps';
import { isUnread, withFacts, withoutPerson, withoutRoom, withRead, withRoom } from './ownRooms';
import { withReaction, withReactions } from './reactions';
import { extend, fromPage, merge, trim } from './segment';

/** A live change of a message: the message as it is now, or one reaction to it. */
export type Live = Message | ReactionChanged;
const isReaction = (live: Live): live is ReactionChanged => 'was' in live;

export interface Model {
  readonly me: UserID;
  /** The people whom the person has blocked: their messages are never unread. */
  readonly blocked: ReadonlySet<UserID>;
  readonly epoch: string;
  /** The run of the server in which the copies were last known to be right. */
  readonly run: string;
  readonly rooms: ReadonlyMap<RoomID, RoomState>;
  readonly segments: ReadonlyMap<RoomID, Segment>;
  /** Live changes of messages that wait while their room catches up. */
  readonly held: ReadonlyMap<RoomID, readonly Live[]>;
  readonly members: ReadonlyMap<RoomID, MemberList>;
  readonly people: ReadonlyMap<UserID, User>;
  readonly directory: number;
  readonly pending: ReadonlyMap<RoomID, readonly Pending[]>;
  readonly activity: ReadonlyMap<RoomID, number>;
}

export type Want =
  /** Ask room.changes for a room, from its segment's rev. */
  | { kind: 'changes'; room: RoomID }
  /** Load anew what is shown of a room. */
  | { kind: 'page'; room: RoomID }
  /** Load the members of a room again. */
  | { kind: 'members'; room: RoomID }
  /** Load the people changed since the known directory number. */
  | { kind: 'people' }
  /** Delete every copy on disk. */
  | { kind: 'forget' }
  /** The server has stored these own messages. */
  | { kind: 'stored'; clientIDs: readonly string[] };

export interface Outcome {
  readonly model: Model;
  readonly wants: readonly Want[];
}

/** The place in each room that is being read. Trimming keeps it. */
export type Places = ReadonlyMap<RoomID, { seq: number; atEnd: boolean }>;

const nothing: readonly Want[] = [];
const keep = (model: Model): Outcome => ({ model, wants: nothing });

type Rules = {
  [K in keyof ServerEvents]?: (model: Model, data: ServerEvents[K], places: Places) => Outcome;
};

/** The rules: one function for each event that changes the model. */
const rules: Rules = {
  welcome,
  'message.added': (model, data, places) => message(model, data.message, places, true),
  'message.changed': (model, data, places) => message(model, data.message, places, false),
  'reaction.changed': reaction,
  'room.added': (model, data) => keep(withRoom(model, data.room)),
  'room.changed': (model, data) => room(model, data.room),
  'room.removed': (model, data) => keep(withoutRoom(model, data.room_id)),
  'member.joined': (model, data) =>
    members(model, data.room_id, data.meta, data.member_count, (list) => [
      ...list.filter((m) => m.user_id !== data.member.user_id),
      data.member,
    ]),
  'room.hidden': (model, { room_id, hidden_until }) => keep(withFacts(model, room_id, { hidden_until })),
  'favorite.changed': (model, { room_id, favorite }) => keep(withFacts(model, room_id, { favorite })),
  'member.left': (model, data) =>
    members(
      withoutPerson(model, data.room_id, data.user_id),
      data.room_id,
      data.meta,
      data.member_count,
      (list) => list.filter((m) => m.user_id !== data.user_id),
    ),
  'member.changed': (model, data) => memberChanged(model, data.room_id, data.meta, data.member),
  'read.moved': (model, data) => keep(withRead(model, data.room_id, data.read_seq, data.unread)),
  'user.changed': (model, data) => user(model, data.user, data.directory),
};

/** The events that change the model. */
export const applied = Object.keys(rules) as (keyof ServerEvents)[];

export function apply(model: Model, { event, data }: ServerEvent, places: Places): Outcome {
  const rule = rules[event] as ((model: Model, data: unknown, places: Places) => Outcome) | undefined;
  return rule ? rule(model, data, places) : keep(model);
}

function welcome(before: Model, now: Welcome): Outcome {
  const wants: Want[] = [];
  let model = before;
  const lost = model.run !== '' && !now.runs.includes(model.run);
  if (model.epoch && (model.epoch !== now.epoch || lost)) {
    model = {
      ...model,
      segments: new Map(),
      members: new Map(),
      people: new Map(),
      directory: 0,
      activity: new Map(),
    };
    wants.push({ kind: 'forget' });
  }
  const rooms = new Map(now.rooms.map((r) => [r.id, r]));
  const segments = new Map(model.segments);
  for (const [id, segment] of segments) {
    const head = rooms.get(id);
    if (!head) {
      segments.delete(id);
    } else if (head.rev !== segment.rev) {
      wants.push({ kind: 'changes', room: id });
    }
  }
  for (const [id, list] of model.members) {
    const head = rooms.get(id);
    if (head && head.meta !== list.meta) {
      wants.push({ kind: 'members', room: id });
    }
  }
  if (model.directory !== now.directory) {
    wants.push({ kind: 'people' });
  }
  const people = put(model.people, now.user.id, now.user);
  // A message sent over HTTP into a room without a segment needs no row any more.
  const pending = new Map(
    [...model.pending].map(([id, list]) => [
      id,
      segments.has(id) ? list : list.filter((p) => p.state !== 'sent'),
    ]),
  );
  const known = { epoch: now.epoch, run: now.runs[0] ?? '' };
  return { model: { ...model, ...known, pending, rooms, segments, held: new Map(), people }, wants };
}

function message(model: Model, msg: Message, places: Places, added: boolean): Outcome {
  const head = model.rooms.get(msg.room_id);
  if (!head) {
    return keep(model);
  }
  const own = added && msg.author_id === model.me;
  const next: RoomState = {
    ...head,
    rev: Math.max(head.rev, msg.rev),
    seq: Math.max(head.seq, msg.seq),
    read_seq: own ? Math.max(head.read_seq, msg.seq) : head.read_seq,
    unread: msg.rev <= head.rev ? head.unread : own ? 0 : unreadAfter(model, head, msg, added),
  };
  let moved: Model = { ...model, rooms: put(model.rooms, next.id, next) };
  if (added) {
    moved = { ...moved, activity: put(moved.activity, next.id, msg.created_at) };
  }
  const out = place(moved, msg, places);
  return own ? settle(out, msg.room_id, [msg]) : out;
}

// A message is deleted once: nothing changes a tombstone.
function unreadAfter(model: Model, head: RoomState, msg: Message, added: boolean): number {
  const more = added ? 1 : msg.deleted_at ? -1 : 0;
  return Math.max(0, head.unread + (isUnread(model, head.read_seq, msg) ? more : 0));
}

function reaction(model: Model, event: ReactionChanged, places: Places): Outcome {
  const head = model.rooms.get(event.room_id);
  if (!head) {
    return keep(model);
  }
  const next = { ...head, rev: Math.max(head.rev, event.rev) };
  return place({ ...model, rooms: put(model.rooms, next.id, next) }, event, places);
}

// Applies a live change to its segment if it is the next one. If not, or if the segment has not the message
// that a reaction changes, asks for the changes since the segment's rev.
function place(model: Model, live: Live, places: Places): Outcome {
  const id = live.room_id;
  const held = model.held.get(id);
  if (held) {
    return keep({ ...model, held: put(model.held, id, [...held, live]) });
  }
  const segment = model.segments.get(id);
  if (!segment || live.rev <= segment.rev) {
    return keep(model);
  }
  const next = live.rev === segment.rev + 1 ? withLive(segment, live) : undefined;
  if (!next) {
    return { model: { ...model, held: put(model.held, id, [live]) }, wants: [{ kind: 'changes', room: id }] };
  }
  return keep({ ...model, segments: put(model.segments, id, trim(next, places.get(id))) });
}

function withLive(segment: Segment, live: Live): Segment | undefined {
  return isReaction(live) ? withReaction(segment, live) : merge(segment, [live], live.rev);
}

/** Makes the live messages of a room wait, because it begins to catch up. */
export function hold(model: Model, id: RoomID): Model {
  return model.held.has(id) ? model : { ...model, held: put(model.held, id, []) };
}

/**
 * Applies all answers to room.changes for one room: whole messages, and the reactions to messages whose text
 * did not change. The last of the answers has no `more`.
 */
export function caughtUp(
  model: Model,
  last: RoomChanges,
  all: readonly Message[],
  places: Places,
  reacted: readonly MessageReactions[] = [],
): Outcome {
  const id = last.room_id;
  const waiting = model.held.get(id) ?? [];
  const free: Model = { ...model, held: without(model.held, id) };
  const segment = free.segments.get(id);
  if (last.state === 'ahead' || last.state === 'not_found') {
    return {
      model: { ...free, segments: without(free.segments, id) },
      wants: last.state === 'ahead' ? [{ kind: 'page', room: id }] : nothing,
    };
  }
  if (last.state === 'too_far') {
    return { model: free, wants: [{ kind: 'page', room: id }] };
  }
  if (!segment) {
    return keep(free);
  }
  const merged = withReactions(merge(segment, all, last.rev), reacted, segment.after);
  if (!merged) {
    return { model: free, wants: [{ kind: 'page', room: id }] };
  }
  const grown = trim(merged, places.get(id));
  let out = settle(keep({ ...free, segments: put(free.segments, id, grown) }), id, all);
  for (const live of waiting) {
    const step = place(out.model, live, places);
    out = { model: step.model, wants: [...out.wants, ...step.wants] };
  }
  return out;
}

/** Applies a page that came over HTTP: as the new segment, or at one of its ends. */
export function page(
  model: Model,
  id: RoomID,
  got: Page,
  side: 'all' | 'older' | 'newer',
  places: Places,
): Outcome {
  const old = model.segments.get(id);
  const joined = old && side !== 'all' ? extend(old, got, side) : fromPage(got);
  const segment = trim(joined, side === 'all' ? undefined : sided(joined, side, places.get(id)));
  const out = settle(keep({ ...model, segments: put(model.segments, id, segment) }), id, got.messages);
  const head = model.rooms.get(id);
  return head && segment.rev < head.rev
    ? { ...out, wants: [...out.wants, { kind: 'changes', room: id }] }
    : out;
}

// A person who asked for older messages looks at the older end.
function sided(segment: Segment, side: 'older' | 'newer', place?: { seq: number; atEnd: boolean }) {
  const edge = (side === 'older' ? segment.messages[0] : segment.messages.at(-1))?.seq ?? 0;
  return { seq: place?.seq ?? edge, atEnd: side === 'newer' && (place?.atEnd ?? false) };
}

// Removes stored messages from the outbox of a room.
function settle(out: Outcome, id: RoomID, stored: readonly Message[]): Outcome {
  const waiting = out.model.pending.get(id);
  if (!waiting?.length) {
    return out;
  }
  const mine = new Set(stored.filter((m) => m.author_id === out.model.me).map((m) => m.client_id));
  const last = out.model.segments.get(id)?.messages.at(-1)?.seq ?? 0;
  const done = waiting.filter((p) => mine.has(p.clientID) || (p.seq !== undefined && p.seq <= last));
  if (!done.length) {
    return out;
  }
  const left = waiting.filter((p) => !done.includes(p));
  return {
    model: { ...out.model, pending: put(out.model.pending, id, left) },
    wants: [...out.wants, { kind: 'stored', clientIDs: done.map((p) => p.clientID) }],
  };
}

function room(model: Model, changed: Room): Outcome {
  const head = model.rooms.get(changed.id);
  if (!head || changed.meta < head.meta) {
    return keep(model);
  }
  // Events of messages bring the newest seq and rev. Those in room.changed may be older.
  // A room in use has no archived_at.
  const next = { ...head, archived_at: 0, ...changed, seq: head.seq, rev: head.rev };
  return keep({ ...model, rooms: put(model.rooms, changed.id, next) });
}

function members(
  model: Model,
  id: RoomID,
  meta: number,
  count: number,
  change: (list: readonly Member[]) => readonly Member[],
): Outcome {
  const head = model.rooms.get(id);
  const known = model.members.get(id);
  const rooms =
    head && meta > head.meta ? put(model.rooms, id, { ...head, meta, member_count: count }) : model.rooms;
  if (!known || meta <= known.meta) {
    return keep({ ...model, rooms });
  }
  const list = { meta, members: change(known.members) };
  return keep({ ...model, rooms, members: put(model.members, id, list) });
}

function memberChanged(model: Model, id: RoomID, meta: number, member: Member): Outcome {
  const count = model.rooms.get(id)?.member_count ?? 0;
  const out = members(model, id, meta, count, (list) =>
    list.map((m) => (m.user_id === member.user_id ? member : m)),
  );
  const head = out.model.rooms.get(id);
  if (!head || member.user_id !== model.me) {
    return out;
  }
  return keep({ ...out.model, rooms: put(out.model.rooms, id, { ...head, role: member.role }) });
}

function user(model: Model, changed: User, directory: number): Outcome {
  const people = put(model.people, changed.id, changed);
  if (directory === model.directory + 1) {
    return keep({ ...model, people, directory });
  }
  // Other people changed in between and are loaded. This person is shown already.
  return { model: { ...model, people }, wants: directory > model.directory ? [{ kind: 'people' }] : nothing };
}
