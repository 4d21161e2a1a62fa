// Maps addresses to routes, with the History API and one signal.
import { signal } from '@preact/signals';
import { startHistory, writeAddress } from './kit/layers';

export type Route =
  | { name: 'list' }
  | { name: 'room'; room: number; seq?: number }
  | { name: 'settings'; section: string }
  | { name: 'server'; section: string }
  | { name: 'notifications' }
  | { name: 'sign-in' }
  | { name: 'register' }
  | { name: 'setup'; code: string }
  | { name: 'invite'; code: string }
  | { name: 'reset'; code: string }
  | { name: 'not-found' };

/** The pages whose address is their name. */
const pages = ['sign-in', 'register', 'notifications'] as const;

/** Sections of the server's settings that were pages: links to them lead to the section. */
const moved = /^(reports|rooms|people|audit)$/;

/** The route of an address. `/settings` and `/server` have section ''. */
export function parse(pathname: string, hash = ''): Route {
  const [head = '', second = '', third = '', ...rest] = pathname.split('/').filter(Boolean);
  const code = decoded(hash.replace(/^#/, ''));
  const alone = !second;
  if (!head) {
    return { name: 'list' };
  }
  if (head === 'r' && isNumber(second) && rest.length === 0 && (!third || isNumber(third))) {
    return { name: 'room', room: Number(second), ...(third ? { seq: Number(third) } : {}) };
  }
  if ((head === 'settings' || head === 'server') && !third) {
    return { name: head, section: second };
  }
  if (alone && moved.test(head)) {
    return { name: 'server', section: head };
  }
  const page = alone && pages.find((name) => name === head);
  if (page) {
    return { name: page };
  }
  if ((head === 'setup' || head === 'invite' || head === 'reset') && alone) {
    return { name: head, code };
  }
  return { name: 'not-found' };
}

// A broken link must not stop the client.
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const isNumber = (text: string) => /^[1-9]\d{0,15}$/.test(text);

/** The address of a route, for href. */
export function pathOf(route: Route): string {
  switch (route.name) {
    case 'list':
      return '/';
    case 'room':
      return route.seq ? `/r/${route.room}/${route.seq}` : `/r/${route.room}`;
    case 'settings':
    case 'server':
      return route.section ? `/${route.name}/${route.section}` : `/${route.name}`;
    case 'setup':
    case 'invite':
    case 'reset':
      return route.code ? `/${route.name}#${encodeURIComponent(route.code)}` : `/${route.name}`;
    case 'not-found':
      return '/';
    default:
      return `/${route.name}`;
  }
}

/** The route that is shown. Components read it; go changes it. */
export const route = signal<Route>({ name: 'list' });

/** Counts every go, so that a second click on a link to a message scrolls there again. */
export const visits = signal(0);

/** Shows a route. Adds it to the history, or with `replace` replaces the current entry. */
export function go(to: Route, replace = false): void {
  const path = pathOf(to);
  writeAddress(path, replace);
  show(path);
}

/** What had the focus when the route changed. If something else has it later, the person chose that. */
export let focusBefore: Element | null = null;

function show(path: string): void {
  focusBefore = document.activeElement;
  const to = parse(...(path.split(/(?=#)/) as [string, string]));
  route.value = to;
  visits.value++;
  if (to.name === 'server') {
    // It may be an address of before the section was one.
    writeAddress(pathOf(to), true);
  }
}

/** Called once by start. Reads the address; follows Back, Forward and plain clicks on links of the client. */
export function startRouter(): void {
  startHistory(show);
  addEventListener('click', (event) => {
    const link = event.target instanceof Element ? event.target.closest('a') : null;
    const plain = !(
      event.defaultPrevented ||
      event.button ||
      event.metaKey ||
      event.ctrlKey ||
      event.shiftKey ||
      event.altKey
    );
    if (
      !link?.href ||
      !plain ||
      link.target ||
      link.hasAttribute('download') ||
      link.origin !== location.origin
    ) {
      return;
    }
    const to = parse(link.pathname, link.hash);
    if (to.name !== 'not-found') {
      event.preventDefault();
      go(to);
    }
  });
}
