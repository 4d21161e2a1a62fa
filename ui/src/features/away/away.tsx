// What is said while the server is away, in places that are kept free: nothing moves when it comes.
import { effect } from '@preact/signals';
import { isPhone } from '../../kit/layout';
import { later, lazy } from '../../kit/lazy';
import { away, awayAfter, awaySince, connection } from '../../store/session';
import { t } from '../words/texts';

const code = later(() => import('../no-socket/watch'));
const Button = lazy(() => import('../no-socket/Retry').then((it) => it.Retry));

/** The code that says when it is said has more words. This one is for when the connection broke before it had come. */
let words: (short?: boolean) => string = () => t().offline;

/** Follows the connection until the function is called that it returns. */
export function followAway(): () => void {
  return effect(() => {
    const since = awaySince.value;
    away.value = 0;
    if (since !== undefined || connection.value === 'stopped') {
      const gone = new AbortController();
      void code().then((it) => {
        if (it) {
          words = it.words;
          it.watch(since, gone.signal);
        } else {
          setTimeout(() => {
            if (!gone.signal.aborted) {
              away.value = 1;
            }
          }, awayAfter);
        }
      });
      return () => gone.abort();
    }
    return undefined;
  });
}

/** What is said, in a few words or in one. Reads signals. */
export const awayText = (short?: boolean): string | undefined => (away.value ? words(short) : undefined);

/** The button that tries again, once the server has been away for a while. */
export const Retry = () => (away.value === 2 ? <Button /> : null);

/** The button for the parts of a phone: a wide window has one beside the person's name. */
export const PhoneRetry = () => (isPhone.value ? <Retry /> : null);
