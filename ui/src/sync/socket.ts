// The one socket of this tab. Other files register here to hear of events, so this file imports none of them.
import { onAnswered } from '../net/api';
import { type ServerEvent, Socket, type SocketState } from '../net/socket';
import type { ServerEvents } from '../net/types';

type Name = keyof ServerEvents;
type Heard<Answer> = Map<Name, ((data: never) => Answer)[]>;

const checks: Heard<boolean> = new Map();
const acts: Heard<void> = new Map();
const states: ((state: SocketState, code: number) => void)[] = [];
let ask: () => void = () => undefined;

/** Registers a function for an event. Several files may register for the same event. */
export function on<K extends Name>(event: K, act: (data: ServerEvents[K]) => void): void {
  acts.set(event, [...(acts.get(event) ?? []), act]);
}

/** Registers a check for an event. When it returns false, nobody hears of the event. */
export function onlyIf<K extends Name>(event: K, check: (data: ServerEvents[K]) => boolean): void {
  checks.set(event, [...(checks.get(event) ?? []), check]);
}

/** Registers a function for changes of the connection. `code` is the code of the close. */
export function onState(act: (state: SocketState, code: number) => void): void {
  states.push(act);
}

/** Registers a function that runs on each new connection, after the welcome was applied. */
export function onOnline(act: () => void): void {
  onState((state) => {
    if (state === 'online') {
      act();
    }
  });
}

/** Registers the function that asks whether the session has ended, when the server closed the socket. */
export function onAsk(act: () => void): void {
  ask = act;
}

/** Calls the functions that are registered for an event. Exported for tests. */
export function hear({ event, data }: ServerEvent): void {
  if ((checks.get(event) ?? []).every((check) => check(data as never))) {
    for (const act of acts.get(event) ?? []) {
      act(data as never);
    }
  }
}

export const socket = new Socket({
  event: hear,
  state(state, code) {
    for (const act of states) {
      act(state, code);
    }
  },
  ask: () => ask(),
});

// Whatever the server answers over HTTP shows that it is back.
onAnswered(() => socket.hurry());
