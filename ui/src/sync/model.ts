// Reads the signals as one model, and writes them back. Only this file writes the signals that events change.
import { batch, type Signal } from '@preact/signals';
import type { RoomID } from '../net/types';
import { perSession } from '../perSession';
import { blocked } from '../store/blocks';
import { pending, reading, segments } from '../store/messages';
import { directory, people } from '../store/people';
import { activity, members, rooms } from '../store/rooms';
import { me } from '../store/session';
import type { Live, Model, Outcome, Places, Want } from './apply';

/** The parts of the model that no component shows, so they are no signals. */
const hidden = perSession(() => ({
  held: new Map() as ReadonlyMap<RoomID, readonly Live[]>,
  epoch: '',
  run: '',
}));

/** The place in each room that is being read. */
export const places = (): Places => reading.now;

export function read(): Model {
  return {
    me: me.peek()?.id ?? 0,
    blocked: blocked.peek(),
    ...hidden.now,
    rooms: rooms.peek(),
    segments: segments.peek(),
    members: members.peek(),
    people: people.peek(),
    directory: directory.peek(),
    pending: pending.peek(),
    activity: activity.peek(),
  };
}

export function write(model: Model): void {
  hidden.now.held = model.held;
  hidden.now.epoch = model.epoch;
  hidden.now.run = model.run;
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

type Kind = Want['kind'];
type Serve<K extends Kind> = (want: Extract<Want, { kind: K }>) => void;
const servers = new Map<Kind, (want: never) => void>();

/** Registers a function that does one kind of work that apply asks for. */
export function onWant<K extends Kind>(kind: K, serve: Serve<K>): void {
  servers.set(kind, serve);
}

/** Reads, changes and writes the model in one step, then starts the work that apply asks for. */
export function change(act: (model: Model) => Model | Outcome): void {
  const out = act(read());
  if ('model' in out) {
    write(out.model);
    for (const want of out.wants) {
      servers.get(want.kind)?.(want as never);
    }
  } else {
    write(out);
  }
}
