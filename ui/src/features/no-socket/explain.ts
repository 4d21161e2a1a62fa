// While the server answers and no WebSocket opens: says why, and what to change. It stays until the connection is
// back or the person closes it.
import { closeToast, toast } from '../../kit/toasts';
import { failureText } from '../failures/failureText';
import { t } from './texts';
import { type Reason, whyNoSocket } from './why';

const askEvery = 180_000;

export async function explain(gone: AbortSignal): Promise<void> {
  let said: number | undefined;
  let before = '';
  const forget = () => said && closeToast(said);
  gone.addEventListener('abort', forget);
  while (!gone.aborted) {
    const why = navigator.onLine ? await whyNoSocket(gone) : undefined;
    const text = why ? textOf(why) : '';
    if (!gone.aborted && text !== before) {
      forget();
      said = text ? toast(text, { kind: 'error', stays: true }) : undefined;
      before = text;
    }
    await new Promise((next) => setTimeout(next, askEvery));
  }
}

function textOf(why: Reason): string {
  switch (why) {
    case 'upgrade':
      return t().noSocketUpgrade;
    case 'path':
      return t().noSocketPath;
    default:
      return failureText(why);
  }
}
