// The signals as one model, and back. The only writer of the stores that events change.
import { batch, type Signal } from '@preact/signals';
import type { Message, RoomID } from '../net/types';
import { pending, reading, segments } from '../store/messages';
import { directory, people } from '../store/people';
import { activity, members, rooms } from '../store/rooms';
import { me } from '../store/session';
import type { Model, Outcome, Want } from './apply';

let held: ReadonlyMap<RoomID, readonly Message[]> = new Map();
let epoch = '';

export const places = reading;

/** Raised when the session ends: what was asked for before that belongs to nobody any more. */
let session = 0;

/** The same act, done only as long as the session is the one of now: for the answer to a question asked now. */
export function during<Args extends unknown[]>(act: (...args: Args) => void): (...args: Args) => boolean {
  const asked = session;
  return (...args) => {
    const same = asked === session;
    if (same) {
      act(...args);
    }
    return same;
  };
}

/** Tells later whether the session is still the one of now. */
export const sameSession = (): (() => boolean) => during(() => undefined);

export const currentEpoch = () => epoch;

export function read(): Model {
  return {
    me: me.peek()?.id ?? 0,
    epoch,
    rooms: rooms.peek(),
    segments: segments.peek(),
    held,
    members: members.peek(),
    people: people.peek(),
    directory: directory.peek(),
    pending: pending.peek(),
    activity: activity.peek(),
  };
}

export function write(model: Model): void {
  held = model.held;
  epoch = model.epoch;
  batch(() => {
    set(rooms, model.rooms);
    set(segments, model.segments);
    set(members, model.members);
    set(people, model.people);
    set(directory, model.directory);
    set(pending, model.pending);
    set(activity, model.activity);
  });
}

function set<T>(one: Signal<T>, value: T): void {
  one.value = value;
}

let serve: (wants: readonly Want[]) => void = () => undefined;

/** Who fulfils what apply wants. */
export function onWants(how: (wants: readonly Want[]) => void): void {
  serve = how;
}

/** Reads, changes and writes the model in one step, and sees to what is wanted. */
export function change(act: (model: Model) => Model | Outcome): void {
  const out = act(read());
  if ('model' in out) {
    write(out.model);
    if (out.wants.length) {
      serve(out.wants);
    }
  } else {
    write(out);
  }
}

export function resetModel(): void {
  session++;
  write({
    me: 0,
    epoch: '',
    rooms: new Map(),
    segments: new Map(),
    held: new Map(),
    members: new Map(),
    people: new Map(),
    directory: 0,
    pending: new Map(),
    activity: new Map(),
  });
}
