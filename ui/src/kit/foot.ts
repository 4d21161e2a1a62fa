// What stands at the bottom of the open page and must not be covered: the composer, or what is in its place.
import { sessionSignal } from '../perSession';

export const foot = sessionSignal<HTMLElement | null>(null);

/** The `ref` of that element. */
export function footRef(element: HTMLElement | null): void {
  foot.value = element;
}
