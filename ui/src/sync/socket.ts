// The one socket of this tab. Whoever wants to hear of events registers here, so that this file knows none of them.
import { type ServerEvent, Socket, type SocketState } from '../net/socket';
import type { ServerEvents } from '../net/types';

type Name = keyof ServerEvents;
type Heard<Answer> = Map<Name, ((data: never) => Answer)[]>;

const checks: Heard<boolean> = new Map();
const acts: Heard<void> = new Map();
const states: ((state: SocketState, code: number) => void)[] = [];
let ask: () => void = () => undefined;

/** What to do at the moment an event comes. Several may register for the same event. */
export function on<K extends Name>(event: K, act: (data: ServerEvents[K]) => void): void {
  acts.set(event, [...(acts.get(event) ?? []), act]);
}

/** Asked before anyone hears of an event: false, and nobody does. */
export function onlyIf<K extends Name>(event: K, check: (data: ServerEvents[K]) => boolean): void {
  checks.set(event, [...(checks.get(event) ?? []), check]);
}

/** What to do when the connection changes. `code` is that of the close. */
export function onState(act: (state: SocketState, code: number) => void): void {
  states.push(act);
}

/** What to do each time the connection is there, after the welcome was applied. */
export function onOnline(act: () => void): void {
  onState((state) => {
    if (state === 'online') {
      act();
    }
  });
}

/** What to do when the server closed the socket because the session may have ended. */
export function onAsk(act: () => void): void {
  ask = act;
}

/** Hands an event to those who registered for it. Exported for tests. */
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
