// Tells a person about a failure. The texts are no part of the first load: they are fetched ahead.
import { announce } from '../../kit/announce';
import { later } from '../../kit/lazy';
import { toast } from '../../kit/toasts';
import type { Failure } from '../../net/result';

const texts = later(() => import('./failureText').then((it) => it.failureText));

/** Shows a toast that says what went wrong. */
export async function toastFailure(failure: Failure): Promise<void> {
  const text = await texts();
  if (text) {
    toast(text(failure), { kind: 'error' });
  }
}

/** Tells a screen reader at once what went wrong; `say` makes the sentence of the reason. */
export async function announceFailure(failure: Failure, say: (why: string) => string): Promise<void> {
  const text = await texts();
  if (text) {
    announce(say(text(failure)), true);
  }
}
