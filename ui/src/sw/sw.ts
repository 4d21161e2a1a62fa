// Keeps the shell of the client for bad connections: assets of this build, and the page for every address.
// It never touches /api or the socket; what people wrote is kept elsewhere.
declare const self: ServiceWorkerGlobalScope;

// The build replaces these two words.
declare const __PRECACHE__: string[];
declare const __VERSION__: string;

const cacheName = `parley-${__VERSION__}`;
const page = '/';
const files = ['/icon.svg', '/manifest.webmanifest'];

self.addEventListener('install', (event) => {
  event.waitUntil(caches.open(cacheName).then((cache) => cache.addAll([page, ...__PRECACHE__, ...files])));
});

// Open tabs keep the worker they started with, so the caches of older builds are unused by now.
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

/** The server's page carries the theme and language of the moment, so the kept copy is only for no answer. */
async function navigation(request: Request): Promise<Response> {
  try {
    const fresh = await fetch(request);
    if (fresh.ok && new URL(request.url).pathname === page) {
      const cache = await caches.open(cacheName);
      await cache.put(page, fresh.clone());
    }
    return fresh;
  } catch {
    return (await caches.match(page)) ?? Response.error();
  }
}

/** Asset names hold a hash of their content: one that is kept is right for ever. */
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
