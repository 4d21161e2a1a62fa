// Gives the focus to a neighbour when the element that had it is gone: a row of a list, a reaction, a dialog, a
// whole page. Without this the next key would go nowhere. Its code is fetched after the first load.
import { roomField } from './focus';
import pill from './Pill.module.css';
import { isTouch } from './touch';

const controls = 'a[href], button, input, select, textarea, [tabindex]';

/** What had the focus last, or what stands in its place since it is gone. */
let last: HTMLElement | undefined;
/** `last` was taken out of the page while it had the focus. */
let gone = false;
/** What had the focus before each open dialog, menu or card. */
const before = new Map<Element, HTMLElement>();
let waiting = 0;

/** Called once. Returns a function that stops it. */
export function keepFocus(): () => void {
  const watcher = new MutationObserver(changed);
  watcher.observe(document.body, {
    subtree: true,
    childList: true,
    attributeFilter: ['disabled', 'hidden', 'inert'],
  });
  const ear = new AbortController();
  const { signal } = ear;
  addEventListener('focusin', came, { signal });
  addEventListener('focusout', left, { signal });
  came({ target: document.activeElement });
  // The form or the page before this one may be gone, and nothing here has taken the focus. What was not there at the
  // last look may take it itself.
  let starting = 0;
  const give = (known?: HTMLElement) => {
    const near = document.activeElement === document.body ? nearest(document.body, null) : undefined;
    if (near && near === known) {
      near.focus();
    } else if (near) {
      starting = afterEffects(() => give(near));
    }
  };
  give();
  return () => {
    cancelAnimationFrame(starting);
    watcher.disconnect();
    ear.abort();
    last = undefined;
    before.clear();
  };
}

const layerOf = (element: Element) => element.closest('dialog, [popover]');

function came({ target }: { target: EventTarget | null }): void {
  if (!(target instanceof HTMLElement) || target === document.body) {
    return;
  }
  const layer = layerOf(target);
  let from = last;
  // Coming back from a question to the dialog under it is not an opening of the dialog.
  while (layer && from && !layer.contains(from)) {
    const inner: Element | null = layerOf(from);
    const outer: HTMLElement | undefined = inner ? before.get(inner) : undefined;
    // A dialog stays under what opens over it. A menu or a card is closed by then.
    const stays = inner?.matches('dialog[open]') && !(outer && layer.contains(outer));
    // What is gone was in this layer itself, if the layer was open already: such as the field that copies a text.
    if ((stays || !outer) && (from.isConnected || !before.has(layer))) {
      before.set(layer, from);
    }
    from = stays ? undefined : outer;
  }
  last = target;
  gone = false;
}

/** A click beside everything takes the focus away on purpose. Nothing is given back then. */
function left({ target, relatedTarget }: FocusEvent): void {
  if (!relatedTarget && target === last) {
    setTimeout(() => {
      if (target === last && document.activeElement === document.body && last && usable(last)) {
        last = undefined;
      }
    });
  }
}

function changed(records: MutationRecord[]): void {
  for (const [layer, from] of before) {
    if (!from.isConnected) {
      const place = standIn(from, records);
      if (place && !layer.contains(place)) {
        before.set(layer, place);
      } else {
        before.delete(layer);
      }
    }
  }
  while (last && !last.isConnected) {
    gone = true;
    const layer: Element | null = layerOf(last);
    const outer = layer && !layer.isConnected ? before.get(layer) : undefined;
    if (layer && !layer.isConnected) {
      before.delete(layer);
    }
    last = outer ?? standIn(last, records);
  }
  if (last && !waiting) {
    waiting = afterEffects(recover);
  }
}

/** After the effects of the new view, which may give the focus to something themselves. */
const afterEffects = (act: () => void) => requestAnimationFrame(() => setTimeout(act));

function recover(): void {
  waiting = 0;
  const at = document.activeElement;
  if (!last || (at && at !== document.body)) {
    return;
  }
  if (usable(last)) {
    if (gone) {
      last.focus();
    }
    return;
  }
  const near = nearest(last.parentElement, last);
  near?.focus();
}

/** What gets the focus in place of an element that was taken out of the page. */
function standIn(lost: HTMLElement, records: readonly MutationRecord[]): HTMLElement | undefined {
  let at: Element = lost;
  while (!at.isConnected) {
    const inside = at;
    const record = records.findLast((one) => [...one.removedNodes].some((node) => node.contains(inside)));
    if (!record || !(record.target instanceof Element)) {
      return nearest(document.body, null);
    }
    // It lay over the messages, and is no neighbour of them: the keys go on in the room.
    if (lost.closest(`.${pill.pill}`) && record.target.closest('[data-region="main"]')) {
      return roomField() ?? undefined;
    }
    const root = [...record.removedNodes].find((node) => node.contains(inside));
    const kin = root instanceof Element && beside(record, root, lost);
    if (kin) {
      return kin;
    }
    at = record.target;
    if (at.isConnected) {
      return nearest(at, record.nextSibling);
    }
  }
  return nearest(at, null);
}

/** The same control in the next row of a list, or in the one before it. */
function beside(record: MutationRecord, root: Element, lost: Element): HTMLElement | undefined {
  const index = [...root.querySelectorAll(controls)].indexOf(lost);
  for (const [first, step] of [
    [record.nextSibling, 'nextSibling'],
    [record.previousSibling, 'previousSibling'],
  ] as const) {
    for (let node = first; node; node = node[step]) {
      if (node instanceof Element && node.localName === root.localName && node.isConnected) {
        const inside = [...node.querySelectorAll(controls)];
        const found = [node, inside[index], ...inside].find((one) => one && usable(one));
        if (found instanceof HTMLElement) {
          return found;
        }
      }
    }
  }
  return undefined;
}

/** The element around it that can have the focus, or else what comes before `point` in the same part. */
function nearest(start: Element | null, point: Node | null): HTMLElement | undefined {
  for (let at = start; at; at = at.parentElement) {
    if (usable(at) && !at.matches('main, dialog')) {
      return at as HTMLElement;
    }
    if (at.querySelector('[data-region]:not([data-region="list"])')) {
      // Outside the parts of the window: they are not neighbours of each other.
      break;
    }
    const composer = isTouch() ? null : at.querySelector<HTMLElement>('[data-composer]');
    if (composer && usable(composer)) {
      return composer;
    }
    const inside = [...at.querySelectorAll<HTMLElement>(controls)].filter(
      (one) => one.tabIndex >= 0 && usable(one) && layerOf(one) === layerOf(at),
    );
    const earlier = (one: Element) =>
      point && one.compareDocumentPosition(point) & Node.DOCUMENT_POSITION_FOLLOWING;
    const found = inside.findLast(earlier) ?? inside[0];
    if (found) {
      return found;
    }
    const title = at.querySelector<HTMLElement>(':scope > h2[tabindex]');
    if (title) {
      // A section of a page in which nothing is left. What is beside it leads away from it.
      return title;
    }
    if (at.matches('[data-region], dialog, [popover]')) {
      break;
    }
  }
  const main = document.querySelector('[data-region="main"]') ?? document.querySelector('main');
  const heading = main?.querySelector<HTMLElement>('h1[tabindex]');
  // A page whose code is still coming has nothing yet. It takes the focus itself.
  return start === main || !main ? (heading ?? undefined) : (heading ?? nearest(main, null));
}

function usable(one: Element): boolean {
  return (
    one.isConnected &&
    one.matches(controls) &&
    !one.matches(':disabled, [type="hidden"], [aria-hidden="true"], [inert] *') &&
    one.checkVisibility({ visibilityProperty: true })
  );
}
