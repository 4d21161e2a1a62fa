// The person's rooms in the model: what becomes of them.
import type { RoomID, RoomState, UserID } from '../net/types';
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

/** Notes until which message a direct room is hidden from the list. */
export function withHidden(model: Model, id: RoomID, until: number): Model {
  const head = model.rooms.get(id);
  return head ? { ...model, rooms: put(model.rooms, id, { ...head, hidden_until: until }) } : model;
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

export function withRead(model: Model, id: RoomID, seq: number): Model {
  const head = model.rooms.get(id);
  if (!head || head.read_seq === seq) {
    return model;
  }
  return { ...model, rooms: put(model.rooms, id, { ...head, read_seq: seq }) };
}
