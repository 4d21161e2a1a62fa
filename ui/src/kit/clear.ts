// Finds a place for what lies over the page for a moment, where it covers nothing that can be pressed.

const controls =
  'a[href], button, input, select, textarea, summary, [role="menuitem"], [role="option"], label:has(input)';
const gap = 8;

type Box = Pick<DOMRect, 'top' | 'bottom' | 'left' | 'right'>;

/**
 * How far a box goes up, or down, from where it would stand: so far that it covers no control, if there is such a place
 * nearby, or else none that stays where it is while a list scrolls. `layer` is what can be pressed; `self` does not count.
 */
export function shiftOf(box: Box, up: boolean, layer: Element, self: Element): number {
  const edge = up ? box.top - gap : innerHeight - gap - box.bottom;
  const all = boxesIn(layer, self);
  const fixed = all.filter((one) => !one.scrolls);
  return find(box, up, all, Math.min(edge, innerHeight / 3)) ?? find(box, up, fixed, edge) ?? 0;
}

/** Does the box cover a control that no list scrolls away? */
export const coversFixed = (box: Box, layer: Element, self: Element): boolean =>
  boxesIn(layer, self).some((one) => !one.scrolls && meet(box, one));

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

/** What can be pressed now, as far as it is in sight. */
function boxesIn(layer: Element, self: Element): (Box & { scrolls: boolean })[] {
  return [...layer.querySelectorAll(controls)].flatMap((one) => {
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
    return top < bottom && left < right ? [{ top, bottom, left, right, scrolls }] : [];
  });
}
