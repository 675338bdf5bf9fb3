/**
 * Cross-origin isolation on hosts that cannot send headers. WebAssembly threads need the page to be isolated, which
 * takes two response headers; on a plain static host this service worker adds them to the page's own files.
 *
 * The file plays both parts. In a page that is not isolated, it registers itself and reloads once. As the service
 * worker, it adds the headers. A page that is isolated already is left alone.
 */
'use strict';

function addIsolationHeaders(response) {
  // Opaque responses and redirects to be followed by the browser cannot be rebuilt, and need not be.
  if (response.status === 0 || response.type === 'opaqueredirect') return response;
  const headers = new Headers(response.headers);
  headers.set('Cross-Origin-Opener-Policy', 'same-origin');
  headers.set('Cross-Origin-Embedder-Policy', 'require-corp');
  const bodiless = response.status === 204 || response.status === 205 || response.status === 304;
  return new Response(bodiless ? null : response.body, {
    status: response.status,
    statusText: response.statusText,
    headers,
  });
}

function serve() {
  self.addEventListener('install', () => self.skipWaiting());
  self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));
  self.addEventListener('fetch', (event) => {
    const { request } = event;
    if (new URL(request.url).origin !== self.location.origin) return;
    // A request that only the cache may answer cannot be fetched from here unless it is same-origin.
    if (request.cache === 'only-if-cached' && request.mode !== 'same-origin') return;
    event.respondWith(fetch(request).then(addIsolationHeaders));
  });
}

async function isolate() {
  const script = document.currentScript.src;
  const marker = 'parallax-isolation-reload';
  if (window.crossOriginIsolated) {
    sessionStorage.removeItem(marker);
    return;
  }
  // Service workers exist in secure contexts only: https, or localhost.
  if (!window.isSecureContext || !('serviceWorker' in navigator)) return;
  // Reloaded already, and still not isolated: the host or the browser forbids it. Never loop.
  if (sessionStorage.getItem(marker) !== null) return;
  await navigator.serviceWorker.register(script);
  await navigator.serviceWorker.ready;
  sessionStorage.setItem(marker, 'yes');
  window.location.reload();
}

if (typeof window === 'undefined') serve();
else
  isolate().catch((error) => {
    console.warn('This page is not cross-origin isolated, so WebAssembly runs on one thread:', error);
  });
