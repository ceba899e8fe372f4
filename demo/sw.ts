/**
 * The service worker: answers for the page, its workers and ORT's files from a cache made at
 * installation. Answers keep their headers, so the page stays cross-origin isolated offline. All
 * other requests (the model, say) go to the network as if there were no service worker.
 */
import { clientsClaim } from 'workbox-core';
import {
  addPlugins,
  cleanupOutdatedCaches,
  createHandlerBoundToURL,
  precacheAndRoute,
  type PrecacheEntry,
} from 'workbox-precaching';
import { NavigationRoute, registerRoute } from 'workbox-routing';

declare const self: ServiceWorkerGlobalScope & {
  readonly __WB_MANIFEST: readonly (PrecacheEntry | string)[];
};

addPlugins([
  {
    // Workbox would fetch anew what the page has just loaded; this way the server is only asked
    // whether it has changed.
    requestWillFetch: ({ request }) =>
      Promise.resolve(
        request.cache === 'reload' ? new Request(request, { cache: 'no-cache' }) : request,
      ),
  },
]);
precacheAndRoute([...self.__WB_MANIFEST]);
cleanupOutdatedCaches();
registerRoute(
  new NavigationRoute(createHandlerBoundToURL('index.html'), { denylist: [/\.[a-z]+$/] }),
);

// The first visit is served from the cache too, without a reload.
clientsClaim();

// A newer version waits until the page asks for it: see state/offline.ts.
self.addEventListener('message', ({ data }) => {
  if (data === 'take-over') void self.skipWaiting();
});
