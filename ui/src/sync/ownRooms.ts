// The person's rooms in the model: what becomes of them.
import type { Message, RoomID, RoomState, UserID } from '../net/types';
import type { Model } from './apply';
import { put, without } from './maps';

/** Adds a room to the person's rooms. Keeps what is known of it and newer. */
export function withRoom(model: Model, added: RoomState): Model {
  const head = model.rooms.get(added.id);
  const newest = head ?? added;
  const next: RoomState = {
    ...(newest.meta > added.meta ? newest : added),
    seq: Math.max(newest.seq, added.seq),
    rev: Math.max(newest.rev, added.rev),
    read_seq: Math.max(head?.read_seq ?? 0, added.read_seq),
    unread: (newest.rev > added.rev ? newest : added).unread,
  };
  return { ...model, rooms: put(model.rooms, added.id, next) };
}

export function withoutRoom(model: Model, id: RoomID): Model {
  return {
    ...model,
    rooms: without(model.rooms, id),
    segments: without(model.segments, id),
    members: without(model.members, id),
    held: without(model.held, id),
  };
}

/** Notes what the person chose for a room: until when it is hidden, whether it is a favorite. */
export function withFacts(model: Model, id: RoomID, facts: Partial<RoomState>): Model {
  const head = model.rooms.get(id);
  return head ? { ...model, rooms: put(model.rooms, id, { ...head, ...facts }) } : model;
}

/** Somebody who left a direct room is not one of its people any more. */
export function withoutPerson(model: Model, id: RoomID, person: UserID): Model {
  const head = model.rooms.get(id);
  if (!head?.member_ids?.includes(person)) {
    return model;
  }
  const member_ids = head.member_ids.filter((one) => one !== person);
  return { ...model, rooms: put(model.rooms, id, { ...head, member_ids }) };
}

/** Tells whether a message is unread when the room is read up to a place, unless it is deleted. */
export const isUnread = (model: Model, readSeq: number, msg: Message): boolean =>
  msg.seq > readSeq && !model.blocked.has(msg.author_id);

/** Moves the read position. Without the number of unread messages, which the server knows, it takes what it sees. */
export function withRead(model: Model, id: RoomID, seq: number, unread?: number): Model {
  const head = model.rooms.get(id);
  if (!head || (head.read_seq === seq && unread === undefined)) {
    return model;
  }
  const next = { ...head, read_seq: seq, unread: unread ?? seenUnread(model, head, seq) };
  return { ...model, rooms: put(model.rooms, id, next) };
}

// Counts in the messages at hand. When they do not reach back to the place, the server's number comes next.
function seenUnread(model: Model, head: RoomState, seq: number): number {
  const seen = model.segments.get(head.id);
  const first = seen?.messages[0];
  return seen && !seen.after && first && first.seq <= seq + 1
    ? seen.messages.filter((msg) => isUnread(model, seq, msg) && !msg.deleted_at).length
    : head.seq - seq;
}
