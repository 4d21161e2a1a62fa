// The service worker. It keeps the assets of this build and the page, so that the client starts without a
// connection. It never touches /api or the socket. Messages and drafts are kept in IndexedDB.
declare const self: ServiceWorkerGlobalScope;

// The build replaces these two names.
declare const __PRECACHE__: string[];
declare const __VERSION__: string;

const cacheName = `parley-${__VERSION__}`;
const page = '/';
const files = ['/icon.svg', '/icon-unread.svg', '/manifest.webmanifest'];

self.addEventListener('install', (event) => {
  event.waitUntil(caches.open(cacheName).then((cache) => cache.addAll([page, ...__PRECACHE__, ...files])));
});

// Open tabs keep the worker that they started with, so nobody uses the caches of older builds any more.
self.addEventListener('activate', (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) => names.filter((name) => name !== cacheName).map((name) => caches.delete(name)))
      .then((gone) => Promise.all(gone))
      .then(() => self.clients.claim()),
  );
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== self.location.origin) {
    return;
  }
  if (request.mode === 'navigate') {
    if (!url.pathname.startsWith('/api/')) {
      event.respondWith(navigation(request));
    }
  } else if (url.pathname.startsWith('/assets/') || files.includes(url.pathname)) {
    event.respondWith(asset(request));
  }
});

/**
 * The server writes theme and language into the page, so the kept copy is used only when no answer comes, or one of a
 * proxy behind which the server is away: 502, 503, 504, and what hosted proxies say from 520 on.
 */
async function navigation(request: Request): Promise<Response> {
  const fresh = await fetch(request).catch(() => Response.error());
  if (fresh.ok && new URL(request.url).pathname === page) {
    const cache = await caches.open(cacheName);
    await cache.put(page, fresh.clone());
  }
  const lost = fresh.type === 'error' || fresh.status >= 502;
  return (lost && (await caches.match(page))) || fresh;
}

/** The name of an asset contains a hash of its content, so a kept copy never gets old. */
async function asset(request: Request): Promise<Response> {
  const kept = await caches.match(request);
  if (kept) {
    return kept;
  }
  const fresh = await fetch(request);
  if (fresh.ok && new URL(request.url).pathname.startsWith('/assets/')) {
    const cache = await caches.open(cacheName);
    await cache.put(request, fresh.clone());
  }
  return fresh;
}
