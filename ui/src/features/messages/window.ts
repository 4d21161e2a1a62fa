// Which rows of the list are in the DOM: a run of at most 160, moved 40 at a time. Pure.

const windowFirst = 40;
export const windowMost = 160;
const step = 40;

export interface Window {
  /** Index of the first row in the DOM. */
  readonly from: number;
  /** Index after the last. */
  readonly to: number;
}

/** The last rows. */
export function windowAtEnd(count: number, size = windowFirst): Window {
  return { from: Math.max(0, count - size), to: count };
}

/** Rows around one, the most of them after it. */
export function windowAround(count: number, index: number, size = windowFirst): Window {
  const from = Math.max(0, Math.min(index - Math.floor(size / 3), count - size));
  return { from, to: Math.min(count, from + size) };
}

/** Adds forty rows above, and drops rows below that are too many. */
export function windowUp({ from, to }: Window): Window {
  const next = Math.max(0, from - step);
  return { from: next, to: Math.min(to, next + windowMost) };
}

/** Adds forty rows below, and drops rows above that are too many. */
export function windowDown({ from, to }: Window, count: number): Window {
  const next = Math.min(count, to + step);
  return { from: Math.max(from, next - windowMost), to: next };
}

/**
 * The same rows after the list changed: `first` is where the first row of the window is now. At the end
 * (`pinned`) new rows come in, and forty leave above when there are too many.
 */
export function windowKept(old: Window, first: number, count: number, pinned: boolean): Window {
  const size = old.to - old.from;
  if (!pinned) {
    const from = Math.max(0, Math.min(first, count - 1));
    return { from, to: Math.min(count, from + size) };
  }
  let from = Math.max(0, Math.min(first, count - Math.min(size, windowFirst)));
  while (count - from > windowMost) {
    from += step;
  }
  return { from, to: count };
}
