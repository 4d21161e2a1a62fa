// Registers the service worker, which browsers have on https and localhost only. Offers to reload for a newer
// build.
import { effect } from '@preact/signals';
import { toast } from '../../kit/toasts';
import { server } from '../../store/session';
import { workerURL } from '../../trust';
import { t } from './texts';

/** Called once by main.tsx. */
export function startWorker(): void {
  if (import.meta.env.PROD && 'serviceWorker' in navigator) {
    void navigator.serviceWorker.register(workerURL(), { scope: '/' }).catch(() => {
      // Private windows may refuse it. The client then needs the network to start.
    });
  }
  // The page belongs to an older build, whose chunk the server no longer has.
  addEventListener('vite:preloadError', (event) => {
    event.preventDefault();
    offerReload();
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

let offered = false;

function offerReload(): void {
  if (offered) {
    return;
  }
  offered = true;
  toast(t().newVersion, { action: { label: t().reload, run: () => location.reload() } });
}
