// Registers the service worker, which browsers have on https and localhost only. Offers to reload for a newer
// build.
import { effect } from '@preact/signals';
import { fetchAgain } from '../../kit/lazy';
import { toast, toasts } from '../../kit/toasts';
import { awaySince, connection, server } from '../../store/session';
import { workerURL } from '../../trust';
import { toastFailure } from '../failures/tell';
import { t } from './texts';

/** Called once by main.tsx. */
export function startWorker(): void {
  if (import.meta.env.PROD && 'serviceWorker' in navigator) {
    void navigator.serviceWorker.register(workerURL(), { scope: '/' }).catch(() => {
      // Private windows may refuse it. The client then needs the network to start.
    });
  }
  addEventListener('vite:preloadError', (event) => {
    event.preventDefault();
    void codeIsMissing();
  });
  effect(() => {
    if (connection.value === 'online') {
      fetchAgain();
    }
  });
  let version: string | undefined;
  effect(() => {
    const now = server.value?.version;
    if (version !== undefined && now !== undefined && now !== version) {
      offerReload();
    }
    version = now ?? version;
  });
}

/**
 * The page belongs to an older build, whose chunk the server no longer has. Or the server is away, which the socket may
 * not have noticed yet: then a reload would leave nothing.
 */
async function codeIsMissing(): Promise<void> {
  const there = () =>
    fetch('/', { method: 'HEAD' })
      .then(() => true)
      .catch(() => false);
  if (!awaySince.peek() && (await there())) {
    offerReload();
  } else {
    await toastFailure({ code: 'offline' });
  }
}

function offerReload(): void {
  const d = t();
  if (!toasts.peek().some((one) => one.text === d.newVersion)) {
    toast(d.newVersion, { stays: true, action: { label: d.reload, run: () => location.reload() } });
  }
}
