// Puts a popover beside the element that opened it, inside the window. Not every browser has CSS anchors yet.
const gap = 4;
const margin = 8;

/**
 * Puts it below the anchor, or above where there is more room. Aligns the ends, or with `fromStart` the
 * starts. Does so again when the window changes its size, until the popover is closed.
 */
export function place(popover: HTMLElement, anchor: Element, fromStart = false): void {
  put(popover, anchor, fromStart);
  const again = () => {
    if (popover.matches(':popover-open')) {
      put(popover, anchor, fromStart);
    } else {
      removeEventListener('resize', again);
    }
  };
  addEventListener('resize', again);
}

function put(popover: HTMLElement, anchor: Element, fromStart: boolean): void {
  const at = anchor.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = popover;
  const below = at.bottom + gap + height + margin <= innerHeight || at.top < innerHeight - at.bottom;
  const top = below ? at.bottom + gap : at.top - gap - height;
  const start = !fromStart && at.right - width >= margin ? at.right - width : at.left;
  popover.style.inset = 'auto';
  popover.style.margin = '0';
  popover.style.top = `${Math.max(margin, Math.min(top, innerHeight - height - margin))}px`;
  popover.style.left = `${Math.max(margin, Math.min(start, innerWidth - width - margin))}px`;
}
