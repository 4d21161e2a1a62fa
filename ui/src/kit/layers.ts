// What lies over the page: dialogs, menus, cards, and the panel where it covers a room. Each has an entry of the history
// above that of the page, so that Back closes the topmost and stays. The addresses are written here as well: a step in
// the history takes effect later, so all of it happens in one order.
import { useLayoutEffect, useRef } from 'preact/hooks';

/** What closes each of them, from the lowest to the topmost. */
const layers: (() => void)[] = [];
/** The number of the present entry, and how many entries of layers there are from that of the page up to it. */
let at = 0;
let depth = 0;
/** The address of the page. The browser's is another one while a step is under way. */
let address = '';
/** Addresses that are not written yet, because a step is under way. */
const waiting: { path: string; replace: boolean }[] = [];
let travelling = false;
let onPage: (path: string) => void = () => undefined;

/** Called once by startRouter. Calls `show` with the address, now and when Back or Forward lead to another page. */
export function startHistory(show: (path: string) => void): void {
  onPage = show;
  address = here();
  read();
  show(address);
  addEventListener('popstate', moved);
  addEventListener('pageshow', ({ persisted }) => {
    if (persisted) {
      travelling = false;
      moved();
    }
  });
  if (history.length <= depth) {
    depth = 0;
  }
  // The page may have been loaded anew while something was open.
  align();
}

const here = () => location.pathname + location.hash;

function read(): void {
  ({ at = 0, depth = 0 } = (history.state ?? {}) as { at?: number; depth?: number });
}

/** Writes the address of a page that is shown already. */
export function writeAddress(path: string, replace: boolean): void {
  if (path !== address) {
    address = path;
    waiting.push({ path, replace });
    settle();
  }
}

/** Says that something was opened over the page, and what closes it. The function that it returns says that it is gone. */
export function openLayer(close: () => void): () => void {
  const layer = () => close();
  layers.push(layer);
  align();
  return () => {
    const index = layers.indexOf(layer);
    if (index >= 0) {
      layers.splice(index, 1);
      settle();
    }
  };
}

/** A component that is over the page while it is shown, or while `over`. */
export function useLayer(close: () => void, over = true): void {
  const last = useRef(close);
  last.current = close;
  // Runs before it is painted: a person who sees it may go back.
  useLayoutEffect(() => (over ? openLayer(() => last.current()) : undefined), [over]);
}

/** Writes what waits. Then, in a moment, there are as many entries of layers as layers. */
function settle(): void {
  for (let next = waiting[0]; next && !travelling; next = waiting[0]) {
    // The page takes the place of the lowest layer, so that no entry of a layer is left below it.
    const from = next.replace ? 0 : Math.min(depth, 1);
    if (depth > from) {
      travel(from - depth);
      return;
    }
    const over = next.replace || depth > 0;
    depth = 0;
    write(over, next.path);
    waiting.shift();
  }
  // One that is opened by another, which closes, gets the same entry.
  requestAnimationFrame(() => setTimeout(align));
}

function align(): void {
  if (travelling || waiting.length) {
    return;
  }
  while (depth < layers.length) {
    depth++;
    write(false);
  }
  travel(layers.length - depth);
}

function write(replace: boolean, path?: string): void {
  at += replace ? 0 : 1;
  history[replace ? 'replaceState' : 'pushState']({ at, depth }, '', path);
}

function travel(steps: number): void {
  if (steps) {
    travelling = true;
    history.go(steps);
  }
}

/** The browser is at another entry: by a step of our own, or because the person went back or forward. */
function moved(): void {
  const [own, from, above] = [travelling, at, depth];
  travelling = false;
  read();
  const steps = at - from;
  if (!own && steps > 0 && depth) {
    // Forward to something that was closed. It is not opened again.
    travel(-steps);
    return;
  }
  if (!own && steps < 0) {
    const left = layers.length + steps;
    for (const close of layers.slice(Math.max(0, left)).reverse()) {
      close();
    }
    // Back is meant for what the person sees: an entry whose layer has just been closed does not count.
    const more = Math.min(0, left) - Math.min(0, above + steps);
    if (more < 0) {
      history.go(more);
    }
  }
  if (!waiting.length && here() !== address) {
    address = here();
    onPage(address);
  }
  settle();
}
