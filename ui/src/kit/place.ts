// Puts a popover beside the element that opened it, inside the window. CSS anchors are not in every browser yet.
const gap = 4;
const margin = 8;

/** Below the anchor, or above it when there is more room; aligned with its end, or with its start when asked. */
export function place(popover: HTMLElement, anchor: Element, fromStart = false): void {
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
