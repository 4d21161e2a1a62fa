// Finds a place for what lies over the page for a moment, where it covers nothing that can be pressed, nor what has the
// focus, nor the text of the last message.

const controls =
  'a[href], button, input, select, textarea, summary, [role="menuitem"], [role="option"], label:has(input)';
/** What somebody reads or writes now, though it may be in a list that scrolls. */
const used = '[data-row]:last-child .markdown, article:has(textarea) :is(textarea, button), :focus:not(h1)';
const gap = 8;

type Box = Pick<DOMRect, 'top' | 'bottom' | 'left' | 'right'>;

/**
 * How far a box goes up, or down, from where it would stand: so far that it covers none of these, if there is such a
 * place nearby, or else no control of a list that is not in use, or else none that stays where it is while a list
 * scrolls. `layer` is what can be pressed; `self` does not count.
 */
export function shiftOf(box: Box, up: boolean, layer: Element, self: Element): number {
  const edge = up ? box.top - gap : innerHeight - gap - box.bottom;
  const all = boxesIn(layer, self);
  const inUse = all.filter((one) => !one.scrolls || one.inUse);
  const fixed = all.filter((one) => !one.scrolls);
  return (
    find(box, up, all, Math.min(edge, innerHeight / 3)) ??
    find(box, up, inUse, edge) ??
    find(box, up, fixed, edge) ??
    0
  );
}

/** Does the box cover something that no list scrolls away, or that is in use? */
export const coversInUse = (box: Box, layer: Element, self: Element): boolean =>
  boxesIn(layer, self).some((one) => (!one.scrolls || one.inUse) && meet(box, one));

function find(box: Box, up: boolean, others: readonly Box[], most: number): number | undefined {
  const moved = (by: number) => {
    const down = up ? -by : by;
    return { ...box, top: box.top + down, bottom: box.bottom + down };
  };
  return [0, ...others.map((one) => (up ? box.bottom - one.top : one.bottom - box.top) + gap)]
    .filter((by) => by === 0 || (by > 0 && by <= most))
    .sort((a, b) => a - b)
    .find((by) => !others.some((one) => meet(moved(by), one)));
}

const meet = (a: Box, b: Box) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

interface Thing extends Box {
  scrolls: boolean;
  inUse: boolean;
}

/** What can be pressed or is in use, where it stands once the layer has come to its place. */
function boxesIn(layer: Element, self: Element): Thing[] {
  const moves = layer.getAnimations().map((one) => [one, one.currentTime] as const);
  for (const [one] of moves) {
    one.currentTime = one.effect?.getComputedTiming().endTime ?? 0;
  }
  const all = boxesNow(layer, self);
  for (const [one, time] of moves) {
    one.currentTime = time;
  }
  return all;
}

/** As far as it is in sight. */
function boxesNow(layer: Element, self: Element): Thing[] {
  return [...layer.querySelectorAll(`${controls}, ${used}`)].flatMap((one) => {
    if (
      self.contains(one) ||
      one.closest('[inert], .hidden') ||
      !one.checkVisibility({ visibilityProperty: true })
    ) {
      return [];
    }
    let { top, bottom, left, right } = one.getBoundingClientRect();
    let scrolls = false;
    for (let at = one.parentElement; at && at !== layer; at = at.parentElement) {
      if (at.scrollHeight > at.clientHeight + 1 && /auto|scroll/.test(getComputedStyle(at).overflowY)) {
        const seen = at.getBoundingClientRect();
        [top, bottom] = [Math.max(top, seen.top), Math.min(bottom, seen.bottom)];
        scrolls = true;
      }
    }
    const inUse = one.matches(used);
    return top < bottom && left < right ? [{ top, bottom, left, right, scrolls, inUse }] : [];
  });
}
