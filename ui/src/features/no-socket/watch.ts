// What happens while the server is away: after 3 seconds it is said; after 10 there is a button too, and why no WebSocket
// opens, if that can be found.
import { signal } from '@preact/signals';
import { announce } from '../../kit/announce';
import { closeToast, toast } from '../../kit/toasts';
import { away, awayAfter } from '../../store/session';
import { explain } from './explain';
import { t } from './texts';

const buttonAfter = 10_000;

const network = signal(navigator.onLine);
for (const event of ['online', 'offline']) {
  addEventListener(event, () => {
    network.value = navigator.onLine;
  });
}

/** Whether it is the network or the server, in a few words or in one. Reads signals. */
export function words(short?: boolean): string {
  const d = t();
  return network.value ? d.reconnecting : short ? d.offline : d.offlineNow;
}

/** Until `gone`. Without `since` the server has ended the connection, and the client does not come back by itself. */
export function watch(since: number | undefined, gone: AbortSignal): void {
  const d = t();
  const until = (forget: () => void) => gone.addEventListener('abort', forget);
  if (gone.aborted) {
    return;
  }
  if (since === undefined) {
    const action = { label: d.reload, run: () => location.reload() };
    const said = toast(d.connectionStopped, { kind: 'error', stays: true, action });
    until(() => closeToast(said));
    return;
  }
  const after = (ms: number, act: () => void) => {
    const timer = setTimeout(act, Math.max(0, since + ms - Date.now()));
    until(() => clearTimeout(timer));
  };
  after(awayAfter, () => {
    away.value = 1;
    announce(d.connectionLost, true);
  });
  after(buttonAfter, () => {
    away.value = 2;
    void explain(gone);
  });
}
