// Registers the service worker, where the browser has them (only on https and localhost), and notices a newer build.
import { effect } from '@preact/signals';
import { toast } from '../../kit/toasts';
import { server } from '../../store/session';
import { workerURL } from '../../trust';
import { t } from './texts';

/** Called once by main.tsx. */
export function startWorker(): void {
  if (import.meta.env.PROD && 'serviceWorker' in navigator) {
    void navigator.serviceWorker.register(workerURL(), { scope: '/' }).catch(() => {
      // Private windows may refuse: the client then simply needs the network to start.
    });
  }
  // A chunk of an older build that the server no longer has.
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
