// State that belongs to one session. Each file declares its own. When the session ends, endSession makes all
// of it new, so nobody has to remember what to clear. test/session.test.ts finds state that is declared in
// another way.
import { batch, type Signal, signal } from '@preact/signals';

const renewals: (() => void)[] = [];
let session = 0;

/** An object that lives as long as a session. Read `now` each time: the next session has another object. */
export function perSession<T extends object>(make: () => T): { readonly now: T } {
  const held = { now: make() };
  renewals.push(() => {
    held.now = make();
  });
  return held;
}

/** A signal that gets its first value back when the session ends. */
export function sessionSignal<T>(first: T): Signal<T> {
  const one = signal(first);
  renewals.push(() => {
    one.value = first;
  });
  return one;
}

/** Lets go of everything that belongs to the session. Called by sync/session.ts only. */
export function endSession(): void {
  session++;
  batch(() => {
    for (const renew of renewals) {
      renew();
    }
  });
}

/**
 * Wraps a function so that it does nothing once the present session has ended. Use it for timers and for
 * answers of the server. The wrapped function returns whether the session was still the same.
 */
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

/** Returns a function that tells later whether the session is still the same. */
export const sameSession = (): (() => boolean) => during(() => undefined);

/** What setTimeout returns; 0 while nothing is set. */
export type Timer = ReturnType<typeof setTimeout> | 0;
