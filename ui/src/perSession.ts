// State that belongs to one session. It is declared where it is used and made anew when the session ends, all of it
// at once: nobody has to remember what to clear. test/session.test.ts finds state that is declared otherwise.
import { batch, type Signal, signal } from '@preact/signals';

const renewals: (() => void)[] = [];
let session = 0;

/** An object that lives as long as a session. `now` is that of the present session; do not keep it for later. */
export function perSession<T extends object>(make: () => T): { readonly now: T } {
  const held = { now: make() };
  renewals.push(() => {
    held.now = make();
  });
  return held;
}

/** A signal that has its first value again when the next session begins. */
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
 * The same function, but it does nothing once the session of now has ended. For timers and for answers of the server.
 * It returns whether the session was still the same.
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

/** Returns a function that tells later whether the session is still the one of now. */
export const sameSession = (): (() => boolean) => during(() => undefined);

/** What setTimeout returns; 0 while nothing is set. */
export type Timer = ReturnType<typeof setTimeout> | 0;
