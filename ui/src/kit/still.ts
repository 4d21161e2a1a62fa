// Tells when somebody is at a list, by pointer, finger or keys: what they are about to press must not move.
import type { RefObject } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';

/** Milliseconds after which a pointer that rests, or a focus that is left there, no longer counts. */
const rest = 10_000;

/**
 * Calls `tell` with true when somebody comes to the box, and with false once they act elsewhere or do nothing for ten
 * seconds. Returns what ends it.
 */
export function watchHands(box: Element, tell: (there: boolean) => void): () => void {
  const ear = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const left = () => {
    clearTimeout(timer);
    if (timer) {
      timer = undefined;
      tell(false);
    }
  };
  const act = ({ target, type }: Event) => {
    if (target instanceof Node && box.contains(target)) {
      const came = !timer;
      clearTimeout(timer);
      timer = setTimeout(left, rest);
      if (came) {
        tell(true);
      }
    } else if (type !== 'focusin') {
      // Pressing a row may give the focus to something else, and the pointer is still there.
      left();
    }
  };
  for (const type of ['pointermove', 'pointerdown', 'touchmove', 'wheel', 'keydown', 'focusin']) {
    addEventListener(type, act, { capture: true, passive: true, signal: ear.signal });
  }
  return () => {
    ear.abort();
    left();
  };
}

/** What a list shows: as it was while somebody is at it, and as it is once they have left. Another `of` is another list. */
export function useStill<T>(box: RefObject<Element | null>, now: T, of?: unknown): T {
  const [there, setThere] = useState(false);
  const shown = useRef(now);
  const shownOf = useRef(of);
  useLayoutEffect(() => (box.current ? watchHands(box.current, setThere) : undefined), []);
  if (!there || shownOf.current !== of) {
    shownOf.current = of;
    shown.current = now;
  }
  return shown.current;
}
